"""What a report is made of: frozen blocks in reading order. Numbers stay numbers; each writer formats them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.results import Flag, League, Unit, Verdict


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
    before: float | None = None  # the wave before, only where the two were tested against each other
    verdict: Verdict = "untested"
    why: str = ""

    @property
    def moved(self) -> bool:
        """A tested change that may bear an arrow."""
        return self.verdict in ("up", "down") and self.flag == "ok" and self.value is not None


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place of the document."""

    text: str
    anchor: str


Inline = str | Figure | Link
Cell = str | int | Figure | Link | None


@dataclass(frozen=True, slots=True)
class Note:
    """The caption beneath a figure: base, wording, source, method; and the way to the methodology."""

    lines: tuple[str, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The document's headline, with the study and wave above it."""

    text: str
    above: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The start of a part: `short` stands in the navigation, `text` above the part."""

    anchor: str
    short: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    content: tuple[Inline, ...]
    role: Literal["lead", "body", "small"] = "body"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    figure: Figure
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The few numbers that open a report."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    numeric: bool = False
    minor: bool = False  # left out where there is little room


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; one with `head` only is the heading of the lines below it."""

    cells: tuple[Cell, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sub: str = ""
    note: Note | None = None
    folded: str = ""  # the words that unfold it; empty when it lies open
    anchor: str = ""


# charts


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
    panels: tuple[Panel, ...]
    rows: tuple[PanoramaRow, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a figure per wave, and the waves before which it is broken."""

    label: str
    figures: tuple[Figure | None, ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    waves: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit
    decimals: int
    reasons: tuple[tuple[int, str], ...] = ()  # position of the wave that opens a new series, and why


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    high: float
    unit: Unit
    decimals: int


@dataclass(frozen=True, slots=True)
class Key:
    """A line of a chart's legend."""

    mark: Literal["dot", "ring", "move", "arrow", "fragile", "threshold", "ranks"]
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    sub: str
    spec: Panorama | Trend | Bars
    note: Note
    keys: tuple[Key, ...] = ()
    half: bool = False  # two side by side where there is room


@dataclass(frozen=True, slots=True)
class Ranking:
    """A league, its brands named, with what beneath it says of those that are not ranked."""

    title: str
    sub: str
    league: League
    names: tuple[str, ...]  # one per entry
    remarks: tuple[str, ...]  # one per entry: channels that were not tested, or nothing
    unranked: tuple[str, ...]
    note: Note
    keys: tuple[Key, ...] = ()
    anchor: str = ""


Block = Title | Section | Text | Quote | KeyFigures | Table | Chart | Ranking


@dataclass(frozen=True, slots=True)
class Document:
    language: str
    name: str  # of the study
    wave: str
    blocks: tuple[Block, ...]
