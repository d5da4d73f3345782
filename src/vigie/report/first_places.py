"""Who is first, and whether it is certain: what may be said of a league's first place, in words, and no more.

A brand's reader is given a part of a league. What is said then holds for the whole of it, without the names that are
not published.
"""

from __future__ import annotations

from vigie.report.edition import Edition
from vigie.report.league_words import mark, member
from vigie.results.rankings import League


def size(league: League) -> int:
    """How many are ranked, shown or not."""
    return league.entries[0].rank.of if league.entries else 0


def whole(league: League) -> bool:
    """Whether all that are ranked are shown."""
    return len(league.entries) == size(league)


def verdict(edition: Edition, league: League) -> str:
    """What the title of a league says of its first place."""
    words, n = edition.words, len(league.winners)
    if not league.entries:
        return words.gettext("no brand could be ranked") if league.of == "brand" else words.gettext("nothing ranked")
    if league.verdict == "first":
        if not league.winners:
            return words.gettext("a brand is first, whose name is not published")
        return words.gettext("{brand} is first", brand=member(edition, league, league.winners[0]))
    if league.verdict == "tied" and not whole(league):
        return words.gettext("the first place is not certain")
    if league.of != "brand":
        if league.verdict == "tied" and n > 1:
            return words.gettext("{count} can claim first place", count=words.spelled(n))
        return words.gettext("none is proved first")
    if league.verdict == "tied" and n > 1:
        return words.gettext("{count} brands can claim first place", count=words.spelled(n))
    if _nobody_reaches(league):
        return words.gettext("no brand is proved to reach {threshold} out of {out_of}", **_bar(edition, league))
    return words.gettext("no brand is proved first")


def answer(edition: Edition, league: League) -> str:
    """One sentence to whoever asks which brand is first, and whether that is certain."""
    words = edition.words
    if not league.entries:
        return words.gettext("No brand could be ranked.")
    if league.verdict == "first":
        if not league.winners:
            return words.gettext("Certain: a brand whose name is not published.")
        return words.gettext("Certain: {brand} is first.", brand=member(edition, league, league.winners[0]))
    best = member(edition, league, league.entries[0].brand)
    if league.verdict == "tied":
        if not whole(league):
            return words.gettext("Not certain: several brands may be first.")
        if len(league.winners) < 2:
            return words.gettext("Not certain: {brand} has the best score.", brand=best)
        names = words.listing([member(edition, league, b) for b in league.winners], most=3)
        return words.gettext("Not certain: {names} may be first.", names=names)
    if not whole(league):
        return words.gettext("No brand is proved first.")
    if _nobody_reaches(league):
        return words.gettext(
            "No brand certainly reaches {threshold} out of {out_of}. Best score: {brand}.",
            brand=best, **_bar(edition, league),
        )  # fmt: skip
    return words.gettext("No brand is proved first. Best score: {brand}.", brand=best)


def _nobody_reaches(league: League) -> bool:
    """Whether it is the threshold that nobody is proved to reach, as far as all are shown."""
    proved = any(e.reaches_threshold == "yes" for e in league.entries)
    return league.verdict == "none" and league.threshold is not None and not proved and whole(league)


def _bar(edition: Edition, league: League) -> dict[str, str]:
    return {"threshold": mark(edition, league.threshold or 0.0), "out_of": mark(edition, league.out_of)}
