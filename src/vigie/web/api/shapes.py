"""The shapes of figures as the API gives them: those of `results.json`, held apart so that they stay as they are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from vigie.results.figures import Flag, Source, Unit, Verdict
from vigie.results.tables import Compare

Texts = dict[str, str]  # language -> text
Segment = Annotated[dict[str, str], BeforeValidator(dict)]


class Shape(BaseModel):
    """Read from a record of results."""

    model_config = ConfigDict(from_attributes=True)


class Change(Shape):
    """The difference from the wave before, with its test; only the verdict makes a headline."""

    wave: str
    difference: float | None
    se: float | None
    p: float | None
    p_adjusted: float | None
    verdict: Verdict
    reason: str
    notes: tuple[str, ...]


class Rank(Shape):
    """The ranks that cannot be excluded, among `of`."""

    low: int
    high: int
    of: int
    family: str


class Lineage(Shape):
    """Where a figure comes from."""

    question: Texts
    expression: str
    base: str
    filter: str
    weighting: str
    test: str
    inputs: tuple[str, ...]
    derived: tuple[str, ...]
    base_label: Texts
    coder: str
    note: str


class Estimate(Shape):
    """A figure with its base, its uncertainty and its lineage; a hidden one has no value and no interval."""

    figure: str
    identity: str
    indicator: str
    label: Texts
    source: Source
    grain: str
    wave: str
    segment: Segment
    value: float | None
    unit: Unit
    decimals: int
    se: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    n: int
    n_weighted: float | None
    n_effective: float | None
    design_effect: float | None
    df: float | None
    flag: Flag
    out_of: float | None
    dont_know: float | None
    change: Change | None
    rank: Rank | None
    part: str
    letters: str
    published: bool
    lineage: Lineage


class Entry(Shape):
    """A ranked brand, sector or channel."""

    code: str = Field(validation_alias="brand")
    n: int
    score: float
    se: float
    ci_low: float
    ci_high: float
    flag: Flag
    rank: Rank
    possible_first: bool
    reaches_threshold: Literal["yes", "no", "unsure"] | None
    absent_channels: tuple[str, ...]


class Unranked(Shape):
    """One that is listed but not ranked, and why."""

    code: str = Field(validation_alias="brand")
    n: int
    reason: str


class Ranking(Shape):
    """Brands, sectors or channels in the order of their scores; `first` is said of one that nobody can displace."""

    family: str
    of: Literal["brand", "sector", "channel"]
    source: Source
    indicator: str
    sets: Literal["simultaneous", "marginal"]
    level: float
    out_of: float
    threshold: float | None
    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    verdict: Literal["first", "tied", "none"]
    winners: tuple[str, ...]


class Score(Shape):
    """The mystery score of a brand on a channel; of "*", the mean of the other brands of the reader's sector."""

    brand: str
    channel: str
    n: int
    score: float | None
    se: float | None


class Coder(Shape):
    """How often the automatic reading of texts agrees with what their authors said in numbers."""

    coder: str
    against: str
    n: int
    balanced_accuracy: float
    ci_low: float
    ci_high: float
    not_analysable: float


class Head(Shape):
    """A column of a table, with the letter by which others name it."""

    variable: str
    code: str
    label: Texts
    letter: str
    n: int
    n_weighted: float
    n_effective: float


class Line(Shape):
    """A line of a table: a figure to a column."""

    label: Texts
    kind: Literal["option", "net", "box", "mean", "median", "base"]
    cells: tuple[Estimate | None, ...]


class Independence(Shape):
    """The test of a whole table."""

    variable: str
    F: float
    ndf: float
    ddf: float
    p: float


class Cell(Shape):
    """What stands in a table of a page: words, or a figure with its interval; a hidden figure has no value."""

    text: str | None = None
    value: float | None = None
    unit: Unit | None = None
    decimals: int | None = None
    flag: Flag | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    letters: str = ""


class Printed(Shape):
    """A table as the pages of the wave show it, in the language that was asked for."""

    title: str
    sub: str
    columns: list[str]
    rows: list[list[Cell]]
    notes: list[str]


class Crosstab(Shape):
    """A table that was asked for."""

    title: Texts
    wave: str
    rows: str
    base: str
    filter: str
    adjust: Literal["holm", "bh", "none"]
    level: float
    minor: float
    compare: Compare
    variables: dict[str, Texts]
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    independence: tuple[Independence, ...]
