"""Bars of 100 %, curves of answers and dots on two scales on a page: the drawing, and its figures with intervals."""

from __future__ import annotations

from vigie.language import EN_DASH
from vigie.report import html_small, svg_curve, svg_histogram, svg_quadrant, svg_shifts, svg_stack
from vigie.report.blocks import Cell, Column, Row, Table
from vigie.report.drawings import Bar, Bars, Curve, Figure, Histogram, Quadrant, Shifts, Stack
from vigie.report.html_tables import grid, scrolling
from vigie.report.html_text import Page, figure_text, interval_text

BESIDE = 2  # columns that stand beside a drawing
Grid = tuple[tuple[Column, ...], tuple[Row, ...]]


def stack(spec: Stack, page: Page, name: str) -> tuple[str, Grid | None]:
    """The bars; of one bar alone its parts stand beneath it with their intervals, and no table is needed."""
    drawing = svg_stack.wide(spec, page.words, name) + svg_stack.narrow(spec, page.words, name)
    if len(spec.rows) > 1:
        return _legend(spec, page) + drawing + _aside(spec, page), _stack_grid(spec, page)
    row = spec.rows[0]
    bars = [
        (Bar(part, figure), tone)
        for part, figure, tone in zip(spec.parts, row.figures, spec.tones, strict=True)
        if figure is not None
    ]
    first = bars[0][0].figure if bars else Figure(None, "share", 0)
    table = Bars(tuple(bar for bar, _ in bars), first.unit, first.decimals)
    return drawing + html_small.bars(table, page, tuple(tone for _, tone in bars)) + _aside(spec, page), None


def _legend(spec: Stack, page: Page) -> str:
    items = "".join(
        f'<li><i class="swatch {tone}"></i>{page.text(part)}</li>'
        for part, tone in zip(spec.parts, spec.tones, strict=True)
    )
    return f'<ul class="keys">{items}</ul>\n'


def _aside(spec: Stack, page: Page) -> str:
    if spec.aside is None:
        return ""
    said = interval_text(spec.aside, page)
    said = f" ({said})" if said else ""
    return f'<p class="mean">{page.text(spec.aside_label)} <b>{figure_text(spec.aside, page)}</b>{said}</p>'


def _stack_grid(spec: Stack, page: Page) -> Grid:
    """A row to a bar, two columns to a part: the share and its interval."""
    said = page.words.gettext("interval")
    columns = [Column(spec.head)]
    for part in spec.parts:
        columns += [Column(part, numeric=True), Column(said, numeric=True)]
    rows = []
    for row in spec.rows:
        cells: list[Cell] = [row.label]
        for figure in row.figures:
            cells += [figure, plain_interval(figure, page)]
        rows.append(Row(tuple(cells)))
    return tuple(columns), tuple(rows)


def curve(spec: Curve, page: Page, name: str) -> tuple[str, Grid]:
    drawing = svg_curve.wide(spec, page.words, name) + svg_curve.narrow(spec, page.words, name)
    facts = "".join(f"<li>{page.text(fact)}</li>" for fact in spec.facts)
    listed = f'<ul class="facts">{facts}</ul>' if facts else ""
    words = page.words
    columns = (
        Column(spec.head or words.gettext("Answered within")),
        Column(words.gettext("Share"), numeric=True),
        Column(words.gettext("interval"), numeric=True),
    )
    rows = tuple(
        Row((time, figure, plain_interval(figure, page))) for time, figure in zip(spec.times, spec.figures, strict=True)
    )
    return f'<div class="beside"><div>{drawing}</div>{listed}</div>', (columns, rows)


def quadrant(spec: Quadrant, page: Page, name: str) -> str:
    """The drawing, and beside it (beneath it, where there are many columns) what its numbers stand for."""
    drawing = svg_quadrant.wide(spec, page.words, name) + svg_quadrant.narrow(spec, page.words, name)
    worded = {k for dot in spec.dots for k, cell in enumerate(dot.cells) if isinstance(cell, str)}
    columns = (Column(spec.head), *(Column(head, numeric=k not in worded) for k, head in enumerate(spec.columns)))
    rows = tuple(Row((f"{i}. {dot.label}", *dot.cells)) for i, dot in enumerate(spec.dots, start=1))
    block = Table("", columns, rows, intervals=True)
    table = scrolling(grid(columns, rows, page, block), page.text(name))
    kind = "beside" if len(spec.columns) <= BESIDE else "beneath"
    return f'<div class="{kind}"><div>{drawing}</div>{table}</div>'


def histogram(spec: Histogram, page: Page, name: str) -> tuple[str, Grid]:
    words = page.words
    drawing = svg_histogram.wide(spec, words, name) + svg_histogram.narrow(spec, words, name)
    columns = (Column(spec.unit), Column(words.gettext("Respondents"), numeric=True))
    rows = tuple(
        Row((f"{words.number(b.low, 2)}{EN_DASH}{words.number(b.high, 2)}", words.people(b.n)))
        for b in spec.bins
        if b.n
    )
    return f'<div class="beside"><div>{drawing}</div></div>', (columns, rows)


def shifts(spec: Shifts, page: Page, name: str) -> tuple[str, Grid]:
    words = page.words
    drawing = svg_shifts.wide(spec, words, name) + svg_shifts.narrow(spec, words, name)
    columns = [Column(spec.head)]
    for panel in spec.panels:
        heads = (words.gettext("before weighting"), words.gettext("after weighting"))
        columns += [Column(f"{panel} – {head}" if panel else head, numeric=True) for head in heads]
    rows = tuple(
        Row((row.label, *(Figure(share, "share", 1) for pair in row.shares for share in pair)), heading=row.heading)
        for row in spec.rows
    )
    return drawing, (tuple(columns), rows)


def plain_interval(figure: Figure | None, page: Page) -> str | None:
    if figure is None or figure.low is None or figure.high is None or figure.value is None:
        return None
    return page.words.interval(figure.low, figure.high, figure.unit, figure.decimals)
