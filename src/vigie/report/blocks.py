"""What a report is made of: frozen blocks in reading order. Numbers stay numbers; each writer formats them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vigie.report.drawings import Bars, Curve, Figure, Histogram, Key, Multiples, Panorama, Quadrant, Shifts, Stack
from vigie.results.rankings import League


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place of the document; where indicators have pages of their own, to those of `figures`."""

    text: str
    anchor: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """An expression of the study, as it is written there."""

    text: str


Inline = str | Figure | Link
Cell = str | int | Figure | Link | Code | None


@dataclass(frozen=True, slots=True)
class Note:
    """The caption beneath a figure: base, wording, source, method; and the way to the methodology."""

    lines: tuple[str, ...]
    anchor: str = ""
    folded: tuple[str, ...] = ()  # wordings too many or too long for the paragraph
    figures: tuple[str, ...] = ()  # the indicators that are shown, as `lineage.name` calls them


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
    role: Literal["lead", "body", "small", "warning"] = "body"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words; `hits` are the places of those that were looked for."""

    text: str
    source: str = ""
    hits: tuple[tuple[int, int], ...] = ()
    tone: str = ""  # how it reads: good, bad, mid
    language: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    figure: Figure
    label: str
    detail: str
    title: str = ""  # the whole name, where the label is cut


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
    intervals: bool = False  # whether a figure's interval stands beneath it
    stacked: bool = False  # one card to a row where there is little room


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    sub: str
    spec: Panorama | Multiples | Bars | Stack | Curve | Quadrant | Histogram | Shifts
    note: Note
    keys: tuple[Key, ...] = ()
    half: bool = False  # two side by side where there is room
    anchor: str = ""


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
    half: bool = False  # two side by side where there is room
    decimals: int = 1  # of the scores


@dataclass(frozen=True, slots=True)
class Links:
    """The way to each of many things: a list in columns."""

    title: str
    items: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a long report holds, in order."""

    sections: tuple[Section, ...]
    short: bool = False  # so few that a wide page says them all in its bar


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that open at a click."""

    summary: str
    blocks: tuple[Block, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Concordance:
    """Occurrences of words beneath each other, each in its context; `sources` says where each was written."""

    title: str
    heads: tuple[str, str, str]  # before, the words, after
    lines: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    before: str
    hit: str
    after: str
    source: str


Block = Title | Section | Text | Quote | Concordance | KeyFigures | Table | Chart | Ranking | Links | Contents | Fold


@dataclass(frozen=True, slots=True)
class Document:
    language: str
    name: str  # of the study
    wave: str
    blocks: tuple[Block, ...]
