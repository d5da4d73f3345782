"""Sheets of the leagues: the sectors one beneath the other, and all brands together."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.report.edition import Edition
from vigie.report.first_places import verdict
from vigie.report.league_words import decimals, member
from vigie.report.league_words import heads as member_heads
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell
from vigie.results.rankings import League, LeagueEntry

WIDTHS = [36, 10, 10, 10, 10, 10, 9, 14, 34]


def league_sheets(book: Book, edition: Edition) -> list[Sheet]:
    words, mystery, reviews = book.words, edition.leagues(), edition.leagues("reviews")
    wanted = (
        (words.gettext("Ranking by sector"), edition.sectors()),
        (words.gettext("Ranking, all brands"), [league for league in mystery if league.family == "all"]),
        (words.gettext("Ranking of sectors"), edition.leagues(of="sector")),
        (words.gettext("Ranking by reviews"), reviews),
    )
    return [_sheet(book, edition, name, leagues) for name, leagues in wanted if leagues]


def _sheet(book: Book, edition: Edition, name: str, leagues: Sequence[League]) -> Sheet:
    words = book.words
    level = words.percent(leagues[0].level)
    sheet = book.sheet(name, name, words.gettext("Intervals and rank sets at {level}", level=level))
    sheet.widths(WIDTHS)
    ranked, counted = member_heads(leagues[0], words)
    heads = (
        ranked, words.gettext("Rank, low"), words.gettext("Rank, high"), words.gettext("Score"),
        words.gettext("Low"), words.gettext("High"), counted, words.gettext("Threshold"),
        words.gettext("Remark"),
    )  # fmt: skip
    sheet.head(heads, texts=(0, 7, 8))
    for league in leagues:
        sheet.heading(_title(edition, league))
        for entry in league.entries:
            sheet.write(_entry(edition, league, entry))
        for brand in league.unranked:
            remark = words.gettext("not ranked: {reason}", reason=words.reason(brand.reason))
            label = member(edition, league, brand.brand)
            sheet.write([label, None, None, None, None, None, brand.n, None, remark], light=True)
        sheet.row += 1
    sheet.close()
    return sheet


def _title(edition: Edition, league: League) -> str:
    """A league of marginal sets says nothing of its head."""
    words, family = edition.words, edition.family(league)
    if league.sets == "marginal":
        return words.gettext("{family}; rank sets are marginal: one brand at a time", family=family)
    return words.gettext("{sector}: {verdict}", sector=family, verdict=verdict(edition, league))


def _entry(edition: Edition, league: League, entry: LeagueEntry) -> list[XlsxCell]:
    words = edition.words
    reached = {
        "yes": words.gettext("reached"),
        "no": words.gettext("not reached"),
        "unsure": words.gettext("uncertain"),
        None: "",
    }
    absent = words.listing(edition.labels("channel", entry.absent_channels))
    dim = entry.flag == "fragile"
    return [
        member(edition, league, entry.brand),
        entry.rank.low,
        entry.rank.high,
        *(Number(v, "number", decimals(league), dim) for v in (entry.score, entry.ci_low, entry.ci_high)),
        entry.n,
        reached[entry.reaches_threshold],
        words.gettext("not tested by {channels}", channels=absent) if absent else "",
    ]
