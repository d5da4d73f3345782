"""What a site shows of a wave, page by page: the sections of the report, shared out, and pages of one channel or brand.

A page without anything to show has no blocks, and is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

Section_ = Callable[[Edition], Iterator[Block]]
PAGES: dict[str, tuple[Section_, ...]] = {
    "overview": (opening, panorama, side_by_side, trends, drivers),
    "league": (leagues,),
    "reviews": (reviews, verbatims),
    "tables": (noted, delays, log, journeys, banner, answers),
    "method": (methodology,),
}


def page(edition: Edition, name: str) -> tuple[Block, ...]:
    """The blocks of a page."""
    if name in _INDICES:
        return _INDICES[name](edition)
    if name == "overview" and is_printed(edition.results):
        return (*printed(edition), *trends(edition))
    return tuple(block for section in PAGES[name] for block in section(edition))


def offered(edition: Edition) -> list[str]:
    """The pages that have something to show."""
    found = [name for name in PAGES if name in ("overview", "method") or page(edition, name)]
    return [*found, *(["channels"] if channels(edition) else []), *(["brands"] if brands(edition) else [])]


def channel_index(edition: Edition) -> tuple[Block, ...]:
    """The channels, each leading to its page, and what is known of all of them beside each other."""
    words = edition.words
    links = tuple(Link(edition.label(f"{CHANNEL}:{c}"), f"{CHANNEL}:{c}") for c in channels(edition))
    return (Links(words.gettext("Channels"), links), *panorama(edition), *side_by_side(edition))


def brand_index(edition: Edition) -> tuple[Block, ...]:
    """The brands, sector by sector, each leading to its page."""
    found = brands(edition)
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


def brands(edition: Edition) -> list[str]:
    """The brands that have a page."""
    return edition.branded


def channels(edition: Edition) -> list[str]:
    """The channels that have a page."""
    return edition.channelled


def of_channel(edition: Edition, code: str) -> tuple[Block, ...]:
    """What every source says of one channel."""
    return (Title(edition.label(f"{CHANNEL}:{code}")), *_of(focused(edition, CHANNEL, code)))


def of_brand(edition: Edition, code: str) -> tuple[Block, ...]:
    """What every source says of one brand."""
    own = focused(edition, BRAND, code)
    return (Title(edition.label(f"{BRAND}:{code}")), *beside_sector(edition, code), *_of(own))


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
