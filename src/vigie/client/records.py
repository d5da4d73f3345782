"""What a site tells, as frozen records: figures as in `results.json`, studies, waves, runs.

Shares are between 0 and 1, NPS between -1 and 1, means and scores in the unit of their scale. A hidden figure has no
value, no interval and no standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Texts = Mapping[str, str]  # language -> text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, what to do, and where in a study's own files."""

    code: str
    message: str
    hint: str = ""
    where: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.where and f"{self.where}:", self.message, self.hint) if part)


@dataclass(frozen=True, slots=True)
class Membership:
    organisation: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Me:
    """Who the token acts for, and what it may be used for."""

    email: str
    name: str
    token: str
    scopes: tuple[str, ...]
    expires: datetime
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Study:
    organisation: str
    study: str
    title: Texts
    role: str | None  # none: read as everybody reads it
    waves: tuple[str, ...]  # those that you see, in the order of the study

    @property
    def key(self) -> str:
        """By which the other calls name it."""
        return f"{self.organisation}/{self.study}"


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave, by the release of it that you see."""

    wave: str
    release: str
    made: datetime
    published: datetime | None
    withdrawn: datetime | None
    audience: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Release(Wave):
    """A release of a wave, shown to readers or not."""

    version: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """What there are figures of."""

    indicator: str
    label: Texts
    source: str
    unit: str
    dimensions: tuple[str, ...]
    estimates: int


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the wave before; only its verdict (up, down, none, break, untested) is a finding."""

    wave: str
    difference: float | None
    se: float | None
    p: float | None
    p_adjusted: float | None
    verdict: str
    reason: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """The ranks that cannot be excluded, among `of`."""

    low: int
    high: int
    of: int
    family: str


@dataclass(frozen=True, slots=True)
class Lineage:
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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its base, its uncertainty and its lineage."""

    figure: str
    identity: str
    indicator: str
    label: Texts
    source: str
    grain: str
    wave: str
    segment: Mapping[str, str]
    value: float | None
    unit: str
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
    flag: str  # ok, fragile or hidden
    out_of: float | None
    dont_know: float | None
    change: Change | None
    rank: Rank | None
    part: str
    letters: str
    published: bool
    lineage: Lineage


@dataclass(frozen=True, slots=True)
class Entry:
    """A ranked brand, sector or channel."""

    code: str
    n: int
    score: float
    se: float
    ci_low: float
    ci_high: float
    flag: str
    rank: Rank
    possible_first: bool
    reaches_threshold: str | None
    absent_channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unranked:
    """One that is listed but not ranked, and why."""

    code: str
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Brands, sectors or channels in the order of their scores."""

    family: str
    of: str
    source: str
    indicator: str
    sets: str
    level: float
    out_of: float
    threshold: float | None
    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    verdict: str  # first, tied or none
    winners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The mystery score of a brand on a channel; of "*", the mean of the other brands of the reader's sector."""

    brand: str
    channel: str
    n: int
    score: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table, with the letter by which others name it."""

    variable: str
    code: str
    label: Texts
    letter: str
    n: int
    n_weighted: float
    n_effective: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a figure to a column."""

    label: Texts
    kind: str
    cells: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class Independence:
    """The test of a whole table: whether its rows depend on a variable of its columns."""

    variable: str
    F: float
    ndf: float
    ddf: float
    p: float


@dataclass(frozen=True, slots=True)
class Crosstab:
    """A table that was asked for."""

    title: Texts
    wave: str
    rows: str
    base: str
    filter: str
    adjust: str
    level: float
    minor: float
    compare: str
    variables: Mapping[str, Texts]  # what the columns are of
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    independence: tuple[Independence, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table of a page: words, or a figure with its interval; a hidden figure has no value."""

    text: str | None
    value: float | None
    unit: str | None
    decimals: int | None
    flag: str | None
    low: float | None
    high: float | None
    n: int | None
    letters: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as the pages of the wave show it, in the language of the site's client."""

    title: str
    sub: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A redacted text, with where it was written and, of a review, what must stand beside it."""

    source: str
    question: str
    text: str
    language: str
    channel: str
    brands: tuple[str, ...]
    polarity: str
    intensity: float | None
    stars: float | None
    published: date | None
    experienced: date | None
    solicited: str
    verified: str
    replied: str


@dataclass(frozen=True, slots=True)
class File:
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a version of a study; its log where one run was asked for."""

    run: int
    version: int
    state: str  # queued, running, done, failed or cancelled
    step: str
    by: str | None
    queued: datetime
    started: datetime | None
    ended: datetime | None
    problems: tuple[Problem, ...]
    log: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")
