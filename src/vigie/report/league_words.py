"""What a league ranks and counts, in words: brands by tests, brands by reviews, sectors by tests."""

from __future__ import annotations

from vigie.language import Words
from vigie.report.edition import Edition
from vigie.results.rankings import League


def heads(league: League, words: Words) -> tuple[str, str]:
    """The heads of the columns of names and of counts."""
    ranked = {"sector": words.gettext("Sector"), "channel": words.gettext("Channel")}
    counted = {"reviews": words.gettext("Reviews"), "log": words.gettext("Cases"), "survey": words.gettext("Answers")}
    return ranked.get(league.of, words.gettext("Brand")), counted.get(league.source, words.gettext("Tests"))


def members(league: League, words: Words, n: int) -> str:
    """`12 brands`."""
    if league.of == "sector":
        return words.ngettext("{n} sector", "{n} sectors", n)
    if league.of == "channel":
        return words.ngettext("{n} channel", "{n} channels", n)
    return words.ngettext("{n} brand", "{n} brands", n)


def counted(league: League, words: Words, n: int) -> str:
    """`240 tests`."""
    if league.source == "reviews":
        return words.ngettext("{n} review", "{n} reviews", n)
    if league.source == "log":
        return words.ngettext("{n} case", "{n} cases", n)
    if league.source == "survey":
        return words.ngettext("{n} answer", "{n} answers", n)
    return words.ngettext("{n} test", "{n} tests", n)


def decimals(league: League) -> int:
    """Marks out of ten or twenty have one digit after the point, stars two."""
    return 1 if league.out_of >= 10 else 2


def member(edition: Edition, league: League, code: str) -> str:
    """The name of what is ranked: a brand, a sector, a channel."""
    return edition.label(f"{league.of}:{code}")


def mark(edition: Edition, value: float) -> str:
    """A threshold, or the top of the scale, without idle digits."""
    return edition.words.number(value, 0 if value == round(value) else 1)
