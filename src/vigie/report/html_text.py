"""Text made safe and well set for a page: everything that comes from a file passes here."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from vigie.language import DASH, NBSP, Words
from vigie.report.blocks import Link, Note
from vigie.report.drawings import Figure

_INVERTED = re.compile(r"\w+(?:-t)?-(?:ils?|elles?|on|je|tu|nous|vous|ce|là|ci)\b")
FIGURES = "figures"  # the anchor of pages on single indicators, where there are such
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Page:
    """What every writer of a block needs to know of the page."""

    words: Words
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # the addresses of anchors that stand on another page
    sectioned: bool = True  # whether what is written stands in a section: titles of figures come beneath its own

    def text(self, text: str) -> str:
        """Typeset, then escaped."""
        return escaped(self.words.typeset(text))

    def heading(self, text: str) -> str:
        """A heading, in which no line ends within `a-t-il` or `êtes-vous`."""
        return escaped(_INVERTED.sub(lambda found: found[0].replace("-", "\u2011"), self.words.typeset(text)))

    def titled(self, text: str) -> str:
        """The title of a figure; beneath the title of the page alone it is of the second level."""
        level = "" if self.sectioned else ' aria-level="2"'
        return f"<h3{level}>{self.heading(text)}</h3>\n"

    def link(self, link: Link) -> str:
        address = self.elsewhere.get(link.anchor, f"#{link.anchor}")
        if link.figures and FIGURES in self.elsewhere:
            address = f"{self.elsewhere[FIGURES]}?{urlencode({'of': link.figures}, doseq=True)}"
        return f'<a href="{escaped(address)}">{self.text(link.text)}</a>'

    def caption(self, note: Note | None, extra: str = "") -> str:
        """What stands beneath a figure."""
        if note is None or not (note.lines or (note.figures and FIGURES in self.elsewhere)):
            return f"<figcaption>{extra}</figcaption>\n" if extra else ""
        lines = " ".join(self.text(line) for line in note.lines)
        if note.anchor or (note.figures and FIGURES in self.elsewhere):
            more = Link(self.words.gettext("Where do these figures come from?"), note.anchor, note.figures)
            lines += f' <span class="more">{self.link(more)}</span>'
        return f"<figcaption><p>{lines}</p>{extra}</figcaption>\n"

    def folds(self, note: Note | None, *more: str) -> str:
        """What opens beneath a figure, on one line while it is closed: wordings, and figures as tables."""
        asked = ""
        if note is not None and note.folded:
            lines = "".join(f"<p>{self.text(line)}</p>" for line in note.folded)
            asked = fold(self.text(self.words.gettext("Questions asked")), lines)
        inside = asked + "".join(more)
        return f'<div class="folds">{inside}</div>\n' if inside else ""


def fold(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>{body}</details>"


def on_paper(page: Page) -> str:
    """What stands on paper for what is folded: it is in the tab book."""
    said = page.words.gettext("In the tab book.")
    return f'<small class="paper">{page.text(said)}</small>'


def escaped(text: str) -> str:
    """Inert in a text and in a quoted attribute; control characters that XML forbids are dropped."""
    return html.escape(text.translate(_CONTROLS), quote=True)


def plain_figure(figure: Figure, words: Words) -> str:
    """A number, or the dash that stands for a hidden one."""
    if figure.value is None:
        return f"{DASH} {figure.why}".strip()
    shown = words.value(figure.value, figure.unit, figure.decimals)
    return f"{shown}{NBSP}{figure.of}" if figure.of else shown


def figure_text(figure: Figure, page: Page) -> str:
    """A number with its arrow, lighter where its base is fragile."""
    if figure.value is None:
        return f'{DASH} <span class="s">{page.text(figure.why)}</span>' if figure.why else DASH
    shown = page.text(plain_figure(figure, page.words))
    if figure.flag == "fragile":
        said = page.text(page.words.gettext("fragile base"))
        told = f'<span class="fragile" title="{said}">{shown}<span class="hidden"> ({said})</span></span>'
        return told + _letters(figure, page)
    if figure.published:
        said = page.text(page.words.gettext("printed figure"))
        return f'<span class="asprinted" title="{said}">{shown}<span class="hidden"> ({said})</span></span>'
    return shown + arrow(figure, page) + _letters(figure, page)


def _letters(figure: Figure, page: Page) -> str:
    """The categories that are significantly lower, which a screen reader is told what they are."""
    if not figure.letters:
        return ""
    said = page.text(page.words.gettext("significantly higher than"))
    return f'<sup class="letters"><span class="hidden">{said} </span>{escaped(figure.letters)}</sup>'


def arrow(figure: Figure, page: Page) -> str:
    """The sign of a significant change, which a screen reader says in words."""
    if not figure.moved:
        return ""
    up = figure.verdict == "up"
    said = page.words.gettext("significant rise") if up else page.words.gettext("significant fall")
    sign = "↑" if up else "↓"
    return f'&nbsp;<i class="arrow" aria-hidden="true">{sign}</i><span class="hidden"> {page.text(said)}</span>'


def interval_text(figure: Figure, page: Page) -> str:
    """The interval of a figure that has one."""
    if figure.low is None or figure.high is None or figure.value is None:
        return ""
    return page.text(page.words.interval(figure.low, figure.high, figure.unit, figure.decimals))
