"""People's words on a page: as they were written, with the words that were looked for marked."""

from __future__ import annotations

from vigie.report.blocks import Concordance, Quote
from vigie.report.html_tables import scrolling
from vigie.report.html_text import Page, escaped


def quote(block: Quote, page: Page) -> str:
    source = f"<footer>{page.text(block.source)}</footer>" if block.source else ""
    tone = f' class="{block.tone}"' if block.tone else ""
    language = f' lang="{escaped(block.language)}"' if block.language else ""
    return f"<blockquote{tone}><p{language}>{_marked(block)}</p>{source}</blockquote>\n"


def _marked(block: Quote) -> str:
    pieces, done = [], 0
    for low, high in block.hits:
        pieces += [escaped(block.text[done:low]), f"<mark>{escaped(block.text[low:high])}</mark>"]
        done = high
    return "".join([*pieces, escaped(block.text[done:])])


def concordance(block: Concordance, page: Page) -> str:
    """A line to an occurrence, the words beneath each other."""
    heads = "".join(f'<th scope="col">{page.text(head)}</th>' for head in block.heads)
    lines = "".join(
        f'<tr title="{page.text(line.source)}"><td>{escaped(line.before)}</td><th scope="row">{escaped(line.hit)}</th>'
        f"<td>{escaped(line.after)}</td></tr>"
        for line in block.lines
    )
    name = page.text(block.title)
    table = f'<table class="concordance"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<figure class="open">{page.titled(block.title)}{scrolling(table, name)}</figure>\n'
