"""Small charts side by side, and answers as bars: words in the page's own text, only the marks are drawn."""

from __future__ import annotations

import itertools

from vigie.report import svg_spark
from vigie.report.blocks import Cell, Column, Row
from vigie.report.drawings import Bar, Bars, Figure, Multiples, Small
from vigie.report.html_text import Page, escaped, figure_text, interval_text

LONG_LABEL = 18  # characters that stand beside a bar on a telephone
Grid = tuple[tuple[Column, ...], tuple[Row, ...]]


def multiples(spec: Multiples, page: Page) -> str:
    shared = svg_spark.spans(spec)
    drawn = "".join(_small(cell, spec.waves, shared, page, spec.line) for cell in spec.cells)
    return f'<ul class="multiples">{drawn}</ul>'


def _small(cell: Small, waves: tuple[str, ...], shared: dict[str, float], page: Page, line: float | None = None) -> str:
    last = next((f for f in reversed(cell.series.figures) if f is not None and f.value is not None), None)
    now = figure_text(last, page) if last is not None else ""
    change = f" <em>{page.text(cell.change)}</em>" if cell.change else ""
    mark = f"&nbsp;{page.text(cell.mark)}" if cell.mark else ""
    title = f' title="{page.text(cell.title)}"' if cell.title != cell.label else ""
    drawing = svg_spark.draw(cell.series, len(waves), shared, line)
    ends = (page.text(waves[0]), page.text(cell.base), page.text(waves[-1]))
    return (
        f'<li><p class="name"{title}><bdi>{page.text(cell.label)}</bdi>{mark}</p>'
        f'<p class="now"><b>{now}</b>{change}</p>{drawing}'
        f'<p class="ends"><span>{ends[0]}</span><span>{ends[1]}</span><span>{ends[2]}</span></p></li>'
    )


def multiples_grid(spec: Multiples) -> Grid:
    """A series to a line, a column to a wave."""
    marked = any(cell.mark for cell in spec.cells)
    columns = (Column(""), *(Column(wave, numeric=True) for wave in spec.waves))
    rows = []
    for cell in spec.cells:
        name = f"{cell.title} {cell.mark}".strip() if marked else cell.title
        cells: tuple[Cell, ...] = (name, *cell.series.figures)
        rows.append(Row(cells))
    return columns, tuple(rows)


def bars(spec: Bars, page: Page, tones: tuple[str, ...] = ()) -> str:
    """A table whose middle column is drawn: it needs no second one for those who cannot see.

    `tones` are the colours that the answers have in a bar of 100 % above.
    """
    words = page.words
    answer, share = words.gettext("Answer"), words.gettext("Share")
    heads = f'<th scope="col">{answer}</th><th scope="col" colspan="2">{share}</th>'
    head = f'<thead class="hidden"><tr>{heads}</tr></thead>'
    toned = itertools.chain(tones, itertools.repeat(""))
    shown = [_bar(bar, page, tone) for bar, tone in zip(spec.bars, toned, strict=False)]
    long = max((len(bar.label) for bar in (*spec.bars, *spec.rest)), default=0) > LONG_LABEL
    kind = "bars long" if long else "bars"  # above its bar on a telephone
    body = f'<table class="{kind}">{head}<tbody>{"".join(shown)}</tbody></table>'
    if spec.mean is not None:
        said = page.text(words.gettext("Mean"))
        body += f'<p class="mean">{said} <b>{figure_text(spec.mean, page)}</b> {interval_text(spec.mean, page)}</p>'
    if spec.rest:
        more = page.text(words.ngettext("and {n} other answer", "and {n} other answers", len(spec.rest)))
        table = f'<table class="{kind}">{head}<tbody>{"".join(_bar(bar, page) for bar in spec.rest)}</tbody></table>'
        body += f"<details><summary>{more}</summary>{table}</details>"
    return body


def _bar(bar: Bar, page: Page, tone: str = "") -> str:
    figure = bar.figure
    swatch = f'<i class="swatch {tone}"></i>' if tone else ""
    name = f'<th scope="row">{swatch}<bdi>{page.text(bar.label)}</bdi></th>'
    if figure.value is None:
        return f'<tr>{name}<td class="why" colspan="2">{figure_text(figure, page)}</td></tr>'
    dim = ' class="fragile"' if figure.flag == "fragile" else ""
    whole = f' title="{escaped(said)}"' if (said := interval_text(figure, page)) else ""
    colour = f' class="{tone}"' if tone else ""
    # lengths as attributes of a drawing: a page whose policy forbids styles in its text shows them too
    drawn = f'<rect{colour} y="2" width="{_at(figure.value)}%" height="14" rx="1"/>{_whisker(figure)}'
    track = f'<td class="track"{whole}><svg aria-hidden="true">{drawn}</svg></td>'
    return f'<tr{dim}>{name}{track}<td class="n">{_value(figure, page)}</td></tr>'


def _value(figure: Figure, page: Page) -> str:
    said = interval_text(figure, page)
    return figure_text(figure, page) + (f'<span class="hidden"> ({said})</span>' if said else "")


def _whisker(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = max(figure.low, 0.0), min(figure.high, 1.0)
    return f'<rect class="whisker" x="{_at(low)}%" y="8.25" width="{_at(max(high - low, 0.0))}%" height="1.5"/>'


def _at(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}"
