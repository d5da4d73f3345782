"""Horizontal bars with their intervals: the answers to a question."""

from __future__ import annotations

from vigie.language import DASH, Words
from vigie.report.blocks import Bars
from vigie.report.svg import HALF, NARROW, Canvas, measure, wrap

ROW = 34


def wide(spec: Bars, words: Words, label: str) -> str:
    return _draw(spec, words, label, HALF, "wide")


def narrow(spec: Bars, words: Words, label: str) -> str:
    return _draw(spec, words, label, NARROW, "narrow")


def _draw(spec: Bars, words: Words, label: str, width: float, css: str) -> str:
    canvas = Canvas(width)
    left = min(max((measure(bar.label) for bar in spec.bars), default=0) + 12, width * 0.46)
    room = width - left - 64
    for r, bar in enumerate(spec.bars):
        y, figure = ROW * r + ROW / 2, bar.figure
        lines = wrap(bar.label, left - 12, 12.5)
        for i, line in enumerate(lines):
            canvas.text(0, y + 4.5 + 15 * (i - (len(lines) - 1) / 2), line, whole=bar.label)
        if figure.value is None:
            canvas.label(left, y + 4.5, f"{DASH} {figure.why}".strip(), room, "s")
            continue
        dim = " fragile" if figure.flag == "fragile" else ""
        length = max(figure.value, 0) / spec.high * room
        canvas.box(left, y - 9, length, 18, f"bar{dim}", round_=2)
        end = length
        if figure.low is not None and figure.high is not None:
            first, end = max(figure.low, 0) / spec.high * room, min(figure.high / spec.high, 1.04) * room
            canvas.line(left + first, y, left + end, y, "error")
        shown = words.value(figure.value, spec.unit, spec.decimals)
        arrow = "" if not figure.moved else (" ↑" if figure.verdict == "up" else " ↓")
        canvas.text(left + max(end, length) + 7, y + 4.5, shown + arrow, "m" if dim else "h")
    return canvas.render(ROW * len(spec.bars) + 4, label, css)
