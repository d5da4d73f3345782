"""How a file made elsewhere is read: names and codes are mapped by the study, never by editing the data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.text import Code, Id, Model


def _codes(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else value


Codes = Annotated[list[Code], BeforeValidator(_codes, json_schema_input_type=str | float | list[str | float])]


class Column(Model):
    """Where a value comes from.

    `from` names a column, or a pattern with `{option}`, `{channel}`, `{brand}` or `{criterion}`; `codes` and `options`
    map the file's codes (or labels) to the study's; `chosen` are the cells that mean *yes* in a column per option;
    `delimiter` splits one cell that lists several options; `labels: true` reads the option's label instead of its code.
    """

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: str | list[str] | None = Field(default=None, alias="from")
    """a column's name, a pattern with `{option}`, `{channel}`, `{brand}` or `{criterion}`, or a list of columns"""
    position: int | None = Field(default=None, ge=1)
    """a column's number from 1, where headers repeat"""
    codes: dict[Code, Code] = {}
    """the file's codes or labels, each with the study's code"""
    options: dict[Code, Code] = {}
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
    started_at: ColumnMap | None = None
    """when the interview began"""
    duration: ColumnMap | None = None
    """how long it took"""
    columns: dict[Id, ColumnMap] = {}
    """where each question stands; questions not listed bear their own names"""


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


AnyImport = SurveyImport | TestsImport
