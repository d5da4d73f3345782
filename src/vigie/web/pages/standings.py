"""The league with what finds a brand in it: all brands on a line each, searched and sorted; up to five compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from vigie.language import EN_DASH, Words
from vigie.report.edition import CHANNEL, Edition
from vigie.report.html import fragment
from vigie.report.league_words import decimals, heads
from vigie.report.leagues import unranked
from vigie.report.standings import MOST, Standing, compared, sectors, standings, tested_channels
from vigie.verbatim.folding import fold
from vigie.web import library
from vigie.web.frame import Said, framed, names, words_of
from vigie.web.pages.figures import elsewhere
from vigie.web.routes import Request

SORTS: dict[str, Callable[[Standing], Any]] = {
    "rank": lambda s: (s.entry.rank.low, s.entry.rank.high, -s.entry.score),
    "score": lambda s: -s.entry.score,
    "name": lambda s: fold(s.name),
    "sector": lambda s: (fold(s.sector), -s.entry.score),
    "n": lambda s: -s.entry.n,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A brand as the table shows it."""

    brand: str
    name: str
    address: str  # of its page; empty where it has none
    sector: str
    ranks: str
    of: str
    left: float  # of its possible ranks, in percent of the league
    width: float
    score: str
    interval: str
    n: str
    channels: tuple[str, ...]
    fragile: bool


def brand_table(request: Request, wave: str) -> HttpResponse:
    """All ranked brands, a line each: those whose name or sector holds what was typed, in the order asked for."""
    place, release, words = request.place, request.place.wave(wave), words_of(request)
    edition = library.edition(place, release, words.code)
    listed, channels = standings(edition), tested_channels(edition)
    if not listed:
        raise Http404
    typed, sort = request.GET.get("find", "").strip()[:100], request.GET.get("sort", "")[:100]
    key = ("standings", release.pk, place.brands, typed, sort, words.code)
    table = library.bodies.get(key, lambda: _table(edition, listed, channels, typed, sort, names(place, wave)))
    return render(
        request,
        "standings.html",
        framed(place, release, "league", words) | {"typed": typed, "sort": sort, "body": table},
    )


def _table(
    edition: Edition,
    listed: Sequence[Standing],
    channels: Sequence[str],
    typed: str,
    sort: str,
    address: dict[str, str],
) -> str:
    """The lines of those that hold what was typed, with what ticks some and compares them."""
    words, pages = edition.words, set(edition.shown_brands)

    def found(name: str, sector: str) -> bool:
        return all(w in fold(f"{name} {sector}") for w in fold(typed).split())

    shown = [s for s in listed if found(s.name, s.sector)]
    shown.sort(key=_key(sort, channels))
    ranked, counted = heads(listed[0].league, words)
    columns = [("name", ranked), ("sector", words.gettext("Sector")), ("rank", words.gettext("Possible ranks")),
               ("score", words.gettext("Score")), ("n", counted)]  # fmt: skip
    columns += [(f"{CHANNEL}:{c}", edition.label(f"{CHANNEL}:{c}")) for c in channels]
    links = [(title, "?" + urlencode({"find": typed, "sort": key} if typed else {"sort": key}), key == sort)
             for key, title in columns]  # fmt: skip
    return render_to_string(
        "standings_table.html",
        {
            "said": Said(words), "heads": links, "total": len(listed), "compare": reverse("compared", kwargs=address),
            "lines": [_line(s, channels, pages, address, words) for s in shown],
            "unranked": list(unranked(edition, sectors(edition), found)),
        },
    )  # fmt: skip


def compare(request: Request, wave: str) -> HttpResponse:
    """A few brands beside each other."""
    place, release, words = request.place, request.place.wave(wave), words_of(request)
    edition = library.edition(place, release, words.code)
    known = {s.brand: s for s in standings(edition)}
    if not known:
        raise Http404
    asked = list(dict.fromkeys(b for b in request.GET.getlist("brand") if b in known))[:MOST]
    if not asked:
        return redirect(reverse("standings", kwargs=names(place, wave)))
    chosen = [known[b] for b in asked]
    others = sorted((s for b, s in known.items() if b not in asked), key=lambda s: fold(s.name))
    body = fragment(tuple(compared(edition, chosen)), words.code, elsewhere(names(place, wave), "league", edition))
    return render(
        request, "compared.html",
        framed(place, release, "league", words) | {
            "body": mark_safe(body),  # noqa: S308 - every text of a block was escaped when it was drawn
            "chosen": [(s, "?" + urlencode({"brand": [b for b in asked if b != s.brand]}, doseq=True)) for s in chosen],
            "others": others if len(asked) < MOST else [],
        },
    )  # fmt: skip


def _key(sort: str, channels: Sequence[str]) -> Callable[[Standing], Any]:
    """The order asked for; by sector and score unless it is known."""
    channel = sort.removeprefix(f"{CHANNEL}:")
    if channel != sort and channel in channels:
        return lambda s: (
            channel not in s.channels,
            -(s.channels[channel].score or 0.0) if channel in s.channels else 0,
        )
    return SORTS.get(sort, SORTS["sector"])


def _line(s: Standing, channels: Sequence[str], pages: set[str], address: dict[str, str], words: Words) -> Line:
    e, digits = s.entry, decimals(s.league)
    steps = max(e.rank.of - 1, 1)
    left, right = (e.rank.low - 1) / steps * 96, (e.rank.high - 1) / steps * 96 + 4  # room for a single rank
    scores = [s.channels[c].score if c in s.channels else None for c in channels]
    return Line(
        s.brand, s.name, reverse("brand", kwargs=address | {"brand": s.brand}) if s.brand in pages else "", s.sector,
        words.rank(e.rank.low, e.rank.high), words.count(e.rank.of), round(left, 1), round(right - left, 1),
        words.number(e.score, digits), f"{words.number(e.ci_low, digits)}{EN_DASH}{words.number(e.ci_high, digits)}",
        words.count(e.n), tuple(words.number(v, digits) if v is not None else "" for v in scores), e.flag == "fragile",
    )  # fmt: skip
