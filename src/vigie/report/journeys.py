"""What people told of steps, expectations, brands and orders of preference: indicators of more than one number."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import N_
from vigie.report.blocks import Block, Section
from vigie.report.captions import section_note
from vigie.report.edition import Edition
from vigie.report.measures import Measure
from vigie.report.shapes import is_shape, shapes

NAMES = {
    "funnel": N_("journeys"),
    "gap": N_("expectations"),
    "mentions": N_("brands named"),
    "items": N_("criteria"),
    "ranking": N_("priorities"),
}
MOST = 3  # more cannot be said in a heading


def journeys(edition: Edition) -> Iterator[Block]:
    """Those of the survey; the other sources have theirs in sections of their own."""
    words = edition.words
    found = [m for m in edition.of("survey") if is_shape(edition, m) and not m.coded]
    charts = [(m, list(shapes(edition, m))) for m in found]
    charts = [(m, made) for m, made in charts if made]
    if not charts:
        return
    kinds = dict.fromkeys(_kind(edition, m) for m, _ in charts)
    title = words.listing([words.gettext(NAMES[kind]) for kind in kinds])
    if len(kinds) > MOST:
        title = words.gettext("experiences and preferences")
    short = words.gettext(NAMES[next(iter(kinds))])
    yield Section("journeys", short[:1].upper() + short[1:], title[:1].upper() + title[1:])
    yield section_note(edition, [m.first for m, _ in charts])
    for _, made in charts:
        yield from made


def _kind(edition: Edition, measure: Measure) -> str:
    if measure.kind in NAMES:
        return measure.kind
    return "ranking" if edition.ranked(measure) else "items"
