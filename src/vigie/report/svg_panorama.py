"""The panorama of channels: one row per channel, one panel per indicator, each on its own scale."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.language import DASH, Words
from vigie.report.blocks import Figure, Panel, Panorama
from vigie.report.svg import NARROW, WIDE, Canvas, measure, wrap

ROW, SLIM = 38, 30
HEAD = 62


def wide(spec: Panorama, words: Words, label: str) -> str:
    """All panels side by side."""
    longest = max((measure(row.label, bold=True) for row in spec.rows), default=0)
    left = min(max(longest, 120) + 18, 240)
    width = (WIDE - left) / max(len(spec.panels), 1)
    canvas = Canvas(WIDE)
    names = [wrap(panel.name, width - 14, lines=4, bold=True) for panel in spec.panels]
    units = [wrap(panel.unit_line, width - 14, 12, lines=2) for panel in spec.panels]
    top = 16 * (max(map(len, units), default=1) - 1) + HEAD + 16 * (max(map(len, names), default=1) - 1)
    bottom = top + ROW * len(spec.rows)
    slots = [_Slot(panel, left + i * width, width) for i, panel in enumerate(spec.panels)]
    for slot, lines, unit in zip(slots, names, units, strict=True):
        _heading(canvas, slot, lines, unit, top - HEAD + 14 - 16 * (max(map(len, units)) - 1))
        _grid(canvas, slot, words, top=top - 16, bottom=bottom - 6)
    for r, row in enumerate(spec.rows):
        y = top + 6 + r * ROW
        canvas.label(0, y, row.label, left - 12, "h")
        canvas.text(0, y + 15, row.detail, "s")
        for slot, figure in zip(slots, row.figures, strict=True):
            _cell(canvas, slot, figure, words, y)
    return canvas.render(bottom + 16, label, "wide")


def narrow(spec: Panorama, words: Words, label: str) -> str:
    """The panels beneath each other, each with all its channels."""
    canvas, y, left = Canvas(NARROW), 0.0, 122
    for i, panel in enumerate(spec.panels):
        rows = [(row, row.figures[i]) for row in spec.rows if row.figures[i] is not None]
        tall = ROW if i == 0 else SLIM  # the bases stand in the first panel
        lines = wrap(panel.name, NARROW, lines=4, bold=True)
        y += 16 * (len(lines) - 1)
        _heading(canvas, _Slot(panel, 0, NARROW + 14), lines, [panel.unit_line], y + 14)
        top = y + 44
        bottom = top + tall * len(rows)
        slot = _Slot(panel, left, NARROW - left)
        _grid(canvas, slot, words, top=top, bottom=bottom)
        for r, (row, figure) in enumerate(rows):
            middle = top + tall * r + tall / 2
            canvas.label(0, middle + (4.5 if i else -1), row.label, left - 8)
            if i == 0:
                canvas.text(0, middle + 14, row.detail, "s")
            _cell(canvas, slot, figure, words, middle)
        y = bottom + 48
    return canvas.render(max(y - 26, 1), label, "narrow")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A panel's stretch of the drawing: its scale, then room for the number and its arrow."""

    panel: Panel
    x: float
    width: float

    def place(self, value: float) -> float:
        reach = (value - self.panel.low) / (self.panel.high - self.panel.low)
        return self.x + 4 + min(max(reach, 0), 1) * (self.width - 76)


def _heading(canvas: Canvas, slot: _Slot, name: list[str], unit: list[str], y: float) -> None:
    """The name stands above the unit, on as many lines as it needs."""
    for i, line in enumerate(reversed(name)):
        canvas.text(slot.x, y - 16 * i, line, "h", whole=slot.panel.name)
    for i, line in enumerate(unit):
        canvas.label(slot.x, y + 17 + 15 * i, line, slot.width - 14, "s")


def _grid(canvas: Canvas, slot: _Slot, words: Words, *, top: float, bottom: float) -> None:
    panel = slot.panel
    for value in (panel.low, (panel.low + panel.high) / 2, panel.high):
        at = slot.place(value)
        canvas.line(at, top, at, bottom, "rule")
        decimals = 0 if panel.unit in ("share", "nps") or value == round(value) else 1
        canvas.text(at, bottom + 14, words.bare(value, panel.unit, decimals), "tick", "middle")


def _cell(canvas: Canvas, slot: _Slot, figure: Figure | None, words: Words, y: float) -> None:
    if figure is None:
        return
    if figure.value is None:
        canvas.label(slot.x + 4, y + 4, f"{DASH} {figure.why}".strip(), slot.width - 12, "s")
        return
    at = slot.place(figure.value)
    if figure.before is not None:
        before = slot.place(figure.before)
        if figure.moved:
            canvas.line(before, y, at, y, "move")
        canvas.circle(before, y, 3.5, "ghost moved" if figure.moved else "ghost")
    dim = " fragile" if figure.flag == "fragile" else ""
    if figure.low is not None and figure.high is not None:
        canvas.line(slot.place(figure.low), y, slot.place(figure.high), y, f"ci{dim}")
    canvas.circle(at, y, 5.5, f"dot{dim}")
    right = slot.x + slot.width - 26
    shown = words.bare(figure.value, slot.panel.unit, slot.panel.decimals)
    canvas.text(right, y + 4.5, shown, "m" if dim else "h", "end")
    if figure.moved:
        canvas.text(right + 4, y + 4.5, "↑" if figure.verdict == "up" else "↓", "arrow")
