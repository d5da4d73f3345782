"""Lines over the waves, broken where two waves cannot be compared, with their intervals as bands."""

from __future__ import annotations

import math

from vigie.language import Words
from vigie.report.blocks import Figure, Series, Trend
from vigie.report.scales import nice_step
from vigie.report.svg import HALF, NARROW, Canvas, cut, measure, spread, wrap

HEAD, PLOT = 44, 216


def wide(spec: Trend, words: Words, label: str) -> str:
    return _draw(spec, words, label, HALF, "wide")


def narrow(spec: Trend, words: Words, label: str) -> str:
    return _draw(spec, words, label, NARROW, "narrow")


class _Plane:
    """Where a wave and a value lie."""

    def __init__(self, spec: Trend, left: float, right: float, width: float) -> None:
        self.left, self.right = left, width - right
        self.low, self.high, self.step = _scale(spec)
        self.count = len(spec.waves)
        self.top = HEAD if spec.reasons else 14

    def x(self, wave: float) -> float:
        # the first and last points keep clear of the edges, so that ticks and labels do not touch them
        inner = self.right - self.left - 24
        return self.left + 12 + (inner * wave / (self.count - 1) if self.count > 1 else inner / 2)

    def y(self, value: float) -> float:
        return self.top + PLOT * (1 - (value - self.low) / (self.high - self.low))


def _draw(spec: Trend, words: Words, label: str, width: float, css: str) -> str:
    canvas = Canvas(width)
    ends = [_end_label(series, spec, words) for series in spec.series]
    right = min(max((measure(text, bold=True) for text in ends), default=0) + 16, width * 0.46)
    plane = _Plane(spec, 40, right, width)
    _axes(canvas, spec, words, plane)
    _breaks(canvas, spec, plane, width)
    for i, series in enumerate(spec.series):
        for run in _runs(series):
            _line(canvas, run, plane, f"k{i % 6}", shift=3 * (i - (len(spec.series) - 1) / 2))
    _end_labels(canvas, spec, ends, plane, right)
    return canvas.render(plane.top + PLOT + 34, label, css)


def _axes(canvas: Canvas, spec: Trend, words: Words, plane: _Plane) -> None:
    decimals = 0 if spec.unit in ("share", "nps") or plane.step >= 1 else 1
    value = plane.low
    while value <= plane.high + plane.step / 100:
        y = plane.y(value)
        canvas.line(plane.left, y, plane.right, y, "rule")
        canvas.text(plane.left - 6, y + 4, words.bare(value, spec.unit, decimals), "tick", "end")
        value += plane.step
    room = (plane.right - plane.left) / max(plane.count, 1)
    widest = max(measure(wave, 12) for wave in spec.waves) + 8
    every = max(1, math.ceil(widest / room))
    for i, wave in enumerate(spec.waves):
        if (plane.count - 1 - i) % every == 0:
            canvas.text(plane.x(i), plane.top + PLOT + 20, cut(wave, room * every, 12), "s", "middle")


def _breaks(canvas: Canvas, spec: Trend, plane: _Plane, width: float) -> None:
    for position, (wave, reason) in enumerate(spec.reasons):
        x = plane.x(wave - 0.5)
        canvas.line(x, 18, x, plane.top + PLOT, "break")
        after = plane.x(spec.reasons[position + 1][0] - 0.5) if position + 1 < len(spec.reasons) else width
        room = after - x - 10
        if room >= 100 or x < width / 2:
            for i, line in enumerate(wrap(reason, room, 12)):
                canvas.text(x + 6, 14 + 15 * i, line, "s", whole=reason)
        else:
            for i, line in enumerate(wrap(reason, x - 10, 12)):
                canvas.text(x - 6, 14 + 15 * i, line, "s", "end", whole=reason)


def _runs(series: Series) -> list[list[tuple[int, Figure]]]:
    """The stretches of a line without break or gap."""
    runs: list[list[tuple[int, Figure]]] = [[]]
    for i, figure in enumerate(series.figures):
        if figure is None or figure.value is None or i in series.breaks:
            runs.append([])
        if figure is not None and figure.value is not None:
            runs[-1].append((i, figure))
    return [run for run in runs if run]


def _line(canvas: Canvas, run: list[tuple[int, Figure]], plane: _Plane, css: str, *, shift: float) -> None:
    """A stretch of a line; a point alone stands a little beside those of the other series."""
    shift = shift if len(run) == 1 else 0
    band = [(i, f.low, f.high) for i, f in run if f.low is not None and f.high is not None]
    if len(band) > 1:
        upper = [(plane.x(i), plane.y(high)) for i, _, high in band]
        lower = [(plane.x(i), plane.y(low)) for i, low, _ in reversed(band)]
        canvas.polygon(upper + lower, f"band {css}")
    elif band:
        i, low, high = band[0]
        canvas.line(plane.x(i) + shift, plane.y(low), plane.x(i) + shift, plane.y(high), f"whisker {css}")
    points = [(plane.x(i) + shift, plane.y(f.value or 0)) for i, f in run]
    if len(points) > 1:
        canvas.polyline(points, f"curve {css}")
    for (x, y), (_, figure) in zip(points, run, strict=True):
        canvas.circle(x, y, 3.5, f"node {css}" + (" hollow" if figure.flag == "fragile" else ""))


def _last(series: Series) -> Figure | None:
    return next((f for f in reversed(series.figures) if f is not None and f.value is not None), None)


def _end_label(series: Series, spec: Trend, words: Words) -> str:
    last = _last(series)
    value = "" if last is None or last.value is None else words.bare(last.value, spec.unit, spec.decimals)
    arrow = "" if last is None or not last.moved else (" ↑" if last.verdict == "up" else " ↓")
    return f"{series.label} {value}{arrow}".strip()


def _end_labels(canvas: Canvas, spec: Trend, ends: list[str], plane: _Plane, right: float) -> None:
    shown = [(i, last) for i, s in enumerate(spec.series) if (last := _last(s)) is not None and last.value is not None]
    places = spread([plane.y(last.value or 0) for _, last in shown], 17, plane.top, plane.top + PLOT)
    for (i, last), y in zip(shown, places, strict=True):
        point = plane.y(last.value or 0)
        if abs(point - y) > 3 and len(spec.series) > 1:
            canvas.line(plane.right - 8, point, plane.right + 4, y, f"lead k{i % 6}")
        tail = ends[i].removeprefix(spec.series[i].label)
        name = cut(spec.series[i].label, right - 10 - measure(tail, bold=True), bold=True)
        css = "m" if last.flag == "fragile" else f"h ink{i % 6}"
        canvas.text(plane.right + 7, y + 4.5, name + tail, css, whole=ends[i])


def _scale(spec: Trend) -> tuple[float, float, float]:
    """Round bounds around all points and their intervals, and the step of the grid."""
    figures = [f for s in spec.series for f in s.figures if f is not None and f.value is not None]
    values = [v for f in figures for v in (f.value, f.low, f.high) if v is not None] or [0.0, 1.0]
    low, high = min(values), max(values)
    if spec.unit == "share" and low < 0.4:
        low = 0.0
    step = nice_step((high - low) / 4 or 0.1)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if spec.unit == "share":
        low, high = max(low, 0.0), min(high, 1.0)
    return low, (high if high > low else low + step), step
