"""The panorama of channels: one row per channel, one panel per indicator, each on its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.language import DASH, Words
from vigie.report.drawings import Figure, Panel, Panorama, PanoramaRow
from vigie.report.svg import NARROW, WIDE, Canvas, measure, wrap

ROW, SLIM, LINE = 38, 30, 16
MANY = 2  # rows without a figure that a narrow panel still draws
BESIDE = 150  # the longest name that stands beside its figures on a telephone
TIGHT = 130  # a narrower panel leaves its number less room
HEAD, BARE = 62, 44  # above the rows, with the names of panels and without


def wide(spec: Panorama, words: Words, label: str) -> str:
    """All panels side by side."""
    longest = max((measure(row.label, bold=True) for row in spec.rows), default=0)
    left = min(max(longest, 120) + 18, 240 if len(spec.panels) > 1 else 480)  # one panel leaves room for names
    width = (WIDE - left) / max(len(spec.panels), 1)
    canvas = Canvas(WIDE)
    names = [wrap(panel.name, width - 14, lines=5, bold=True) for panel in spec.panels]
    units = [wrap(panel.unit_line, width - 14, 12, lines=2) for panel in spec.panels]
    head = HEAD if any(panel.name for panel in spec.panels) else BARE
    top = 16 * (max(map(len, units), default=1) - 1) + head + 16 * (max(map(len, names), default=1) - 1)
    tall = ROW if any(row.detail for row in spec.rows) else SLIM
    named = [wrap(row.label, left - 12, lines=3, bold=True) for row in spec.rows]
    talls = [tall + LINE * (len(lines) - 1) for lines in named]
    bottom = top + sum(talls)
    slots = [
        _Slot(panel, left + i * width, width, _room([row.figures[i] for row in spec.rows], panel, words))
        for i, panel in enumerate(spec.panels)
    ]
    for slot, lines, unit in zip(slots, names, units, strict=True):
        _heading(canvas, slot, lines, unit, top - HEAD + 14 - 16 * (max(map(len, units)) - 1))
        _grid(canvas, slot, words, top=top - 16, bottom=bottom - 6)
    y = top + 6.0
    for row, lines, high in zip(spec.rows, named, talls, strict=True):
        for k, line in enumerate(lines):
            canvas.text(0, y + (0 if tall == ROW else 4.5) + LINE * k, line, "h", whole=row.label)
        canvas.text(0, y + 15 + LINE * (len(lines) - 1), row.detail, "s")
        for slot, figure in zip(slots, row.figures, strict=True):
            _cell(canvas, slot, figure, words, y)
        y += high
    return canvas.render(bottom + 16, label, "wide")


def narrow(spec: Panorama, words: Words, label: str) -> str:
    """The panels beneath each other, each with all its channels."""
    canvas, y = Canvas(NARROW), 0.0
    longest = max((measure(row.label) for row in spec.rows), default=0)
    above = longest > BESIDE  # long names stand above their figures
    left = 8.0 if above else max(longest + 12, 96)
    for i, panel in enumerate(spec.panels):
        rows = [(row, row.figures[i]) for row in spec.rows if row.figures[i] is not None]
        silent = _silent(rows)
        rows = [(row, figure) for row, figure in rows if row.label not in silent]
        based = i == 0 and any(row.detail for row, _ in rows)  # the bases stand in the first panel
        named = [wrap(row.label, NARROW - (measure(row.detail, 12) + 10 if based else 0), lines=3) for row, _ in rows]
        slim = ROW if based else SLIM
        talls = [28 + LINE * len(lines) if above else slim for lines in named]
        lines = wrap(panel.name, NARROW, lines=4, bold=True)
        y += 16 * (len(lines) - 1) if panel.name else -16
        _heading(canvas, _Slot(panel, 0, NARROW + 14, 0), lines, [panel.unit_line], y + 14)
        top = y + 44
        bottom = top + sum(talls)
        slot = _Slot(panel, left, NARROW - left, _room([figure for _, figure in rows], panel, words))
        _grid(canvas, slot, words, top=top, bottom=bottom)
        start = top
        for (row, figure), name, tall in zip(rows, named, talls, strict=True):
            middle = start + tall - 18 if above else start + tall / 2
            for k, line in enumerate(name if above else ()):
                canvas.text(0, start + 12 + LINE * k, line, whole=row.label)
            if not above:
                canvas.label(0, middle + (-1 if based else 4.5), row.label, left - 8)
            if based:
                canvas.text(NARROW if above else 0, start + 12 if above else middle + 14, row.detail, "s",
                            "end" if above else "start")  # fmt: skip
            _cell(canvas, slot, figure, words, middle)
            start += tall
        y = bottom + 48
        for why in dict.fromkeys(silent.values()):
            names = ", ".join(name for name, said in silent.items() if said == why)
            told = words.gettext("{reason}: {names}", reason=why, names=names)
            for line in wrap(f"{DASH} {told}", NARROW, 12, lines=3):
                canvas.text(0, y - 18, line, "s")
                y += 16
    return canvas.render(max(y - 26, 1), label, "narrow")


def _silent(rows: list[tuple[PanoramaRow, Figure | None]]) -> dict[str, str]:
    """The rows without a figure and why, where they are so many that one sentence says it better."""
    found = {row.label: f.why for row, f in rows if f is not None and f.value is None and f.why}
    return found if MANY < len(found) < len(rows) else {}


@dataclass(frozen=True, slots=True)
class _Slot:
    """A panel's stretch of the drawing: its scale, then room for the number and its arrow."""

    panel: Panel
    x: float
    width: float
    room: float  # of the longest number

    @property
    def scale(self) -> float:
        """The width of the scale; the number beside it needs less room where there are many panels."""
        return self.width - max(76 if self.width > TIGHT else 68, self.room + 40)

    def place(self, value: float) -> float:
        reach = (value - self.panel.low) / (self.panel.high - self.panel.low)
        return self.x + 4 + min(max(reach, 0), 1) * self.scale


def _room(figures: Sequence[Figure | None], panel: Panel, words: Words) -> float:
    """How wide the numbers of a panel are."""
    said = [words.bare(f.value, panel.unit, panel.decimals) for f in figures if f is not None and f.value is not None]
    return max((measure(text) for text in said), default=0.0)


def _heading(canvas: Canvas, slot: _Slot, name: list[str], unit: list[str], y: float) -> None:
    """The name stands above the unit, on as many lines as it needs."""
    for i, line in enumerate(reversed(name)):
        canvas.text(slot.x, y - 16 * i, line, "h", whole=slot.panel.name)
    for i, line in enumerate(unit):
        canvas.label(slot.x, y + 17 + 15 * i, line, slot.width - 14, "s")


def _grid(canvas: Canvas, slot: _Slot, words: Words, *, top: float, bottom: float) -> None:
    panel = slot.panel
    ends = (panel.low, (panel.low + panel.high) / 2, panel.high)
    said = [_tick(panel, value, words) for value in ends]
    crowded = sum(measure(text, 11.6) for text in said) + 12 > slot.scale
    for i, (value, text) in enumerate(zip(ends, said, strict=True)):
        at = slot.place(value)
        canvas.line(at, top, at, bottom, "rule")
        if not crowded or (i != 1 and measure(said[0], 11.6) + measure(said[2], 11.6) < 2 * slot.scale - 8):
            canvas.text(at, bottom + 14, text, "tick", "middle")


def _tick(panel: Panel, value: float, words: Words) -> str:
    if panel.unit == "hours":
        return words.tick(value, panel.high)
    decimals = 0 if panel.unit in ("share", "nps") or value == round(value) else 1
    return words.bare(value, panel.unit, decimals)


def _cell(canvas: Canvas, slot: _Slot, figure: Figure | None, words: Words, y: float) -> None:
    if figure is None:
        return
    if figure.value is None:
        canvas.label(slot.x + 4, y + 4, f"{DASH} {figure.why}".strip(), slot.width - 6, "s")
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
