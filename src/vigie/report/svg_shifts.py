"""Shares before and after, a line to each: where weighting moved the sample, and how far."""

from __future__ import annotations

from vigie.language import Words
from vigie.report.drawings import ShiftRow, Shifts
from vigie.report.svg import NARROW, WIDE, Canvas, measure

LINE, HEAD = 23.0, 30.0
NUMBERS = 104.0  # room for "51.6 → 52.2"
TICK = 36.0  # from one tick to the next, so that "50 %" and "100 %" stay apart


def wide(spec: Shifts, words: Words, label: str) -> str:
    """Names once, a stretch to each population beside them."""
    names = [measure(r.label, bold=r.heading) for r in spec.rows]
    left = min(max(max(names, default=0.0), 110) + 20, 300)
    each = (WIDE - left) / len(spec.panels)
    canvas, top = Canvas(WIDE), 26.0 if any(spec.panels) else 8.0
    for i, name in enumerate(spec.panels):
        canvas.label(left + each * i, 14, name, each - 20, "h")
    bottom = top
    for i in range(len(spec.panels)):
        bottom = _panel(canvas, spec, words, i, (left + each * i, each - (28 if len(spec.panels) > 1 else 0)), top)
    y = top
    for row in spec.rows:
        y += HEAD if row.heading else LINE
        canvas.label(0, y - 7, row.label, left - 14, "h" if row.heading else "")
    return canvas.render(bottom + 22, label, "wide")


def narrow(spec: Shifts, words: Words, label: str) -> str:
    """The populations beneath each other, each with its names."""
    canvas, y = Canvas(NARROW), 0.0
    left = min(max((measure(r.label) for r in spec.rows if not r.heading), default=0.0) + 12, 130)
    for i, name in enumerate(spec.panels):
        if name:
            canvas.label(0, y + 14, name, NARROW, "h")
            y += 22
        top = y
        for row in spec.rows:
            y += HEAD if row.heading else LINE
            canvas.label(0, y - 7, row.label, NARROW if row.heading else left - 8, "h" if row.heading else "")
        _panel(canvas, spec, words, i, (left, NARROW - left), top)
        y += 44
    return canvas.render(max(y - 20, 1), label, "narrow")


def _panel(canvas: Canvas, spec: Shifts, words: Words, at: int, span: tuple[float, float], top: float) -> float:
    """One population's stretch, from x and as wide as told; where it ends."""
    left, scale = span[0] + 6, span[1] - NUMBERS - 12
    bottom = top + sum(HEAD if r.heading else LINE for r in spec.rows)
    for share in (0.0, spec.high / 2, spec.high) if scale / 2 >= TICK else (0.0, spec.high):
        x = left + share / spec.high * scale
        canvas.line(x, top + 4, x, bottom, "rule")
        canvas.text(x, bottom + 14, words.percent(share), "tick", "middle")
    y = top
    for row in spec.rows:
        y += HEAD if row.heading else LINE
        if not row.heading:
            _shift(canvas, spec, words, row, at, (left, scale), y - 11, span[0] + span[1])
    return bottom


def _shift(
    canvas: Canvas,
    spec: Shifts,
    words: Words,
    row: ShiftRow,
    at: int,
    scale: tuple[float, float],
    y: float,
    right: float,
) -> None:
    before, after = row.shares[at]
    a, b = (scale[0] + share / spec.high * scale[1] for share in (before, after))
    canvas.line(a, y, b, y, "ci")
    canvas.circle(a, y, 3.5, "ghost")
    canvas.circle(b, y, 5, "dot")
    said = f"{words.bare(before, 'share', 1)} → {words.bare(after, 'share', 1)}"
    canvas.text(right, y + 4.5, said, "s", "end")
