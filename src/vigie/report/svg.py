"""A small canvas: shapes with classes (the colours are the page's), text that is measured, cut and never overlaps."""

from __future__ import annotations

import functools
import html
from collections.abc import Iterable, Sequence
from typing import Literal

WIDE, HALF, NARROW = 1040, 500, 340  # drawn widths: across the page, half of it, a telephone

Anchor = Literal["start", "middle", "end"]
Points = Iterable[tuple[float, float]]

# Widths in ems of a broad sans serif: a label that fits here fits in every font of the page's stack.
_EMS = {
    **dict.fromkeys("iljI.,:;'’|!·\u00a0 ", 0.32),
    **dict.fromkeys("tfr()[]/-\u202f–", 0.4),
    **dict.fromkeys("mwMW@%—…", 0.95),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZÉÈÀÇ&", 0.72),
}


@functools.lru_cache(maxsize=16384)
def measure(text: str, size: float = 13, *, bold: bool = False) -> float:
    """About how wide a text is, in the units of the drawing; rather too much than too little."""
    ems = sum(_EMS.get(c, 0.6 if ord(c) < 0x2E80 else 1.0) for c in text)
    return ems * size * (1.09 if bold else 1.0)


def cut(text: str, width: float, size: float = 13, *, bold: bool = False) -> str:
    """The text, or as much of it as the width holds, with an ellipsis."""
    if measure(text, size, bold=bold) <= width:
        return text
    while text and measure(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, width: float, size: float = 13, *, lines: int = 2, bold: bool = False) -> list[str]:
    """The text on at most so many lines; the last is cut."""
    words, found = text.split(" "), [""]
    while words:
        word = words.pop(0)
        longer = f"{found[-1]} {word}".strip()
        if not found[-1] or measure(longer, size, bold=bold) <= width:
            found[-1] = longer
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], word, *words])
            break
    return [cut(line, width, size, bold=bold) for line in found]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels as near as can be to where they are wanted, at least `gap` apart, in the same order."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [wanted[i] for i in order]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    excess = max(0.0, places[-1] - high) if places else 0.0
    for i in reversed(range(len(places))):
        ceiling = high if i == len(places) - 1 else places[i + 1] - gap
        places[i] = min(places[i], ceiling) if excess else places[i]
    shift = max(0.0, low - places[0]) if places else 0.0
    found = [0.0] * len(wanted)
    for i, place in zip(order, places, strict=True):
        found[i] = place + shift
    return found


class Canvas:
    """A drawing of a fixed width in user units; it grows downward as it is drawn."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def text(self, x: float, y: float, body: str, css: str = "", anchor: Anchor = "start", *, whole: str = "") -> None:
        """A line of text; `whole` is what it would have been uncut, shown on hovering."""
        full = f"<title>{html.escape(whole)}</title>" if whole and whole != body else ""
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}"{_class(css)}{place}>{html.escape(body)}{full}</text>')

    def label(self, x: float, y: float, body: str, width: float, css: str = "") -> None:
        """A text cut to a width; small where its class says so."""
        kind = css.split()
        self.text(x, y, cut(body, width, 12 if "s" in kind else 13, bold="h" in kind), css, whole=body)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        self._parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{_class(css)}/>')

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"{_class(css)}/>')

    def box(self, x: float, y: float, width: float, height: float, css: str, *, round_: float = 0) -> None:
        corner = f' rx="{round_:g}"' if round_ else ""
        size = f'width="{max(width, 0):.1f}" height="{height:.1f}"'
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size}{corner}{_class(css)}/>')

    def polyline(self, points: Points, css: str) -> None:
        self._parts.append(f'<polyline points="{_points(points)}"{_class(css)}/>')

    def polygon(self, points: Points, css: str) -> None:
        self._parts.append(f'<polygon points="{_points(points)}"{_class(css)}/>')

    def render(self, height: float, label: str, css: str) -> str:
        """The drawing as an element whose name a screen reader says; its figures are in the table beside it."""
        opening = f'<svg class="{css}" viewBox="0 0 {self.width:g} {height:.0f}" role="img"'
        return f'{opening} aria-label="{html.escape(label)}">{"".join(self._parts)}</svg>'


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


def _points(points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
