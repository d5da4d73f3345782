"""How a file made elsewhere is read: names and codes are mapped by the study, never by editing the data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.text import Code, Id, Model


def _codes(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else value


Codes = Annotated[list[Code], BeforeValidator(_codes)]


class Column(Model):
    """Where a value comes from.

    `from` names a column, or a pattern with `{option}`, `{channel}`, `{brand}` or `{criterion}`; `codes` and `options`
    map the file's codes (or labels) to the study's; `chosen` are the cells that mean *yes* in a column per option;
    `delimiter` splits one cell that lists several options; `labels: true` reads the option's label instead of its code.
    """

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: str | list[str] | None = Field(default=None, alias="from")
    position: int | None = Field(default=None, ge=1)  # the column's number, where headers repeat
    codes: dict[Code, Code] = {}
    options: dict[Code, Code] = {}
    chosen: Codes | None = None
    not_chosen: Codes | None = None
    delimiter: str | None = Field(default=None, min_length=1)
    labels: bool = False
    ignore: Codes = []  # cells that stand for an empty one
    order: Literal["ymd", "dmy", "mdy", "excel"] | None = None
    decimal: Literal[".", ","] | None = None
    unit: Literal["s", "min", "h"] | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Column:
        if (self.from_ is None) == (self.position is None):
            raise ValueError("a column is named by `from:` or counted by `position:`, one of them")
        return self


def _column(value: Any) -> Any:
    return {"from": value} if isinstance(value, (str, list)) else value


ColumnMap = Annotated[Column, BeforeValidator(_column)]


class Reading(Model):
    """How the bytes become a table; whatever is not said is recognised."""

    separator: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    sheet: str | int | None = None
    header_row: int = Field(default=1, ge=1)
    decimal: Literal[".", ","] | None = None
    dates: Literal["ymd", "dmy", "mdy", "excel"] | None = None
    keep: str | None = None  # an expression over the file's own columns: which rows are valid


class SurveyImport(Reading):
    """A survey file: one row per respondent."""

    respondent: ColumnMap | None = None
    weight: ColumnMap | None = None  # a base (design) weight
    stratum: ColumnMap | None = None
    started_at: ColumnMap | None = None
    duration: ColumnMap | None = None
    columns: dict[Id, ColumnMap] = {}


class TestsImport(Reading):
    """A file of mystery tests: one row per test, one column per criterion."""

    test: ColumnMap
    brand: ColumnMap
    channel: ColumnMap | None = None
    only_channel: Id | None = None  # where the file has one channel and does not say so
    outcome: ColumnMap | None = None
    scenario: ColumnMap | None = None
    tester: ColumnMap | None = None
    slot: ColumnMap | None = None
    sent_at: ColumnMap | None = None
    acknowledged_at: ColumnMap | None = None
    answered_at: ColumnMap | None = None
    marks: ColumnMap = Column.model_validate({"from": "{criterion}"})
    not_applicable: Codes = ["na", "NA", "n/a", "N/A"]

    @model_validator(mode="after")
    def _channel(self) -> TestsImport:
        if (self.channel is None) == (self.only_channel is None):
            raise ValueError(
                "the channel is in a column (`channel:`) or the same for all (`only_channel:`), one of them"
            )
        return self


AnyImport = SurveyImport | TestsImport
