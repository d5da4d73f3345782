"""The report as one HTML file: no script, nothing fetched, drawings inside; reads on a telephone and prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vigie.language import speak
from vigie.report import html_figures, html_quotes, html_tables
from vigie.report.blocks import (
    Block,
    Chart,
    Concordance,
    Contents,
    Document,
    Fold,
    Inline,
    KeyFigure,
    KeyFigures,
    Link,
    Links,
    Quote,
    Ranking,
    Section,
    Table,
    Text,
    Title,
)
from vigie.report.compose import compose
from vigie.report.drawings import Figure
from vigie.report.html_text import Page, escaped, figure_text, on_paper, plain_figure
from vigie.results.waves import WaveResults

MOST_SECTIONS = 7  # more do not fit the bar
CONTENTS = "contents"
STYLE = Path(__file__).parent / "static" / "page.css"


def write(results: WaveResults, earlier: Sequence[WaveResults], path: Path, language: str) -> None:
    """Compose a wave's report and write it."""
    write_html(compose(results, earlier, language), path)


def write_html(document: Document, path: Path) -> None:
    path.write_text(render(document), encoding="utf-8", newline="\n")


def render(document: Document) -> str:
    """The whole page."""
    page = Page(speak(document.language))
    words = page.words
    sections = [b for b in document.blocks if isinstance(b, Section)]
    links = "".join(f'<a href="#{escaped(s.anchor)}">{page.text(s.short)}</a>' for s in sections)
    where = page.text(f"{document.name}, {document.wave}")
    skip = page.text(words.gettext("Skip to the report"))
    contents = page.text(words.gettext("Contents"))
    listed = len(sections) > 1
    menu = f'<a class="menu" href="#{CONTENTS}">{contents}</a>' if listed else ""
    many = " many" if len(sections) > MOST_SECTIONS else ""
    return (
        f'<!doctype html>\n<html lang="{escaped(words.code)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{where}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f'<a class="skip hidden" href="#report">{skip}</a>\n'
        f'<nav class="bar{many}" aria-label="{contents}"><b>Vigie</b>{links}{menu}<span>{where}</span></nav>\n'
        f'<main id="report">\n{"".join(_flow(_with_contents(document.blocks, sections), page))}</main>\n'
        "</body>\n</html>\n"
    )


def fragment(blocks: Sequence[Block], language: str, elsewhere: Mapping[str, str] | None = None) -> str:
    """Blocks as the part of a page that a site frames; `elsewhere` has the addresses of anchors on its other pages."""
    return "".join(_flow(blocks, Page(speak(language), elsewhere or {})))


def _with_contents(blocks: Sequence[Block], sections: Sequence[Section]) -> Sequence[Block]:
    """What is in a report stands before its first section; of a short one only where the bar has no room for it."""
    if len(sections) < 2:
        return blocks
    first = blocks.index(sections[0])
    return (*blocks[:first], Contents(tuple(sections), short=len(sections) <= MOST_SECTIONS), *blocks[first:])


def _flow(blocks: Sequence[Block], page: Page, *, sectioned: bool = False) -> Iterator[str]:
    """Blocks in order; a section runs to the next one, and half figures stand in pairs."""
    page = replace(page, sectioned=sectioned)
    open_section = False
    pair = ""
    for block in blocks:
        wanted = _pairing(block)
        if pair and pair != wanted:
            yield "</div>\n"
        if isinstance(block, Section):
            if open_section:
                yield "</section>\n"
            anchor = escaped(block.anchor)
            yield f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n'
            yield f'<h2 id="{anchor}-title">{page.heading(block.text)}</h2>\n'
            open_section, page = True, replace(page, sectioned=True)
        else:
            if wanted and pair != wanted:
                yield f'<div class="{wanted}">\n'
            yield _WRITERS[type(block)](block, page)
        pair = wanted
    yield "</div>\n" if pair else ""
    yield "</section>\n" if open_section else ""


def _pairing(block: Block) -> str:
    """Leagues stand row by row; bars, which differ in height, fill columns."""
    if isinstance(block, Ranking) and block.half:
        return "two"
    return "cards" if isinstance(block, Chart) and block.half else ""


def _title(block: Title, page: Page) -> str:
    above = f'<p class="above">{page.text(block.above)}</p>\n' if block.above else ""
    return f"{above}<h1>{page.heading(block.text)}</h1>\n"


def _text(block: Text, page: Page) -> str:
    return f'<p class="{block.role}">{"".join(_inline(part, page) for part in block.content)}</p>\n'


def _inline(part: Inline, page: Page) -> str:
    if isinstance(part, Figure):
        return f"<u>{page.text(plain_figure(part, page.words))}</u>"
    if isinstance(part, Link):
        return page.link(part)
    return page.text(part)


def _key_figures(block: KeyFigures, page: Page) -> str:
    items = "".join(
        f"<li{_hover(item, page)}><b>{figure_text(item.figure, page)}</b><span>{page.text(item.label)}</span>"
        f"<small>{page.text(item.detail)}</small></li>"
        for item in block.items
    )
    return f'<ul class="figures">{items}</ul>\n'


def _hover(item: KeyFigure, page: Page) -> str:
    return f' title="{page.text(item.title)}"' if item.title else ""


def _links(block: Links, page: Page) -> str:
    items = "".join(f"<li>{page.link(link)}</li>" for link in block.items)
    return f'{page.titled(block.title)}<ol class="links">{items}</ol>\n'


def _contents(block: Contents, page: Page) -> str:
    items = "".join(f'<li><a href="#{escaped(s.anchor)}">{page.text(s.text)}</a></li>' for s in block.sections)
    said = page.text(page.words.gettext("In this report"))
    kind = "contents short" if block.short else "contents"
    opening = f'<nav class="{kind}" id="{CONTENTS}" aria-label="{said}">'
    return f'{opening}<p aria-hidden="true">{said}</p><ol>{items}</ol></nav>\n'


def _fold(block: Fold, page: Page) -> str:
    opened = " open" if block.open else ""
    inside = "".join(_flow(block.blocks, page, sectioned=True))
    role = "plain" if all(isinstance(inner, Text) for inner in block.blocks) else "fold"
    summary = page.text(block.summary) + on_paper(page)
    return f'<details class="{role}"{opened}><summary>{summary}</summary>\n{inside}</details>\n'


_WRITERS: dict[type, Callable[..., str]] = {
    Title: _title,
    Text: _text,
    Quote: html_quotes.quote,
    Concordance: html_quotes.concordance,
    KeyFigures: _key_figures,
    Links: _links,
    Contents: _contents,
    Fold: _fold,
    Table: html_tables.table,
    Chart: html_figures.chart,
    Ranking: html_figures.ranking,
}
