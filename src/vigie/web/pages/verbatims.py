"""What people wrote in a wave: looked for by words and by where it was written, one text after another or in context.

Everybody but analysts sees texts of groups that are large enough (`disclose: quotes:`); a brand's reader those
about it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, cast, get_args

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from vigie.language import N_, Words
from vigie.report.blocks import Text
from vigie.report.edition import BRAND, CHANNEL, Edition
from vigie.report.html import fragment
from vigie.report.parts import named
from vigie.report.quotes import counted, in_context, quoted
from vigie.results.verbatims import Order, Rule, Search
from vigie.store.models import Release
from vigie.study.resolution import POLARITIES
from vigie.study.waves import FILE_KEYS
from vigie.verbatim.concordance import query
from vigie.web import library
from vigie.web.access import Place, Right
from vigie.web.frame import Said, framed, to_door, words_of
from vigie.web.lists import open_questions
from vigie.web.routes import Request, number

PAGE, CONTEXTS, MOST_PAGES = 25, 400, 10_000  # texts on a page; texts that a concordance is made of
ORDERS: dict[Order, str] = {
    "recent": N_("the last first"), "worst": N_("the most negative first"), "best": N_("the most positive first"),
}  # fmt: skip
INTENSITIES = {0: N_("any"), 1: N_("1 or more"), 2: N_("2 or more"), 3: N_("3, the strongest")}
UNREADABLE = N_("No text can be shown: this version of the study has problems that the software finds.")


def verbatims(request: Request, wave: str) -> HttpResponse:
    """The form, and beneath it a page of what it finds."""
    place, release, words = request.place, request.place.wave(wave), words_of(request)
    if "verbatims" not in library.parts(place, release, words.code):
        return to_door(request, wave)
    search, context, number = asked(request.GET), request.GET.get("show") == "context", _number(request.GET.get("page"))
    edition = library.edition(place, release, words.code)
    limit = CONTEXTS if context else PAGE
    rule = rule_for(place, edition)
    key = (release.pk, rule, search, context, number, words.code)
    body, total = library.bodies.get(key, lambda: _drawn(release, edition, search, rule, limit, number, context))
    last = 1 if context else -(-total // PAGE)
    return render(
        request, "verbatims.html",
        framed(place, release, "verbatims", words) | {
            "body": mark_safe(body),  # noqa: S308 - every text of a block was escaped when it was drawn
            "asked": search, "context": context, "number": number, "last": last,
            "earlier": _address(search, number - 1) if number > 1 else "",
            "later": _address(search, number + 1) if number < last else "",
            "lists": _lists(release, edition, words),
            "chosen": [(k, v) for k, v in asdict(replace(search, words="")).items() if v and v != "recent"],
        },
    )  # fmt: skip


def rule_for(place: Place, edition: Edition) -> Rule:
    """What of a wave's texts somebody may be shown."""
    told = edition.results.disclose
    people = 0 if place.may(Right.EXPLORE) else told.quotes
    return Rule(people, place.brands, masked=bool(place.brands) and told.names != "all")


def asked(given: QueryDict) -> Search:
    """The search that an address holds; an order or an intensity that it does not know is none."""
    order, strength = given.get("order", ""), given.get("intensity", "")
    return Search(
        words=given.get("words", "").strip()[:200], source=given.get("source", "")[:40],
        question=given.get("question", "")[:200], channel=given.get("channel", "")[:200],
        brand=given.get("brand", "")[:200], polarity=given.get("polarity", "")[:40],
        intensity=int(strength) if strength in ("1", "2", "3") else 0,
        order=cast("Order", order) if order in get_args(Order) else "recent",
    )  # fmt: skip


def _drawn(
    release: Release, edition: Edition, search: Search, rule: Rule, limit: int, number: int, context: bool
) -> tuple[str, int]:  # fmt: skip
    if library.study_of(release.version) is None:
        return fragment([Text((edition.words.gettext(UNREADABLE),), "lead")], edition.words.code), 0
    found = library.found(release, search, rule, (number - 1) * limit, limit)
    looked_for = query(search.words)
    shown = in_context(edition, found.found, looked_for) if context else quoted(edition, found.found, looked_for)
    return fragment([*counted(edition, found), *shown], edition.words.code), found.total


def _number(given: str | None) -> int:
    return min(max(number(given or ""), 1), MOST_PAGES)


def _address(search: Search, number: int) -> str:
    told: dict[str, Any] = {k: v for k, v in asdict(search).items() if v}
    return "?" + urlencode(told | ({"page": number} if number > 1 else {}))


def _lists(release: Release, edition: Edition, words: Words) -> list[tuple[str, str, list[tuple[Any, str]]]]:
    """What the form offers: the name of a field, its title, what may be chosen; only where there is a choice."""
    study = library.study_of(release.version)
    if study is None:
        return []
    wave, said = study.waves[release.wave], Said(words)
    sources = [s for s in FILE_KEYS if s in wave.by_source]
    found: list[tuple[str, str, list[tuple[Any, str]]]] = [
        ("source", words.gettext("Source"), [(s, said[s]) for s in sources]),
        ("question", words.gettext("Question"), open_questions(study, wave, words)),
        ("channel", words.gettext("Channel"), [(c, edition.label(f"{CHANNEL}:{c}")) for c in edition.shown_channels]),
        ("brand", words.gettext("Brand"), [(b, edition.label(f"{BRAND}:{b}")) for b in edition.shown_brands]),
        ("polarity", words.gettext("Polarity"), [(p, named(f"polarity:{p}", words)) for p in POLARITIES]),
    ]  # fmt: skip
    found = [(name, title, sorted(listed, key=lambda pair: str(pair[1])) if name == "brand" else listed)
             for name, title, listed in found if len(listed) > 1]  # fmt: skip
    strengths = [(k or "", words.gettext(text)) for k, text in INTENSITIES.items()]
    orders = [(k, words.gettext(text)) for k, text in ORDERS.items()]
    return [*found, ("intensity", words.gettext("Intensity"), strengths), ("order", words.gettext("In order"), orders)]
