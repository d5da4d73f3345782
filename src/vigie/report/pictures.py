"""A chart as a picture that stands alone: title, drawing, caption; as SVG, and as PNG for slides and messages.

The colours and lines are the page's own: its rules for drawings, with its variables filled in. A PNG is set in letters
that come along, so that it looks the same on every machine.
"""

from __future__ import annotations

import functools
import html
import re
from importlib import resources

from vigie.language import Words
from vigie.report import svg_panorama
from vigie.report.blocks import Chart
from vigie.report.drawings import Panorama
from vigie.report.html import STYLE
from vigie.report.svg import WIDE, wrap

MARGIN, ZOOM = 32, 2
_RULE = re.compile(r"(svg [^{}@]+)\{([^{}]*)\}")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_FONT = re.compile(r"font: (?:(\d+) )?([\d.]+px)(?:/[\d.]+)? ([^;]+);?")
SANS = "'Source Sans Pro', 'Liberation Sans', Arial, sans-serif"


def svg(chart: Chart, words: Words) -> str:
    """A panorama with its title above and its caption beneath.

    Raises TypeError for charts of another kind.
    """
    if not isinstance(chart.spec, Panorama):
        raise TypeError(type(chart.spec).__name__)
    title, sub = words.typeset(chart.title), words.typeset(chart.sub)
    drawn = svg_panorama.wide(chart.spec, words, title)
    size = _SIZE.search(drawn)
    if size is None:
        raise ValueError("a drawing without a size")  # pragma: no cover - every drawing has one
    height, y, parts = float(size[2]), MARGIN + 4.0, list[str]()
    for line in wrap(title, WIDE, 20, bold=True):
        y += 22
        parts.append(f'<text class="title" x="{MARGIN}" y="{y:.0f}">{html.escape(line)}</text>')
    for line in wrap(sub, WIDE) if sub else []:
        y += 20
        parts.append(f'<text class="m" x="{MARGIN}" y="{y:.0f}">{html.escape(line)}</text>')
    y += 16
    inner = re.sub(r"^<svg [^>]*>", f'<svg x="{MARGIN}" y="{y:.0f}" width="{WIDE}" height="{height:.0f}">', drawn)
    y += height + 8
    beneath = [line for said in chart.note.lines for line in wrap(words.typeset(said), WIDE, 12, lines=4)]
    foot = []
    for line in beneath:
        y += 17
        foot.append(f'<text class="s" x="{MARGIN}" y="{y:.0f}">{html.escape(line)}</text>')
    width, whole = WIDE + 2 * MARGIN, y + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{whole:.0f}" '
        f'viewBox="0 0 {width} {whole:.0f}" role="img" aria-label="{html.escape(title)}"><style>{_style()}</style>'
        f'<rect width="{width}" height="{whole:.0f}" fill="#fff"/>{"".join(parts)}{inner}{"".join(foot)}</svg>\n'
    )


def png(drawing: str) -> bytes:
    """A drawing as a picture of twice as many pixels as it has units, for sharp slides."""
    import resvg_py

    folder = resources.files("font_source_sans_pro") / "files"
    fonts = [str(folder / f"SourceSansPro-{cut}.ttf") for cut in ("Regular", "Semibold", "Bold")]
    made = resvg_py.svg_to_bytes(
        svg_string=drawing, zoom=ZOOM, font_files=fonts, skip_system_fonts=True, sans_serif_family="Source Sans Pro",
        font_family="Source Sans Pro",
    )  # fmt: skip
    return bytes(made)


@functools.cache
def _style() -> str:
    """The page's rules for drawings, that a picture can have in it."""
    sheet = STYLE.read_text(encoding="utf-8").split("@media", 1)[0]
    colours = dict(re.findall(r"(--\w+): (#\w+);", sheet))
    rules = [(name, body) for name, body in _RULE.findall(sheet) if "narrow" not in name and "wide" not in name]
    filled = [f"{name}{{{_filled(body, colours)}}}" for name, body in rules]
    return "".join([*filled, f"svg .title {{ font-family: {SANS}; font-size: 20px; font-weight: 600; }}"])


def _filled(body: str, colours: dict[str, str]) -> str:
    body = _FONT.sub(lambda m: f"font-family: {SANS}; font-size: {m[2]}; font-weight: {m[1] or 400};", body)
    return re.sub(r"var\((--\w+)\)", lambda m: colours.get(m[1], "currentColor"), body)
