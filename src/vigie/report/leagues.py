"""The league of brands, sector by sector: who is first, who may be, and what ranks cannot be excluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from vigie.language import EN_DASH, N_
from vigie.report.blocks import Block, Cell, Column, Link, Note, Ranking, Row, Section, Table, Text
from vigie.report.captions import LINEAGE, source
from vigie.report.edition import Edition
from vigie.report.first_places import answer, size, verdict, whole
from vigie.report.league_words import counted, decimals, heads, mark, member, members
from vigie.results.figures import Source
from vigie.results.rankings import League, LeagueEntry

MOST_DRAWN = 60  # a longer league is a table
MOST_WIDE = 4  # more leagues than that stand two by two


def leagues(edition: Edition) -> Iterator[Block]:
    """The verdicts of all sectors, how leagues are read, and the leagues, two by two where there are many."""
    found, between = edition.leagues(), edition.leagues(of="sector")
    if not found and not between:
        return
    words = edition.words
    yield Section("ranking", words.gettext("Ranking"), words.gettext("The league of brands"))
    yield from brands(edition, "mystery")
    if between and not found:
        yield _read(edition, between)
    yield from (_league(edition, league) for league in between)


def brands(edition: Edition, source: Source) -> Iterator[Block]:
    """The leagues of brands on one source."""
    found, sectors = edition.leagues(source), edition.sectors(source)
    if not found:
        return
    if len(sectors) > 1:
        yield _index(edition, sectors)
    else:
        yield from (Text((answer(edition, league),), "lead") for league in sectors)
    yield _read(edition, found)
    pairs = len(sectors) > MOST_WIDE
    yield from (_league(edition, league, half=pairs) for league in sectors)
    yield from (_league(edition, league) for league in found if league.family == "all")


def _league(edition: Edition, league: League, *, half: bool = False) -> Block:
    if not league.entries:
        lines = (f"{_title(edition, league)}.",)
        return Text((" ".join([*lines, *unranked(edition, [league])]),))
    if league.sets == "marginal" or len(league.entries) > MOST_DRAWN:
        return _table(edition, league)
    return _ranking(edition, league, half=half)


def anchor(league: League) -> str:
    source = "" if league.source == "mystery" else f"{league.source}-"
    return f"league-{source}" + "".join(c if c.isalnum() else "-" for c in league.family)


def _title(edition: Edition, league: League) -> str:
    return edition.words.gettext("{sector}: {verdict}", sector=edition.family(league), verdict=verdict(edition, league))


def _index(edition: Edition, sectors: list[League]) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Sector")),
        Column(words.gettext("Who is first?")),
        Column(words.gettext("Best score"), numeric=True, minor=True),
        Column(words.gettext("Brands"), numeric=True, minor=True),
    )
    rows = []
    for league in sectors:
        best = words.number(league.entries[0].score, decimals(league)) if whole(league) and league.entries else ""
        link = Link(edition.family(league), anchor(league))
        rows.append(Row((link, answer(edition, league), best, size(league))))
    proved = sum(league.verdict == "first" for league in sectors)
    of = words.count(len(sectors))
    title = words.ngettext(
        "{n} sector of {of} has a proven winner", "{n} sectors of {of} have a proven winner", proved, of=of
    )
    if not proved:
        title = words.gettext("No sector has a proven winner")
    level = words.percent(sectors[0].level)
    sub = words.gettext("Certain: proved at {level}, from the rank intervals of the sector", level=level)
    name = "sectors" if sectors[0].source == "mystery" else f"sectors-{sectors[0].source}"
    return Table(title, columns, tuple(rows), sub, anchor=name)


def _ranking(edition: Edition, league: League, *, half: bool) -> Ranking:
    return Ranking(
        _title(edition, league),
        _sub(edition, league),
        league,
        tuple(member(edition, league, e.brand) for e in league.entries),
        tuple(_remark(edition, e) for e in league.entries),
        tuple(unranked(edition, [league])),
        Note(()),
        anchor=anchor(league),
        half=half,
        decimals=decimals(league),
    )


def _sub(edition: Edition, league: League) -> str:
    """How many brands and tests; and who the possible firsts are, where there are several."""
    words = edition.words
    n = size(league)
    ranked = words.ngettext("{n} brand ranked", "{n} brands ranked", n)
    if league.of != "brand":
        ranked = members(league, words, n)
    return f"{ranked}, {counted(league, words, sum(e.n for e in league.entries))}" if whole(league) else ranked


def _read(edition: Edition, found: Sequence[League]) -> Text:
    """How every league of the section is made and read, said once."""
    words = edition.words
    mystery = found[0].source == "mystery"
    lines = [line for line in (source(edition, "mystery"),) if line and mystery]
    if not mystery:
        lines.append(words.gettext("Ranked by the mean of the stars; the reviews of one author count as one draw."))
    if edition.results.channel_weights and mystery:
        lines.append(words.gettext(
            "Score: mean of the channels, weighted as in the methodology; the uncertainty of these weights is counted."
        ))  # fmt: skip
    drawn = [league for league in found if league.sets == "simultaneous"]
    for league in (drawn or list(found))[:1]:
        lines += _rules(edition, league)
    if drawn:
        lines.append(words.gettext("Bold: brands that are not excluded from first place. Pale bars: possible ranks."))
    if any(e.flag == "fragile" for league in found for e in league.entries):
        least, enough = edition.thresholds(found[0].source)
        low, high = words.count(least), words.count(enough - 1)
        few = N_("Hollow dots: few tests ({low} to {high}).")
        few = few if mystery else N_("Hollow dots: few reviews ({low} to {high}).")
        lines.append(words.gettext(few, low=low, high=high))
    shown = tuple(dict.fromkeys(f"{league.source}.{league.indicator}" for league in found))
    more = Link(words.gettext("Where do these figures come from?"), LINEAGE, shown)
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
            value=mark(edition, league.threshold),
        )


def _remark(edition: Edition, entry: LeagueEntry) -> str:
    if not entry.absent_channels:
        return ""
    channels = edition.words.listing(edition.labels("channel", entry.absent_channels))
    return edition.words.gettext("not tested by {channels}", channels=channels)


def unranked(
    edition: Edition, leagues: Sequence[League], among: Callable[[str, str], bool] | None = None
) -> Iterator[str]:
    """Brands listed without a rank, by reason; `among` takes those whose name and family fit."""
    words = edition.words
    listed = [
        (u.reason, f"{name} ({counted(league, words, u.n)})")
        for league in leagues
        for u in league.unranked
        if (name := member(edition, league, u.brand)) and (among is None or among(name, edition.family(league)))
    ]
    for reason in dict.fromkeys(reason for reason, _ in listed):
        told = words.listing([name for its, name in listed if its == reason], most=40)
        yield words.gettext("Not ranked, {reason}: {names}.", reason=words.reason(reason), names=told)


def _table(edition: Edition, league: League) -> Table:
    """A league too long to draw, or whose rank sets speak of one brand at a time: no sentence about its head."""
    words = edition.words
    within = edition.sectors(league.source) if league.of == "brand" else []
    home = {e.brand: edition.family(sector) for sector in within for e in sector.entries}
    ranked, tests = heads(league, words)
    columns = [
        Column(ranked),
        Column(words.gettext("Possible ranks"), numeric=True),
        Column(words.gettext("Score"), numeric=True),
        Column(words.gettext("interval"), numeric=True),
        Column(tests, numeric=True),
    ]
    if home:
        columns.insert(1, Column(words.gettext("Sector")))
    rows = tuple(Row(_cells(edition, league, e, home)) for e in league.entries)
    n = len(league.entries)
    title = words.gettext("{family}: {what}", family=edition.family(league), what=members(league, words, size(league)))
    lines = [*(_rules(edition, league) if league.sets == "marginal" else ()), *unranked(edition, [league])]
    sub = ""
    if league.sets == "marginal":
        sub = words.gettext(
            "Each interval is a statement about one brand at a time, not about the order of the whole league"
        )
    unfold = words.ngettext("Show {n} brand", "Show all {n} brands", n)
    if league.of != "brand":
        unfold = words.ngettext("Show {n} line", "Show all {n} lines", n)
    return Table(title, tuple(columns), rows, sub, Note(tuple(lines)), unfold, anchor(league))


def _cells(edition: Edition, league: League, entry: LeagueEntry, home: dict[str, str]) -> tuple[Cell, ...]:
    words, remark, digits = edition.words, _remark(edition, entry), decimals(league)
    name = member(edition, league, entry.brand) + (f" ({remark})" if remark else "")
    cells: list[Cell] = [name]
    if home:
        cells.append(home.get(entry.brand, ""))
    interval = f"{words.number(entry.ci_low, digits)}{EN_DASH}{words.number(entry.ci_high, digits)}"
    cells += [words.rank(entry.rank.low, entry.rank.high), words.number(entry.score, digits), interval, entry.n]
    return tuple(cells)
