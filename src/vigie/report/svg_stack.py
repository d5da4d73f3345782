"""Bars of 100 %: one to a row, a colour to a part, the number inside where it fits."""

from __future__ import annotations

from vigie.language import DASH, Words
from vigie.report.drawings import Stack, StackRow
from vigie.report.svg import NARROW, WIDE, Canvas, measure

ROW, BAR = 40, 24
DARK = ("bad", "good", "state0", "state3", "ramp5", "ramp6", "ramp7")  # tones on which white is read


def wide(spec: Stack, words: Words, label: str) -> str:
    """The names of the rows beside their bars; a bar alone takes the whole width."""
    alone = len(spec.rows) == 1 and not spec.rows[0].label
    names = [max(measure(row.label, bold=True), measure(row.detail, 12)) for row in spec.rows]
    longest = max(names, default=0)
    left = 0.0 if alone else min(max(longest, 110) + 18, 300)
    canvas = Canvas(WIDE)
    for i, row in enumerate(spec.rows):
        y = i * ROW
        if not alone:
            canvas.label(0, y + 14, row.label, left - 12, "h")
            canvas.text(0, y + 29, row.detail, "s")
        _bar(canvas, spec, row, words, left, WIDE, y + 4)
    return canvas.render(len(spec.rows) * ROW - 6, label, "wide")


def narrow(spec: Stack, words: Words, label: str) -> str:
    """The names above their bars."""
    canvas, y = Canvas(NARROW), 0.0
    for row in spec.rows:
        if row.label:
            room = NARROW - measure(row.detail, 12) - 10
            canvas.label(0, y + 14, row.label, room, "h")
            canvas.text(NARROW, y + 14, row.detail, "s", "end")
            y += 20
        _bar(canvas, spec, row, words, 0, NARROW, y)
        y += BAR + 16
    return canvas.render(max(y - 12, 1), label, "narrow")


def _bar(canvas: Canvas, spec: Stack, row: StackRow, words: Words, left: float, right: float, y: float) -> None:
    figures = [(f, tone) for f, tone in zip(row.figures, spec.tones, strict=True) if f is not None]
    total = sum(f.value or 0.0 for f, _ in figures)
    if not total:
        why = next((f.why for f, _ in figures if f.why), "")
        canvas.text(left, y + 16, f"{DASH} {why}".strip(), "s")
        return
    x, dim = left, " light" if any(f.flag == "fragile" for f, _ in figures) else ""
    for figure, tone in figures:
        width = (figure.value or 0.0) / total * (right - left)
        canvas.box(x, y, max(width - 1.5, 0.5), BAR, f"tone {tone}{dim}")
        said = words.value(figure.value or 0.0, figure.unit, figure.decimals)
        if measure(said, 13, bold=True) + 8 < width:
            ink = " on" if tone in DARK and not dim else ""
            canvas.text(x + (width - 1.5) / 2, y + 16.5, said, f"h{ink}", "middle")
        x += width
