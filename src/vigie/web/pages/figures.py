"""What a wave found, page by page: drawn from the release that the visitor sees, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from vigie.report import pages
from vigie.report.blocks import Block, Link, Section, Text
from vigie.report.captions import LINEAGE, METHOD
from vigie.report.edition import Edition
from vigie.report.html import fragment
from vigie.report.html_text import FIGURES
from vigie.report.lineage import lineage
from vigie.report.quotes import quoted
from vigie.results.verbatims import Order, Rule, Search
from vigie.store.models import Release
from vigie.verbatim.concordance import Query
from vigie.web import library
from vigie.web.access import Right
from vigie.web.frame import framed, names, to_door, words_of
from vigie.web.pages.verbatims import rule_for
from vigie.web.routes import Request

TEMPLATES = {"league": "league.html"}
HEADING = re.compile(r"<h[12]\b[^>]*>(.*?)</h[12]>", re.DOTALL)
MOST_TRACED = 40  # indicators whose lineage is told on one page
QUOTED = 3  # texts of each end on a brand's page
ENDS: tuple[tuple[str, Order], ...] = (("negative", "worst"), ("positive", "best"))


def study(request: Request) -> HttpResponse:
    """The last wave of a study, at the first part that the visitor may open."""
    if not request.place.waves:
        raise Http404
    return to_door(request, request.place.waves[-1].wave)


def page(name: str) -> Callable[[Request, str], HttpResponse]:
    """The view of a page of a wave."""

    def view(request: Request, wave: str) -> HttpResponse:
        return _page(request, wave, name, lambda edition: pages.page(edition, name))

    return view


def channel(request: Request, wave: str, channel: str) -> HttpResponse:
    """One channel, as every source sees it."""

    def drawn(edition: Edition) -> Sequence[Block]:
        return pages.of_channel(edition, _there(channel, edition.shown_channels))

    return _page(request, wave, "channels", drawn, channel)


def brand(request: Request, wave: str, brand: str) -> HttpResponse:
    """One brand, as every source sees it; and some of what people write of it."""
    place, release = request.place, request.place.wave(wave)
    rule = rule_for(place, library.edition(place, release, words_of(request).code)) if place.may(Right.QUOTE) else None

    def drawn(edition: Edition) -> Sequence[Block]:
        blocks = pages.of_brand(edition, _there(brand, edition.shown_brands))
        return (*blocks, *(_written(release, edition, brand, rule) if rule else ()))

    return _page(request, wave, "brands", drawn, (brand, rule, rule and library.state_of_texts(release)))


def _there(code: str, shown: Sequence[str]) -> str:
    """What has a page; raises Http404 for what has none."""
    if code not in shown:
        raise Http404
    return code


def _written(release: Release, edition: Edition, code: str, rule: Rule) -> Iterator[Block]:
    """The texts about a brand that read worst and best."""
    words = edition.words
    found = [library.found(release, Search(brand=code, polarity=p, order=o), rule, 0, QUOTED) for p, o in ENDS]
    if any(f.found for f in found):
        said = words.gettext("What people write")
        yield Section("quotes", words.gettext("Verbatims"), said)
        for one in found:
            yield from quoted(edition, one.found, Query())
        yield Text((Link(words.gettext("All that people write of this brand"), f"verbatims:{code}"),))


def of_indicators(request: Request, wave: str) -> HttpResponse:
    """Where the figures of some indicators come from; without any named, how all are made."""
    edition = library.edition(request.place, request.place.wave(wave), words_of(request).code)
    asked = tuple(dict.fromkeys(request.GET.getlist("of")))[:MOST_TRACED]
    found = [m for (source, indicator), m in edition.measures.items() if f"{source}.{indicator}" in asked]
    if not found:
        return redirect(f"{reverse('method', kwargs=names(request.place, wave))}#{LINEAGE}")
    return _page(request, wave, "method", lambda edition: tuple(lineage(edition, found)), asked)


def _page(
    request: Request, wave: str, part: str, blocks: Callable[[Edition], Sequence[Block]], key: object = ""
) -> HttpResponse:
    """A page of a wave: drawn once for all who see the same."""
    place, release, words = request.place, request.place.wave(wave), words_of(request)
    edition = library.edition(place, release, words.code)
    parts = library.parts(place, release, words.code)
    if part not in parts:
        if key:
            raise Http404
        return to_door(request, wave)
    seen = tuple(r.key for r in place.waves if r.position <= release.position)
    body = library.bodies.get(
        (release.pk, place.brands, seen, part, key, words.code),
        lambda: fragment(blocks(edition), words.code, elsewhere(names(place, wave), part, edition)),
    )
    title, end, rest = body.partition("</h1>\n")
    # every text of a block was escaped when it was drawn
    first = HEADING.search(body)
    heading = unescape(strip_tags(first[1])) if first else ""  # the template escapes it
    shown = {"title": mark_safe(title + end), "body": mark_safe(rest), "heading": heading}  # noqa: S308
    return render(request, TEMPLATES.get(part, "wave.html"), framed(place, release, part, words) | shown)


def elsewhere(place_names: dict[str, str], part: str, edition: Edition) -> dict[str, str]:
    """Where the anchors of other pages are."""
    found: dict[str, str] = {}
    if part != "method":
        method_page = reverse("method", kwargs=place_names)
        found |= {LINEAGE: f"{method_page}#{LINEAGE}", METHOD: f"{method_page}#{METHOD}"}
    found[FIGURES] = reverse("figures", kwargs=place_names)
    for code in edition.shown_channels:
        found[f"channel:{code}"] = reverse("channel", kwargs=place_names | {"channel": code})
    for code in edition.shown_brands:
        found[f"brand:{code}"] = reverse("brand", kwargs=place_names | {"brand": code})
        found[f"verbatims:{code}"] = f"{reverse('verbatims', kwargs=place_names)}?{urlencode({'brand': code})}"
    return found
