"""What a site shows of a wave, page by page: the sections of the report, shared out, and pages of one channel or brand.

A page without anything to show has no blocks, and is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vigie.language import N_
from vigie.report.answers import answers
from vigie.report.banner import banner
from vigie.report.beside_sector import beside_sector
from vigie.report.blocks import Block, Link, Links, Section, Title
from vigie.report.captions import section_note
from vigie.report.channels import panorama
from vigie.report.comparison import compared, dimensions
from vigie.report.delays import delays
from vigie.report.drivers import drivers
from vigie.report.edition import BRAND, CHANNEL, Edition
from vigie.report.focus import focused
from vigie.report.journeys import journeys
from vigie.report.leagues import leagues
from vigie.report.methodology import methodology
from vigie.report.opening import opening
from vigie.report.printed import is_printed, printed
from vigie.report.records import log, noted
from vigie.report.reviews import reviews
from vigie.report.shapes import is_shape, key_figures, shapes
from vigie.report.side_by_side import side_by_side
from vigie.report.sources import ORDER, source_name
from vigie.report.trends import trends
from vigie.report.verbatims import verbatims
from vigie.results.figures import pick

Section_ = Callable[[Edition], Iterator[Block]]
PAGES: dict[str, tuple[Section_, ...]] = {
    "overview": (opening, panorama, side_by_side, trends, drivers),
    "league": (leagues,),
    "reviews": (reviews, verbatims),
    "tables": (noted, delays, log, journeys, banner, answers),
    "method": (methodology,),
}
TITLES = {
    "league": N_("Ranking"), "reviews": N_("Reviews"), "tables": N_("Tables"), "method": N_("Method"),
    "channels": N_("Channels"), "brands": N_("Brands"),
}  # fmt: skip


def page(edition: Edition, name: str) -> tuple[Block, ...]:
    """The blocks of a page, its title first."""
    if name == "overview":
        sections = (printed, trends) if is_printed(edition.results) else PAGES[name]
        return tuple(block for section in sections for block in section(edition))
    blocks = _INDICES[name](edition) if name in _INDICES else tuple(b for part in PAGES[name] for b in part(edition))
    return _titled(edition, name, blocks)


def _titled(edition: Edition, name: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A page of one section bears its title; one of several, that of the page."""
    sections = [block for block in blocks if isinstance(block, Section)]
    if len(sections) == 1 and blocks[0] is sections[0]:
        return (_title(edition, sections[0].text), *blocks[1:])
    return (_title(edition, edition.words.gettext(TITLES[name])), *blocks) if blocks else ()


def _title(edition: Edition, text: str) -> Title:
    words, results = edition.words, edition.results
    study = words.typeset(pick(results.title, words.code) or results.study)
    return Title(text, words.gettext("{study}, wave {wave}", study=study, wave=results.wave))


def offered(edition: Edition) -> list[str]:
    """The pages that have something to show."""
    found = [name for name in PAGES if name in ("overview", "method") or page(edition, name)]
    return [*found, *(["channels"] if edition.shown_channels else []), *(["brands"] if edition.shown_brands else [])]


def channel_index(edition: Edition) -> tuple[Block, ...]:
    """The channels, each leading to its page, and what is known of all of them beside each other."""
    words = edition.words
    links = tuple(Link(edition.label(f"{CHANNEL}:{c}"), f"{CHANNEL}:{c}") for c in edition.shown_channels)
    return (Links(words.gettext("Each channel has a page"), links), *panorama(edition), *side_by_side(edition))


def brand_index(edition: Edition) -> tuple[Block, ...]:
    """The brands, sector by sector, each leading to its page."""
    found = edition.shown_brands
    sectors: dict[str, list[str]] = {}
    for league in (*edition.sectors("mystery"), *edition.sectors("reviews")):
        for code in (*(e.brand for e in league.entries), *(u.brand for u in league.unranked)):
            if code in found and not any(code in listed for listed in sectors.values()):
                sectors.setdefault(edition.family(league), []).append(code)
    rest = [code for code in found if not any(code in listed for listed in sectors.values())]
    if rest:
        sectors[edition.words.gettext("Other brands")] = rest
    return tuple(
        Links(name, tuple(Link(edition.label(f"{BRAND}:{c}"), f"{BRAND}:{c}") for c in sorted(listed)))
        for name, listed in sectors.items()
    )


def of_channel(edition: Edition, code: str) -> tuple[Block, ...]:
    """What every source says of one channel."""
    return (_title(edition, edition.label(f"{CHANNEL}:{code}")), *_of(focused(edition, CHANNEL, code)))


def of_brand(edition: Edition, code: str) -> tuple[Block, ...]:
    """What every source says of one brand."""
    own = focused(edition, BRAND, code)
    return (_title(edition, edition.label(f"{BRAND}:{code}")), *beside_sector(edition, code), *_of(own))


def _of(own: Edition) -> Iterator[Block]:
    """Source by source: figures on everything, what has a shape of its own, by what it is broken; then trends."""
    for source in ORDER:
        found = [m for m in own.of(source) if m.kind != "time_to"]
        if not found:
            continue
        yield Section(f"of-{source}", source_name(own, source), source_name(own, source))
        yield section_note(own, [m.first for m in found])
        yield from key_figures(own, found)
        for measure in found:
            if is_shape(own, measure) or (measure.answers and measure.asked):
                yield from shapes(own, measure)
        for dimension in dimensions(found):
            yield from compared(own, found, dimension)
    yield from delays(own)
    yield from trends(own)


_INDICES = {"channels": channel_index, "brands": brand_index}  # pages that lead to others
