"""What a chart draws: figures on scales, bars, stacks, curves and small lines, as data; each writer draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.results.figures import Flag, Unit, Verdict


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that a reader needs to judge it. A hidden one has no value, and says why in `why`."""

    value: float | None
    unit: Unit
    decimals: int
    flag: Flag = "ok"
    low: float | None = None
    high: float | None = None
    n: int | None = None
    before: float | None = None  # the wave before, only where the test was of these two figures
    verdict: Verdict = "untested"
    why: str = ""
    published: bool = False  # printed by somebody else: no interval, never tested
    of: str = ""  # what a mean is a number of, where the study says it: "minutes"
    letters: str = ""  # the columns that are significantly lower, where the table names them

    @property
    def moved(self) -> bool:
        """A tested change that may bear an arrow."""
        sound = self.flag == "ok" and self.value is not None and not self.published
        return self.verdict in ("up", "down") and sound


@dataclass(frozen=True, slots=True)
class Panel:
    """One column of a panorama: an indicator on its own scale."""

    name: str
    unit_line: str
    low: float
    high: float
    unit: Unit
    decimals: int


@dataclass(frozen=True, slots=True)
class PanoramaRow:
    label: str
    detail: str
    figures: tuple[Figure | None, ...]  # one per panel; None where nothing was observed


@dataclass(frozen=True, slots=True)
class Panorama:
    """Rows (channels, brands, items) by indicators, each on its own scale; `head` is what the rows are."""

    panels: tuple[Panel, ...]
    rows: tuple[PanoramaRow, ...]
    head: str = ""


@dataclass(frozen=True, slots=True)
class StackRow:
    """One bar of 100 %."""

    label: str
    detail: str
    figures: tuple[Figure | None, ...]  # one per part of the stack


@dataclass(frozen=True, slots=True)
class Stack:
    """Bars whose parts sum to 100 %, in the order of the parts.

    `tones` gives each part its colour: a state of its own, or its place between bad and good.
    """

    parts: tuple[str, ...]
    tones: tuple[str, ...]
    rows: tuple[StackRow, ...]
    head: str = ""
    aside: Figure | None = None  # a mean that goes with the bars
    aside_label: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """How many were answered by when: the share at each of a few times, known at these only."""

    times: tuple[str, ...]
    figures: tuple[Figure | None, ...]
    facts: tuple[str, ...] = ()  # the median and the like, in words
    head: str = ""  # what is told by each time: "Resolved within"


@dataclass(frozen=True, slots=True)
class Dot:
    """One thing on two scales, with an interval on each; `cells` are what the table beside the drawing says of it."""

    label: str
    x: Figure
    y: Figure
    cells: tuple[Figure | str, ...]


@dataclass(frozen=True, slots=True)
class Quadrant:
    """Things on two scales, numbered in their order, with a line across the middle of each scale.

    `corners` are the words of the upper corners, left and right; `head` is what the dots are, `columns` the heads of
    their cells.
    """

    dots: tuple[Dot, ...]
    x: Panel
    y: Panel
    middle: tuple[float, float]
    corners: tuple[str, str]
    head: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a figure per wave, and the waves before which it is broken.

    `bands` holds the limits of a whole unbroken run at once, where they are known; else a figure's own interval is
    drawn. `rolling` is the mean of the last waves at each of them.
    """

    label: str
    figures: tuple[Figure | None, ...]
    breaks: tuple[int, ...] = ()
    bands: tuple[tuple[float, float] | None, ...] = ()
    rolling: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Small:
    """One of many small charts: a name, the number now, its change where it is significant, and its line."""

    label: str
    title: str  # the whole name, where the label is cut
    series: Series
    change: str
    base: str
    mark: str = ""  # the number of its note


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small charts of the same waves; `line` is a level that is drawn across all of them."""

    waves: tuple[str, ...]
    cells: tuple[Small, ...]
    line: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares on one axis from 0 to 100 %; `rest` are answers that only the table holds."""

    bars: tuple[Bar, ...]
    unit: Unit
    decimals: int
    rest: tuple[Bar, ...] = ()
    mean: Figure | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of values, and how many have one of them."""

    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How values are spread; `lines` are values drawn across, with their words or without."""

    bins: tuple[Bin, ...]
    unit: str
    lines: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A category's share before and after, one pair to a panel; or the heading of those below it."""

    label: str
    shares: tuple[tuple[float, float], ...] = ()

    @property
    def heading(self) -> bool:
        return not self.shares


@dataclass(frozen=True, slots=True)
class Shifts:
    """Shares before and after, on one scale from 0 to `high`; a panel to each population, named if several."""

    panels: tuple[str, ...]
    rows: tuple[ShiftRow, ...]
    high: float
    head: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A line of a chart's legend."""

    mark: Literal["dot", "ring", "move", "arrow", "fragile", "threshold", "ranks", "printed"]
    text: str
