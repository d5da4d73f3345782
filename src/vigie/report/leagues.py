"""The league of brands, sector by sector: who is first, who may be, and what ranks cannot be excluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.language import EN_DASH
from vigie.report.blocks import Block, Cell, Column, Link, Note, Ranking, Row, Section, Table, Text
from vigie.report.captions import LINEAGE, source
from vigie.report.edition import Edition
from vigie.results import League, LeagueEntry

MOST_DRAWN = 60  # a longer league is a table
MOST_WIDE = 4  # more leagues than that stand two by two


def leagues(edition: Edition) -> Iterator[Block]:
    """The verdicts of all sectors, how leagues are read, and the leagues, two by two where there are many."""
    found = edition.results.leagues
    if not found:
        return
    words, sectors = edition.words, edition.sectors()
    yield Section("ranking", words.gettext("Ranking"), words.gettext("The league of brands"))
    if len(sectors) > 1:
        yield _index(edition, sectors)
    yield _read(edition, found)
    pairs = len(sectors) > MOST_WIDE
    yield from (_league(edition, league, half=pairs) for league in sectors)
    yield from (_league(edition, league) for league in found if league.family == "all")


def _league(edition: Edition, league: League, *, half: bool = False) -> Block:
    if not league.entries:
        lines = (edition.words.gettext("{sector}: no brand could be ranked.", sector=edition.family(league)),)
        return Text((" ".join([*lines, *_unranked(edition, league)]),))
    if league.sets == "marginal" or len(league.entries) > MOST_DRAWN:
        return _table(edition, league)
    return _ranking(edition, league, half=half)


def anchor(league: League) -> str:
    return "league-" + "".join(c if c.isalnum() else "-" for c in league.family)


def verdict(edition: Edition, league: League) -> str:
    """What may be said of the first place, and no more."""
    words, n = edition.words, len(league.winners)
    if not league.entries:
        return words.gettext("no brand could be ranked")
    if league.verdict == "first" and league.winners:
        return words.gettext("{brand} is first", brand=edition.label(f"brand:{league.winners[0]}"))
    if league.verdict == "tied" and n > 1:
        return words.gettext("{count} brands can claim first place", count=words.spelled(n))
    reached = any(e.reaches_threshold == "yes" for e in league.entries)
    if league.verdict == "none" and league.threshold is not None and not reached:
        return words.gettext(
            "no brand is proved to reach {threshold} out of {out_of}",
            threshold=_mark(edition, league.threshold),
            out_of=_mark(edition, league.out_of),
        )
    return words.gettext("no brand is proved first")


def _index(edition: Edition, sectors: list[League]) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Sector")),
        Column(words.gettext("First place")),
        Column(words.gettext("Best score"), numeric=True, minor=True),
        Column(words.gettext("Brands"), numeric=True, minor=True),
    )
    rows = []
    for league in sectors:
        best = words.number(league.entries[0].score, 1) if league.entries else ""
        link = Link(edition.family(league), anchor(league))
        rows.append(Row((link, _first_place(edition, league), best, len(league.entries))))
    proved = sum(league.verdict == "first" for league in sectors)
    of = words.count(len(sectors))
    title = words.ngettext(
        "{n} sector of {of} has a proven winner", "{n} sectors of {of} have a proven winner", proved, of=of
    )
    if not proved:
        title = words.gettext("No sector has a proven winner")
    sub = words.gettext("The verdict of each sector, from its rank intervals")
    return Table(title, columns, tuple(rows), sub, anchor="sectors")


def _ranking(edition: Edition, league: League, *, half: bool) -> Ranking:
    words = edition.words
    title = words.gettext("{sector}: {verdict}", sector=edition.family(league), verdict=verdict(edition, league))
    return Ranking(
        title,
        _sub(edition, league),
        league,
        tuple(edition.label(f"brand:{e.brand}") for e in league.entries),
        tuple(_remark(edition, e) for e in league.entries),
        tuple(_unranked(edition, league)),
        Note(()),
        anchor=anchor(league),
        half=half,
    )


def _sub(edition: Edition, league: League) -> str:
    """How many brands and tests; and who the possible firsts are, where there are several."""
    words = edition.words
    ranked = words.ngettext("{n} brand ranked", "{n} brands ranked", len(league.entries))
    tests = words.ngettext("{n} test", "{n} tests", sum(e.n for e in league.entries))
    return f"{ranked}, {tests}"


def _read(edition: Edition, found: Sequence[League]) -> Text:
    """How every league of the section is made and read, said once."""
    words = edition.words
    lines = [line for line in (source(edition, "mystery"),) if line]
    if edition.results.channel_weights:
        lines.append(words.gettext(
            "Score: mean of the channels, weighted as in the methodology; the uncertainty of these weights is counted."
        ))  # fmt: skip
    drawn = [league for league in found if league.sets == "simultaneous"]
    for league in (drawn or list(found))[:1]:
        lines += _rules(edition, league)
    if drawn:
        lines.append(words.gettext("Bold: brands that are not excluded from first place. Pale bars: possible ranks."))
    if any(e.flag == "fragile" for league in found for e in league.entries):
        low, high = words.count(edition.results.hide_tests), words.count(edition.results.fragile_tests - 1)
        lines.append(words.gettext("Hollow dots: few tests ({low} to {high}).", low=low, high=high))
    more = Link(words.gettext("Where do these figures come from?"), LINEAGE)
    return Text((" ".join(lines) + " ", more), "small")


def _rules(edition: Edition, league: League) -> Iterator[str]:
    words = edition.words
    level, draws, seed = words.percent(league.level), words.count(league.draws), str(league.seed)
    said = {"level": level, "draws": draws, "seed": seed}
    if league.sets == "marginal":
        yield words.gettext("Ranks: marginal confidence sets at {level} ({draws} draws, seed {seed}).", **said)
    else:
        yield words.gettext("Ranks: simultaneous confidence sets at {level} ({draws} draws, seed {seed}).", **said)
    if league.threshold is not None:
        yield words.gettext(
            "A brand reaches the threshold of {value} when its whole interval lies above it.",
            value=_mark(edition, league.threshold),
        )


def _remark(edition: Edition, entry: LeagueEntry) -> str:
    if not entry.absent_channels:
        return ""
    channels = edition.words.listing(edition.labels("channel", entry.absent_channels))
    return edition.words.gettext("not tested by {channels}", channels=channels)


def _unranked(edition: Edition, league: League) -> Iterator[str]:
    """Brands listed without a rank, by reason."""
    words = edition.words
    for reason in dict.fromkeys(u.reason for u in league.unranked):
        names = [
            f"{edition.label(f'brand:{u.brand}')} ({words.ngettext('{n} test', '{n} tests', u.n)})"
            for u in league.unranked
            if u.reason == reason
        ]
        told = words.listing(names, most=40)
        yield words.gettext("Not ranked, {reason}: {names}.", reason=words.reason(reason), names=told)


def _table(edition: Edition, league: League) -> Table:
    """A league too long to draw, or whose rank sets speak of one brand at a time: no sentence about its head."""
    words = edition.words
    home = {e.brand: edition.family(sector) for sector in edition.sectors() for e in sector.entries}
    columns = [
        Column(words.gettext("Brand")),
        Column(words.gettext("Possible ranks"), numeric=True),
        Column(words.gettext("Score"), numeric=True),
        Column(words.gettext("interval"), numeric=True),
        Column(words.gettext("Tests"), numeric=True),
    ]
    if home:
        columns.insert(1, Column(words.gettext("Sector")))
    rows = tuple(Row(_cells(edition, e, home)) for e in league.entries)
    n = len(league.entries)
    title = words.ngettext("{family}: {n} brand", "{family}: {n} brands", n, family=edition.family(league))
    lines = [*(_rules(edition, league) if league.sets == "marginal" else ()), *_unranked(edition, league)]
    sub = ""
    if league.sets == "marginal":
        sub = words.gettext(
            "Each interval is a statement about one brand at a time, not about the order of the whole league"
        )
    unfold = words.ngettext("Show {n} brand", "Show all {n} brands", n)
    return Table(title, tuple(columns), rows, sub, Note(tuple(lines)), unfold, anchor(league))


def _cells(edition: Edition, entry: LeagueEntry, home: dict[str, str]) -> tuple[Cell, ...]:
    words, remark = edition.words, _remark(edition, entry)
    name = edition.label(f"brand:{entry.brand}") + (f" ({remark})" if remark else "")
    cells: list[Cell] = [name]
    if home:
        cells.append(home.get(entry.brand, ""))
    interval = f"{words.number(entry.ci_low, 1)}{EN_DASH}{words.number(entry.ci_high, 1)}"
    cells += [words.rank(entry.rank.low, entry.rank.high), words.number(entry.score, 1), interval, entry.n]
    return tuple(cells)


def _mark(edition: Edition, value: float) -> str:
    return edition.words.number(value, 0 if value == round(value) else 1)


def _first_place(edition: Edition, league: League) -> str:
    """The winner, those who may be, or why there is nobody."""
    words = edition.words
    names = words.listing([edition.label(f"brand:{b}") for b in league.winners], most=3)
    if league.verdict == "first" and names:
        return names
    if league.verdict == "tied" and len(league.winners) > 1:
        return words.gettext("{n} possible: {names}", n=words.count(len(league.winners)), names=names)
    told = verdict(edition, league)
    return told[:1].upper() + told[1:]
