"""Every ranked brand on one line, whatever its sector; and a few brands beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from vigie.language import EN_DASH
from vigie.report.beside_sector import score
from vigie.report.blocks import Block, Chart, Column, Link, Note, Row, Table, Text
from vigie.report.captions import LINEAGE
from vigie.report.drawings import Figure, Panel, Panorama, PanoramaRow
from vigie.report.edition import BRAND, CHANNEL, Edition
from vigie.report.league_words import counted, decimals, heads
from vigie.report.reduced import OTHERS
from vigie.report.scales import bounds
from vigie.results.rankings import CellScore, League, LeagueEntry

MOST = 5  # brands beside each other


@dataclass(frozen=True, slots=True)
class Standing:
    """A brand's place in the league of its sector, and its score on each channel where it was tested often enough."""

    brand: str
    name: str
    sector: str
    league: League
    entry: LeagueEntry
    channels: dict[str, CellScore]


def sectors(edition: Edition) -> list[League]:
    """The leagues of sectors: by tests, or by reviews where nothing was tested."""
    return edition.sectors("mystery") or edition.sectors("reviews")


def standings(edition: Edition) -> list[Standing]:
    """The brands that are ranked in their sector."""
    cells: dict[str, dict[str, CellScore]] = {}
    for cell in edition.results.cells:
        if cell.score is not None and cell.brand != OTHERS:
            cells.setdefault(cell.brand, {})[cell.channel] = cell
    return [
        Standing(e.brand, edition.label(f"{BRAND}:{e.brand}"), edition.family(league), league, e,
                 cells.get(e.brand, {}) if league.source == "mystery" else {})
        for league in sectors(edition) for e in league.entries
    ]  # fmt: skip


def tested_channels(edition: Edition) -> list[str]:
    """The channels on which brands have scores, from the weightiest."""
    scored = {c.channel for c in edition.results.cells if c.score is not None}
    return [c for c, _, _ in edition.results.channel_weights if c in scored]


def compared(edition: Edition, chosen: Sequence[Standing]) -> Iterator[Block]:
    """Brands beside each other: who is certainly before whom, scores by channel with intervals, ranks and bases."""
    words = edition.words
    certain = [said for one, other in combinations(chosen, 2) if (said := _order(edition, one, other))]
    if certain:
        yield Text((" ".join(certain),), "lead")
    yield _scores(edition, chosen)
    ranked, tests = heads(chosen[0].league, words)
    columns = (
        Column(ranked), Column(words.gettext("Sector")), Column(words.gettext("Possible ranks"), numeric=True),
        Column(words.gettext("Score"), numeric=True), Column(words.gettext("interval"), numeric=True),
        Column(tests, numeric=True),
    )  # fmt: skip
    rows = tuple(Row(_cells(edition, one)) for one in chosen)
    league = chosen[0].league
    shown = (f"{league.source}.{league.indicator}",)
    more = Link(words.gettext("Where do these figures come from?"), LINEAGE, shown)
    yield Table(words.gettext("Ranks and bases"), columns, rows, stacked=True)
    yield Text((more,), "small")


def _order(edition: Edition, one: Standing, other: Standing) -> str:
    """Which of two brands of a sector is certainly before the other; nothing across sectors, or where nobody knows."""
    if one.sector != other.sector or one.league.sets != "simultaneous":
        return ""
    words = edition.words
    first, second = (one, other) if one.entry.score >= other.entry.score else (other, one)
    proved = first.entry.also_before
    if first.entry.rank.high < second.entry.rank.low or second.brand in (proved or ()):
        return words.gettext("{first} is certainly before {second}.", first=first.name, second=second.name)
    if proved is None:
        return ""
    return words.gettext(
        "The order of {first} and {second} is not certain.", first=first.name, second=second.name
    )  # fmt: skip


def _scores(edition: Edition, chosen: Sequence[Standing]) -> Chart:
    words, league = edition.words, chosen[0].league
    channels = [c for c in tested_channels(edition) if any(c in one.channels for one in chosen)]
    whole: tuple[Figure | None, ...] = tuple(_whole(one) for one in chosen)
    lines = [(words.gettext("All channels"), whole)]
    lines += [
        (edition.label(f"{CHANNEL}:{c}"), tuple(_on(edition, one, c) for one in chosen)) for c in channels
    ]  # fmt: skip
    shown = [f for _, figures in lines for f in figures if f is not None]
    values = [v for f in shown for v in (f.value, f.low, f.high) if v is not None]
    low, high = bounds(values, least=1.0, within=(0.0, league.out_of))
    unit = words.gettext("out of {n}", n=words.number(league.out_of, 0))
    panels = tuple(Panel(one.name, unit, low, high, "score", decimals(league)) for one in chosen)
    rows = tuple(PanoramaRow(name, "", figures) for name, figures in lines)
    sub = words.gettext("Mystery score, with intervals") if league.source == "mystery" else unit
    return Chart(words.gettext("Brands beside each other"), sub, Panorama(panels, rows), Note(()))


def _whole(one: Standing) -> Figure:
    e = one.entry
    return Figure(e.score, "score", decimals(one.league), e.flag, e.ci_low, e.ci_high)


def _on(edition: Edition, one: Standing, channel: str) -> Figure | None:
    cell = one.channels.get(channel)
    return None if cell is None else score(edition, cell, one.league)


def _cells(edition: Edition, one: Standing) -> tuple[str | Link, ...]:
    words, e, digits = edition.words, one.entry, decimals(one.league)
    interval = f"{words.number(e.ci_low, digits)}{EN_DASH}{words.number(e.ci_high, digits)}"
    ranks = words.gettext("{ranks} of {n}", ranks=words.rank(e.rank.low, e.rank.high), n=words.count(e.rank.of))
    return (
        Link(one.name, f"{BRAND}:{one.brand}"), one.sector, ranks, words.number(e.score, digits), interval,
        counted(one.league, words, e.n),
    )  # fmt: skip
