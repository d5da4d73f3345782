"""How many were answered by when: a step at each time that was looked at, its interval on it."""

from __future__ import annotations

import itertools

from vigie.language import DASH, Words
from vigie.report.drawings import Curve
from vigie.report.svg import NARROW, Canvas

PLOT, HIGH = 640, 190


def wide(spec: Curve, words: Words, label: str) -> str:
    return _draw(spec, words, label, PLOT, "wide")


def narrow(spec: Curve, words: Words, label: str) -> str:
    return _draw(spec, words, label, NARROW, "narrow")


def _draw(spec: Curve, words: Words, label: str, width: float, css: str) -> str:
    """Between two times the share is at least that of the first: the line runs on flat."""
    canvas, left, top = Canvas(width), 48.0, 26.0
    bottom = top + HIGH
    for share in (0.0, 0.5, 1.0):
        y = bottom - share * HIGH
        canvas.line(left, y, width, y, "rule")
        canvas.text(left - 8, y + 4, words.percent(share), "tick", "end")
    step = (width - left) / max(len(spec.times), 1)
    places = [left + step * (i + 0.5) for i in range(len(spec.times))]
    known: list[tuple[float, float]] = [(left, bottom)]
    for x, figure in zip(places, spec.figures, strict=True):
        if figure is not None and figure.value is not None:
            known.append((x, bottom - min(max(figure.value, 0.0), 1.0) * HIGH))
    steps = [point for a, b in itertools.pairwise(known) for point in (a, (b[0], a[1]))]
    if len(known) > 1:
        canvas.polyline([*steps, known[-1], (width, known[-1][1])], "curve thin")
    for x, time, figure in zip(places, spec.times, spec.figures, strict=True):
        canvas.text(x, bottom + 20, time, "s", "middle")
        if figure is None or figure.value is None:
            canvas.text(x, bottom - 8, f"{DASH} {figure.why if figure else ''}".strip(), "s", "middle")
            continue
        y, dim = bottom - figure.value * HIGH, " fragile" if figure.flag == "fragile" else ""
        if figure.low is not None and figure.high is not None:
            canvas.line(x, bottom - figure.low * HIGH, x, bottom - figure.high * HIGH, f"ci{dim}")
        canvas.circle(x, y, 5.5, f"dot{dim}")
        above = y - (figure.high - figure.value) * HIGH if figure.high is not None else y
        below = bottom - (figure.low or 0.0) * HIGH + 22
        said = words.value(figure.value, "share", figure.decimals) + {"up": " ↑", "down": " ↓"}.get(
            figure.verdict if figure.moved else "", ""
        )
        canvas.text(x, above - 9 if above > top - 6 else below, said, "m" if dim else "h", "middle")
    return canvas.render(bottom + 28, label, css)
