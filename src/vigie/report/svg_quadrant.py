"""Dots on two scales with an interval on each: numbered, and named where there is room beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, dist, sin, tau

from vigie.language import Words
from vigie.report.drawings import Dot, Figure, Panel, Quadrant
from vigie.report.svg import NARROW, Anchor, Canvas, cut, measure

WIDTH = 620  # beside the table of the figures
LEFT, TOP, BOTTOM = 40, 34, 46
RADIUS, GAP, LINE = 9, 14, 15
LONGEST = 200  # of a name beside its dot
APART = 2 * RADIUS + 4  # between the middles of two dots, so that no number is covered
STEP, TURNS, RINGS = 3, 24, 300  # where else a dot may stand: places on rings about its own, 3 units apart
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class _Plot:
    """The stretch of the drawing between the axes."""

    x: Panel
    y: Panel
    left: float
    top: float
    right: float
    bottom: float

    def across(self, value: float) -> float:
        return self.left + _part(value, self.x) * (self.right - self.left)

    def up(self, value: float) -> float:
        return self.bottom - _part(value, self.y) * (self.bottom - self.top)

    def at(self, dot: Dot) -> Point:
        return self.across(dot.x.value or 0.0), self.up(dot.y.value or 0.0)

    def holds(self, at: Point) -> bool:
        """Whether a whole dot has room there."""
        inside = self.left + RADIUS <= at[0] <= self.right - RADIUS
        return inside and self.top + RADIUS <= at[1] <= self.bottom - RADIUS


def wide(spec: Quadrant, words: Words, label: str) -> str:
    """Dots with their names, as far as these do not run over each other."""
    plot = _Plot(spec.x, spec.y, LEFT, TOP, WIDTH - 12, 440 - BOTTOM)
    return _draw(Canvas(WIDTH), spec, plot, words, label, "wide", named=True)


def narrow(spec: Quadrant, words: Words, label: str) -> str:
    """Dots with their numbers; the table beneath has the names."""
    plot = _Plot(spec.x, spec.y, 34, TOP, NARROW - 10, 330 - BOTTOM)
    return _draw(Canvas(NARROW), spec, plot, words, label, "narrow", named=False)


def _draw(canvas: Canvas, spec: Quadrant, plot: _Plot, words: Words, label: str, css: str, *, named: bool) -> str:
    places = _placed(spec.dots, plot)
    taken = [_around(*at) for at in places]
    _axes(canvas, plot, words)
    taken += list(_corners(canvas, spec, plot, taken))
    for dot in spec.dots:
        _crossed(canvas, plot, dot)
    for dot, at in zip(spec.dots, places, strict=True):
        if at != (true := plot.at(dot)):
            canvas.line(*at, *true, "leader")
            canvas.circle(*true, 2, "spot")
    for number, (dot, (x, y)) in enumerate(zip(spec.dots, places, strict=True), start=1):
        dim = _dim(dot.y)
        canvas.circle(x, y, RADIUS, f"dot{dim}")
        canvas.text(x, y + 4, str(number), f"number{dim}", "middle")
        if named:
            _name(canvas, plot, dot, (x, y), taken)
    return canvas.render(plot.bottom + BOTTOM, label, css)


def _placed(dots: Sequence[Dot], plot: _Plot) -> list[Point]:
    """Where each dot is drawn: at its place, or as near as can be where it would cover another one's number.

    A line then leads to its place. Dots that stand clear of those before them stay, so that few are moved.
    """
    places = [plot.at(dot) for dot in dots]
    stay: list[int] = []
    for i, at in enumerate(places):
        if _clear(at, [places[k] for k in stay]):
            stay.append(i)
    drawn = [places[k] for k in stay]
    for i in sorted(set(range(len(places))) - set(stay)):
        places[i] = next((at for at in _near(places[i]) if plot.holds(at) and _clear(at, drawn)), places[i])
        drawn.append(places[i])
    return places


def _near(at: Point) -> Iterator[Point]:
    """Places about a point, on rings that widen."""
    for ring in range(1, RINGS):
        for turn in range(TURNS):
            angle = turn / TURNS * tau
            yield at[0] + STEP * ring * cos(angle), at[1] - STEP * ring * sin(angle)


def _clear(at: Point, others: Iterable[Point]) -> bool:
    return all(dist(at, other) >= APART for other in others)


def _axes(canvas: Canvas, plot: _Plot, words: Words) -> None:
    """A rule at the ends and the middle of each scale, with their values; the names of the scales."""
    for value, text in _ticks(plot.x, words):
        at = plot.across(value)
        canvas.line(at, plot.top, at, plot.bottom, "rule")
        canvas.text(at, plot.bottom + 16, text, "tick", "middle")
    for value, text in _ticks(plot.y, words):
        at = plot.up(value)
        canvas.line(plot.left, at, plot.right, at, "rule")
        canvas.text(plot.left - 7, at + 4, text, "tick", "end")
    canvas.text(0, 13, f"↑ {plot.y.name}", "s")
    canvas.text(plot.right, plot.bottom + 36, f"{plot.x.name} →", "s", "end")


def _ticks(panel: Panel, words: Words) -> Iterator[tuple[float, str]]:
    for value in (panel.low, (panel.low + panel.high) / 2, panel.high):
        digits = 0 if panel.unit == "share" or value == round(value) else 1
        yield value, words.bare(value, panel.unit, digits)


def _corners(canvas: Canvas, spec: Quadrant, plot: _Plot, dots: Sequence[Box]) -> Iterator[Box]:
    """The lines across the middle, and the words of the upper corners where no dot stands on them."""
    x, y = plot.across(spec.middle[0]), plot.up(spec.middle[1])
    canvas.line(x, plot.top, x, plot.bottom, "level")
    canvas.line(plot.left, y, plot.right, y, "level")
    corners: tuple[tuple[str, float, Anchor, float], ...] = (
        (spec.corners[0], plot.left + 7, "start", x - plot.left),
        (spec.corners[1], plot.right - 7, "end", plot.right - x),
    )
    for text, at, anchor, room in corners:
        box = _box(text, at, plot.top + 16, anchor, 12)
        if measure(text, 12) + 14 <= room and not any(_meet(box, dot) for dot in dots):
            canvas.text(at, plot.top + 16, text, "s", anchor)
            yield box


def _crossed(canvas: Canvas, plot: _Plot, dot: Dot) -> None:
    """The intervals of a dot on both scales."""
    x, y = plot.at(dot)
    dim = _dim(dot.y)
    if dot.x.low is not None and dot.x.high is not None:
        canvas.line(plot.across(dot.x.low), y, plot.across(dot.x.high), y, f"ci{dim}")
    if dot.y.low is not None and dot.y.high is not None:
        canvas.line(x, plot.up(dot.y.low), x, plot.up(dot.y.high), f"ci{dim}")


def _name(canvas: Canvas, plot: _Plot, dot: Dot, where: Point, taken: list[Box]) -> None:
    """The name at the first place about the dot, as it is drawn, that is free; nowhere, where none is."""
    x, y = where
    text = cut(dot.label, LONGEST)
    beside, above = RADIUS + 5, RADIUS + 7
    places: Sequence[tuple[float, float, Anchor]] = (
        (x + beside, y - 6, "start"), (x - beside, y - 6, "end"), (x + beside, y + GAP, "start"),
        (x - beside, y + GAP, "end"), (x, y - above, "middle"), (x, y + above + 9, "middle"),
    )  # fmt: skip
    for at, line, anchor in places:
        box = _box(text, at, line, anchor, 13)
        inside = box[0] >= plot.left and box[2] <= plot.right and box[1] >= plot.top and box[3] <= plot.bottom
        if inside and not any(_meet(box, other) for other in taken):
            canvas.text(at, line, text, "named", anchor, whole=dot.label)
            taken.append(box)
            return


def _box(text: str, x: float, y: float, anchor: Anchor, size: float) -> Box:
    """The room that a line of text takes."""
    width = measure(text, size)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - size, left + width, y + 4


def _around(x: float, y: float) -> Box:
    return x - RADIUS - 1, y - RADIUS - 1, x + RADIUS + 1, y + RADIUS + 1


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _part(value: float, panel: Panel) -> float:
    return min(max((value - panel.low) / (panel.high - panel.low), 0.0), 1.0)


def _dim(figure: Figure) -> str:
    return " fragile" if figure.flag == "fragile" else ""
