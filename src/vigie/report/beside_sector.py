"""A brand beside the others of its sector: its score over all channels and on each, and the mean of the others."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Chart, Note
from vigie.report.drawings import Figure, Panel, Panorama, PanoramaRow
from vigie.report.edition import CHANNEL, Edition
from vigie.report.league_words import decimals
from vigie.report.reduced import OTHERS, WHOLE, others
from vigie.report.scales import bounds
from vigie.results.rankings import CellScore, League


def beside_sector(edition: Edition, brand: str) -> Iterator[Block]:
    """Nothing where the brand has no score, or no mean of others may be told."""
    results, words = edition.results, edition.words
    league = next((s for s in edition.sectors("mystery") if any(e.brand == brand for e in s.entries)), None)
    if league is None:
        return
    entry = next(e for e in league.entries if e.brand == brand)
    told = [c for c in results.cells if c.brand == OTHERS] or others(results, brand)
    own = {WHOLE: CellScore(brand, WHOLE, entry.n, entry.score, entry.se)}
    own |= {c.channel: c for c in results.cells if c.brand == brand and c.score is not None}
    theirs = {c.channel: c for c in told}
    rows = [c for c in (WHOLE, *(c for c, _, _ in results.channel_weights)) if c in own and c in theirs]
    if not rows:
        return
    yield _chart(edition, league, [(c, own[c], theirs[c]) for c in rows], words.gettext("This brand"))


def _chart(edition: Edition, league: League, rows: list[tuple[str, CellScore, CellScore]], name: str) -> Chart:
    words = edition.words
    drawn = [(c, tuple(score(edition, cell, league) for cell in (one, other))) for c, one, other in rows]
    values = [v for _, figures in drawn for f in figures for v in (f.value, f.low, f.high) if v is not None]
    low, high = bounds(values, least=1.0, within=(0.0, league.out_of))
    unit = words.gettext("out of {n}", n=words.number(league.out_of, 0))
    panels = tuple(Panel(n, unit, low, high, "score", 1) for n in (name, words.gettext("Others of the sector")))
    all_ = words.gettext("All channels")
    lines = tuple(PanoramaRow(edition.label(f"{CHANNEL}:{c}") if c else all_, "", figures) for c, figures in drawn)
    sub = words.gettext("Mystery score, with intervals")
    note = words.gettext(
        "The mean of the others counts each brand once, leaves this one out, and stands on {n} brands or more.",
        n=words.count(edition.results.disclose.brands),
    )  # fmt: skip
    return Chart(
        words.gettext("Beside the others of its sector"),
        sub,
        Panorama(panels, lines),
        Note((note,), figures=(f"{league.source}.{league.indicator}",)),
    )


def score(edition: Edition, cell: CellScore, league: League) -> Figure:
    """A score with its interval, hollow where it stands on few tests."""
    half, value, flag = edition.half(cell.se or 0.0), cell.score or 0.0, edition.results.fragile_tests > cell.n
    low, high = max(value - half, 0.0), min(value + half, league.out_of)
    return Figure(value, "score", decimals(league), "fragile" if flag else "ok", low, high)
