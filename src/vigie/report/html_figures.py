"""Charts and leagues of a page: a drawing in two widths, its legend, its caption, and its figures as a table."""

from __future__ import annotations

from vigie.language import EN_DASH
from vigie.report import html_shapes, html_small, svg_league, svg_panorama
from vigie.report.blocks import Chart, Column, Ranking, Row
from vigie.report.drawings import Curve, Figure, Histogram, Key, Multiples, Panorama, Quadrant, Shifts, Stack
from vigie.report.html_shapes import plain_interval
from vigie.report.html_tables import grid, scrolling
from vigie.report.html_text import Page, escaped, fold
from vigie.report.league_words import heads

Grid = tuple[tuple[Column, ...], tuple[Row, ...]]

_MARKS = {
    "dot": '<line x1="2" x2="20" y1="6" y2="6" class="ci"/><circle cx="11" cy="6" r="4.5" class="dot"/>',
    "ring": '<circle cx="11" cy="6" r="3.5" class="ghost"/>',
    "move": '<line x1="4" x2="17" y1="6" y2="6" class="move"/><circle cx="4" cy="6" r="3.5" class="ghost moved"/>',
    "arrow": '<text y="11" class="arrow">↑</text><text x="11" y="11" class="arrow">↓</text>',
    "fragile": '<line x1="2" x2="20" y1="6" y2="6" class="ci fragile"/><circle cx="11" cy="6" r="4.5" '
    'class="dot fragile"/>',
    "threshold": '<line x1="11" x2="11" y1="0" y2="12" class="threshold"/>',
    "printed": '<rect x="7" y="2" width="8" height="8" class="printed"/>',
    "ranks": '<rect x="1" y="1" width="20" height="10" rx="5" class="ranks"/>'
    '<circle cx="11" cy="6" r="3" class="dot"/>',
}


def chart(block: Chart, page: Page) -> str:
    spec, words, name = block.spec, page.words, page.words.typeset(f"{block.title}. {block.sub}")
    figures: Grid | None
    if isinstance(spec, Panorama):
        body = svg_panorama.wide(spec, words, name) + svg_panorama.narrow(spec, words, name)
        figures = _panorama_grid(spec, page)
    elif isinstance(spec, Multiples):
        body, figures = html_small.multiples(spec, page), html_small.multiples_grid(spec)
    elif isinstance(spec, Stack):
        body, figures = html_shapes.stack(spec, page, name)
    elif isinstance(spec, Curve):
        body, figures = html_shapes.curve(spec, page, name)
    elif isinstance(spec, Quadrant):
        body, figures = html_shapes.quadrant(spec, page, name), None
    elif isinstance(spec, Shifts):
        body, figures = html_shapes.shifts(spec, page, name)
    elif isinstance(spec, Histogram):
        body, figures = html_shapes.histogram(spec, page, name)
    else:
        body, figures = html_small.bars(spec, page), None
    anchor = f' id="{escaped(block.anchor)}"' if block.anchor else ""
    head = _head(block.title, block.sub, block.keys, page)
    table = _figures(figures, page) if figures else ""
    return f"<figure{anchor}>\n{head}{body}\n{page.caption(block.note)}{page.folds(block.note, table)}</figure>\n"


def ranking(block: Ranking, page: Page) -> str:
    words = page.words
    name = words.typeset(f"{block.title}. {block.sub}")
    drawings = svg_league.wide(block, words, name) + svg_league.narrow(block, words, name)
    remarks = [
        words.gettext("* {brand}: {remark}", brand=name, remark=remark)
        for name, remark in zip(block.names, block.remarks, strict=True)
        if remark
    ]
    listed = [*remarks, *block.unranked]
    extra = "".join(f"<p><bdi>{page.text(line)}</bdi></p>" for line in listed)
    anchor = f' id="{escaped(block.anchor)}"' if block.anchor else ""
    head = _head(block.title, block.sub, block.keys, page)
    below = page.caption(block.note, extra) + page.folds(block.note, _figures(league_grid(block, page), page))
    return f"<figure{anchor}>\n{head}{drawings}\n{below}</figure>\n"


def _head(title: str, sub: str, keys: tuple[Key, ...], page: Page) -> str:
    legend = "".join(
        f'<li><svg viewBox="0 0 22 12" aria-hidden="true">{_MARKS[key.mark]}</svg>{page.text(key.text)}</li>'
        for key in keys
    )
    listed = f'<ul class="keys">{legend}</ul>\n' if legend else ""
    below = f'<p class="sub">{page.text(sub)}</p>\n' if sub else ""
    return f"{page.titled(title)}{below}{listed}"


def _figures(figures: Grid, page: Page) -> str:
    said = page.words.gettext("The figures as a table")
    body = scrolling(grid(*figures, page), page.text(said))
    return fold(page.text(said), body)


def _panorama_grid(spec: Panorama, page: Page) -> Grid:
    """A channel's figures with their intervals, two columns to an indicator."""
    said = page.words.gettext("interval")
    columns = [Column(spec.head or page.words.gettext("Channel"))]
    for panel in spec.panels:
        columns += [Column(panel.name or panel.unit_line, numeric=True), Column(said, numeric=True)]
    rows = []
    for row in spec.rows:
        cells: list[Figure | str | None] = [row.label]
        for figure in row.figures:
            cells += [figure, plain_interval(figure, page)]
        rows.append(Row(tuple(cells)))
    return tuple(columns), tuple(rows)


def league_grid(block: Ranking, page: Page) -> Grid:
    words, league = page.words, block.league
    ranked, counted = heads(league, words)
    columns = (
        Column(ranked),
        Column(words.gettext("Possible ranks"), numeric=True),
        Column(words.gettext("Score"), numeric=True),
        Column(words.gettext("interval"), numeric=True),
        Column(counted, numeric=True),
    )
    rows = tuple(
        Row(
            (
                name,
                words.rank(entry.rank.low, entry.rank.high),
                words.number(entry.score, block.decimals),
                f"{words.number(entry.ci_low, block.decimals)}{EN_DASH}{words.number(entry.ci_high, block.decimals)}",
                entry.n,
            )
        )
        for entry, name in zip(league.entries, block.names, strict=True)
    )
    return columns, rows
