"""How many have which value: a column to a bin, what holds them as lines across."""

from __future__ import annotations

from vigie.language import Words
from vigie.report.drawings import Histogram
from vigie.report.scales import nice_step
from vigie.report.svg import NARROW, Canvas, measure, spread

PLOT, HIGH, TOP = 640.0, 150.0, 34.0


def wide(spec: Histogram, words: Words, label: str) -> str:
    return _draw(spec, words, label, PLOT, "wide")


def narrow(spec: Histogram, words: Words, label: str) -> str:
    return _draw(spec, words, label, NARROW, "narrow")


def _draw(spec: Histogram, words: Words, label: str, width: float, css: str) -> str:
    canvas, left, right = Canvas(width), 8.0, width - 8.0
    ends = [*(b.low for b in spec.bins), *(b.high for b in spec.bins), *(at for at, _ in spec.lines)]
    low, high = min(ends), max(ends)
    bottom, most = TOP + HIGH, max(b.n for b in spec.bins)

    def place(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    for one in spec.bins:
        x, tall = place(one.low), one.n / most * HIGH
        gap = min(1.5, (place(one.high) - x) / 4)
        canvas.box(x, bottom - tall, place(one.high) - x - gap, tall, "tone state0")
    canvas.line(left, bottom, right, bottom, "rule")
    _lines(canvas, spec, [place(at) for at, _ in spec.lines], (left, right), bottom)
    step = nice_step((high - low) / (6 if width > NARROW else 4))
    tick = -(-low // step) * step
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    while tick <= high + 1e-9:
        canvas.text(place(tick), bottom + 16, words.number(tick, decimals), "tick", "middle")
        tick += step
    canvas.text(left, bottom + 36, spec.unit, "s")
    return canvas.render(bottom + 42, label, css)


def _lines(
    canvas: Canvas, spec: Histogram, places: list[float], ends: tuple[float, float], bottom: float
) -> None:  # fmt: skip
    """Each line with its words above it, moved apart where they would meet."""
    named = [(x, text) for x, (_, text) in zip(places, spec.lines, strict=True) if text]
    for x, (_, text) in zip(places, spec.lines, strict=True):
        canvas.line(x, TOP - 6, x, bottom, "threshold" if text else "level")
    if not named:
        return
    wide_ = max(measure(text, 12) for _, text in named)
    middles = spread([x for x, _ in named], wide_ + 10, ends[0] + wide_ / 2, ends[1] - wide_ / 2)
    for at, (_, text) in zip(middles, named, strict=True):
        canvas.text(at, TOP - 14, text, "s", "middle")
