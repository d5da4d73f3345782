"""What a wave found, page by page: drawn from the release that the visitor sees, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe

from vigie.report import pages
from vigie.report.blocks import Block
from vigie.report.captions import LINEAGE, METHOD
from vigie.report.edition import Edition
from vigie.report.html import fragment
from vigie.store.models import Release
from vigie.web import library
from vigie.web.frame import bar, names, title_of, words_of
from vigie.web.routes import Request


def study(request: Request) -> HttpResponse:
    """The last wave of a study."""
    if not request.place.waves:
        raise Http404
    return redirect(reverse("overview", kwargs=names(request.place, request.place.waves[-1].wave)))


def page(name: str) -> Callable[[Request, str], HttpResponse]:
    """The view of a page of a wave."""

    def view(request: Request, wave: str) -> HttpResponse:
        return _page(request, wave, name, lambda edition: pages.page(edition, name))

    return view


def channel(request: Request, wave: str, channel: str) -> HttpResponse:
    """One channel, as every source sees it."""
    return _one(request, wave, "channels", channel, pages.channels, pages.of_channel)


def brand(request: Request, wave: str, brand: str) -> HttpResponse:
    """One brand, as every source sees it."""
    return _one(request, wave, "brands", brand, pages.brands, pages.of_brand)


def _one(
    request: Request, wave: str, part: str, code: str, listed: Callable[[Edition], Sequence[str]],
    drawn: Callable[[Edition, str], Sequence[Block]],
) -> HttpResponse:  # fmt: skip
    """The page of one of those that are listed."""

    def blocks(edition: Edition) -> Sequence[Block]:
        if code not in listed(edition):
            raise Http404
        return drawn(edition, code)

    return _page(request, wave, part, blocks, code)


def _page(
    request: Request, wave: str, part: str, blocks: Callable[[Edition], Sequence[Block]], key: str = ""
) -> HttpResponse:
    """A page of a wave: drawn once for all who see the same."""
    place, release, words = request.place, request.place.wave(wave), words_of(request)
    edition = library.edition(place, release, words.code)
    parts = library.parts(place, release, words.code)
    if part not in parts:
        raise Http404
    address = names(place, wave)
    elsewhere = _elsewhere(place_names=address, part=part, edition=edition)
    seen = tuple(r.key for r in place.waves if r.position <= release.position)
    body = library.bodies.get(
        (place.study.pk, place.brands, seen, part, key, words.code),
        lambda: fragment(blocks(edition), words.code, elsewhere),
    )
    return render(
        request, "wave.html",
        {
            "body": mark_safe(body),  # noqa: S308 - every text of a block was escaped when it was drawn
            "bar": bar(place, wave, parts, part, words), "place": place, "study_title": title_of(place, words),
            "waves": _waves(place.waves, address, part), "wave": release, "part": part,
        },
    )  # fmt: skip


def _elsewhere(place_names: dict[str, str], part: str, edition: Edition) -> dict[str, str]:
    """Where the anchors of other pages are."""
    found: dict[str, str] = {}
    if part != "method":
        method_page = reverse("method", kwargs=place_names)
        found |= {LINEAGE: f"{method_page}#{LINEAGE}", METHOD: f"{method_page}#{METHOD}"}
    for code in pages.channels(edition):
        found[f"channel:{code}"] = reverse("channel", kwargs=place_names | {"channel": code})
    for code in pages.brands(edition):
        found[f"brand:{code}"] = reverse("brand", kwargs=place_names | {"brand": code})
    return found


def _waves(waves: Sequence[Release], address: dict[str, str], part: str) -> list[tuple[Release, str]]:
    """The other waves, each on the same page."""
    return [(one, reverse(part, kwargs=address | {"wave": one.wave})) for one in reversed(waves)]
