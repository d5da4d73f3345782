"""How a file made elsewhere is read: names and codes are mapped by the study, never by editing the data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.results.figures import Source
from vigie.study.text import CellText, Code, Id, Model


def _codes(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else value


def _stripped(value: Any) -> Any:
    """Headers are read without the spaces around them, and so are the names that stand for them."""
    if isinstance(value, list):
        return [v.strip() if isinstance(v, str) else v for v in value]
    return value.strip() if isinstance(value, str) else value


Codes = Annotated[list[CellText], BeforeValidator(_codes, json_schema_input_type=str | float | list[str | float])]


class Column(Model):
    """Where a value comes from.

    `from` names a column, or a pattern with `{option}`, `{channel}`, `{brand}`, `{item}` or `{criterion}`; `codes` and
    `options` map the file's codes (or labels) to the study's; `chosen` are the cells that mean *yes* in a column per
    option; `delimiter` splits one cell that lists several options; `labels: true` reads the option's label instead of
    its code.
    """

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: Annotated[str | list[str] | None, BeforeValidator(_stripped)] = Field(default=None, alias="from")
    """a column's name, a pattern with `{option}`, `{item}`, `{channel}`, `{brand}` or `{criterion}`, or a list"""
    position: int | None = Field(default=None, ge=1)
    """a column's number from 1, where headers repeat"""
    codes: dict[CellText, Code] = {}
    """the file's codes or labels, each with the study's code"""
    options: dict[CellText, Code] = {}
    """what stands for each option (or channel, brand, criterion) in the pattern"""
    chosen: Codes | None = None
    """cells that mean *yes* in a column per option"""
    not_chosen: Codes | None = None
    """cells that mean *no*"""
    delimiter: str | None = Field(default=None, min_length=1)
    """what separates several codes in one cell"""
    labels: bool = False
    """whether cells hold labels instead of codes"""
    ignore: Codes = []
    """cells to be read as empty"""
    order: Literal["ymd", "dmy", "mdy", "excel"] | None = None
    """the order of day, month and year"""
    decimal: Literal[".", ","] | None = None
    """the decimal mark"""
    unit: Literal["s", "min", "h"] | None = None
    """the unit of a duration; the number is read as one"""
    clock: Literal["ms", "hm"] = "ms"
    """what `01:30` is: minutes and seconds (`ms`), or hours and minutes (`hm`)"""
    join: str | None = Field(default=None, max_length=5)
    """what is put between the cells of several columns that make one value together: a country and a code"""

    @model_validator(mode="after")
    def _somewhere(self) -> Column:
        if (self.from_ is None) == (self.position is None):
            raise ValueError("a column is named by `from:` or counted by `position:`, one of them")
        return self


def _column(value: Any) -> Any:
    return {"from": value} if isinstance(value, (str, list)) else value


ColumnMap = Annotated[Column, BeforeValidator(_column, json_schema_input_type=str | list[str] | Column)]


class Reading(Model):
    """How the bytes become a table; whatever is not said is recognised."""

    separator: str | None = Field(default=None, min_length=1, max_length=1)
    """what separates columns; recognised unless given"""
    encoding: str | None = None
    """the encoding; recognised unless given"""
    sheet: str | int | None = None
    """the sheet of a workbook, by name or number"""
    header_row: int = Field(default=1, ge=1)
    """the row that holds the headers"""
    decimal: Literal[".", ","] | None = None
    """the decimal mark; recognised unless given"""
    dates: Literal["ymd", "dmy", "mdy", "excel"] | None = None
    """the order of dates; recognised unless given"""
    keep: str | None = None
    """an expression over the file's own columns: which rows are valid"""


class SurveyImport(Reading):
    """A survey file: one row per respondent."""

    respondent: ColumnMap | None = None
    """the respondent's id"""
    weight: ColumnMap | None = None
    """a base (design) weight"""
    stratum: ColumnMap | None = None
    """the stratum of the sample"""
    cluster: ColumnMap | None = None
    """what was drawn together within the stratum: a household, a school, a district; people unless given"""
    fpc: ColumnMap | None = None
    """how many clusters (or people) the stratum has in the population, or what fraction of them was drawn"""
    lonely: Literal["adjust", "certainty", "fail"] = "adjust"
    """what a stratum of one cluster (or person) adds to the variance: its distance from the mean of all (`adjust`),
    nothing (`certainty`), or no run at all (`fail`)"""
    started_at: ColumnMap | None = None
    """when the interview began"""
    duration: ColumnMap | None = None
    """how long it took"""
    status: ColumnMap | None = None
    """whether the interview is `complete`, `partial` or `screened_out`"""
    columns: dict[Id, ColumnMap] = {}
    """where each question stands; questions not listed bear their own names; of a grid, the pattern holds `{item}`"""
    specify: dict[Id, ColumnMap] = {}
    """where the words of "other, please specify" stand, by question; `{option}` for several (`question.option.text`)"""


class TestsImport(Reading):
    """A file of mystery tests: one row per test, one column per criterion."""

    test: ColumnMap
    """the test's id"""
    brand: ColumnMap
    """the brand, by id, code, name or alias"""
    channel: ColumnMap | None = None
    """the channel, by id, code or label"""
    only_channel: Id | None = None
    """the channel of all rows, where the file does not say it"""
    outcome: ColumnMap | None = None
    """`answered`, `unanswered` or `invalid`"""
    scenario: ColumnMap | None = None
    """the scenario played"""
    tester: ColumnMap | None = None
    """a key of the tester, never a name"""
    slot: ColumnMap | None = None
    """the time slot"""
    sent_at: ColumnMap | None = None
    """when the test was sent or begun"""
    acknowledged_at: ColumnMap | None = None
    """when an automatic acknowledgement came"""
    answered_at: ColumnMap | None = None
    """when a person answered"""
    censored_at: ColumnMap | None = None
    """until when an answer was waited for"""
    columns: dict[Id, ColumnMap] = {}
    """where each question of `mystery: questions:` stands"""
    marks: ColumnMap = Column.model_validate({"from": "{criterion}"})
    """where the criteria stand"""
    not_applicable: Codes = ["na", "NA", "n/a", "N/A"]
    """cells that mean *not applicable*"""

    @model_validator(mode="after")
    def _channel(self) -> TestsImport:
        if (self.channel is None) == (self.only_channel is None):
            raise ValueError(
                "the channel is in a column (`channel:`) or the same for all (`only_channel:`), one of them"
            )
        return self


class ReviewsImport(Reading):
    """A file of reviews: one row per review, with the fields of ISO 20488."""

    review: ColumnMap | None = None
    """the review's id; its row in the file unless given"""
    brand: ColumnMap
    """the brand, by id, code, name or alias; several with a `delimiter:`"""
    stars: ColumnMap | None = None
    """the mark; a review may have none"""
    text: ColumnMap | None = None
    """what it says; redacted before it is kept"""
    title: ColumnMap | None = None
    """its title, which is put before the text"""
    author: ColumnMap | None = None
    """a key of the author; it is kept as a number only"""
    channel: ColumnMap | None = None
    """the channel that it tells of"""
    platform: ColumnMap | None = None
    """where it was published"""
    only_platform: str | None = None
    """the platform of all rows, where the file does not say it"""
    solicited: ColumnMap | None = None
    """whether it was asked for: cells for yes and no, mapped by `codes:` where they say otherwise"""
    verified: ColumnMap | None = None
    """whether the experience was verified"""
    moderation: ColumnMap | None = None
    """`published`, `refused` or `pending`; only published reviews count"""
    experience_on: ColumnMap | None = None
    """the day of the experience"""
    published_on: ColumnMap | None = None
    """the day of publication; relative dates ("il y a 3 jours") count from `collected_on`"""
    collected_on: ColumnMap | None = None
    """the day on which it was collected"""
    replied: ColumnMap | None = None
    """whether the brand replied: cells for yes and no, or the reply itself (which is not kept)"""
    replied_at: ColumnMap | None = None
    """when the brand replied"""
    columns: dict[Id, ColumnMap] = {}
    """where each question of `reviews: questions:` stands"""


class LogImport(Reading):
    """A contact log: one row per event of a case (`kind` and `at`), or one row per case or call."""

    case: ColumnMap
    """the case's or the call's id"""
    kind: ColumnMap | None = None
    """the kind of event: `opened`, `first_response`, `message`, `transferred`, `resolved`, `reopened`, `abandoned`,
    `closed`, mapped by `codes:`; other events may be mapped to `other`"""
    at: ColumnMap | None = None
    """when the event happened; of a file of cases, when the case was opened"""
    time: ColumnMap | None = None
    """the time of day, where it stands in a column beside the day"""
    channel: ColumnMap | None = None
    """the channel of the event or of the case"""
    only_channel: Id | None = None
    """the channel of all rows, where the file does not say it"""
    brand: ColumnMap | None = None
    """the brand, where the desk serves several"""
    answered: ColumnMap | None = None
    """of a file of cases: whether somebody answered (a call that nobody answered was abandoned)"""
    resolved: ColumnMap | None = None
    """of a file of cases: whether it was resolved"""
    wait: ColumnMap | None = None
    """of a file of cases: how long until somebody answered"""
    handling: ColumnMap | None = None
    """of a file of cases: how long it was dealt with"""
    resolved_at: ColumnMap | None = None
    """of a file of cases: when it was resolved"""
    columns: dict[Id, ColumnMap] = {}
    """where each question of `log: questions:` stands; of a file of events, the case's first cell counts"""

    @model_validator(mode="after")
    def _whole(self) -> LogImport:
        if self.kind is not None and self.at is None:
            raise ValueError("an event has its moment: `at:`")
        if self.channel is not None and self.only_channel is not None:
            raise ValueError("the channel is in a column (`channel:`) or the same for all (`only_channel:`), not both")
        return self


AnyImport = SurveyImport | TestsImport | ReviewsImport | LogImport
IMPORTS: dict[Source, type[AnyImport]] = {
    "survey": SurveyImport, "mystery": TestsImport, "reviews": ReviewsImport, "log": LogImport,
}  # fmt: skip
TELLING: dict[Source, tuple[str, ...]] = {  # keys by which an import is told from the others
    "mystery": ("test", "marks", "outcome", "tester"), "log": ("case",),
    "reviews": ("brand", "stars", "platform", "only_platform", "published_on", "review"),
}  # fmt: skip


def source_of(item: AnyImport) -> Source:
    """The source that an import reads."""
    return next(source for source, shape in IMPORTS.items() if isinstance(item, shape))
