"""A study's workshop: what analysts see of it at a glance – waves and who sees them, the last run, files, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie.errors import Problem
from vigie.language import Words
from vigie.store.models import Release, Version
from vigie.study.model import Study
from vigie.web.access import Place
from vigie.web.frame import Item, Said, names, title_of, words_of
from vigie.web.library import study_of
from vigie.web.routes import Request
from vigie.web.study_files import FileChange, admitted, changes, listed

SHOWN = 8  # versions at first
NAMED = 3  # files of a version that are named


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave of the study: the last release that was made of it, and the one that readers see, which may be older."""

    wave: str
    files: int | None  # of its data; 0 of one known from printed figures, None of one that the version does not tell
    release: Release | None
    shown: Release | None


def workshop(request: Request) -> HttpResponse:
    """The study as it stands."""
    return _page(request)


def _page(request: Request, problems: Sequence[Problem] = ()) -> HttpResponse:
    version, words = last_version(request), words_of(request)
    study = study_of(version)
    every = list(request.place.study.versions.select_related("by").order_by("-number"))
    shown = every if "versions" in request.GET else every[:SHOWN]
    before: list[Version | None] = [*every[1:], None]
    run = request.place.study.runs.select_related("version").order_by("-queued").first()
    return render(
        request, "workshop.html",
        around(request, "workshop") | {
            "waves": _waves(study, request.place), "files": listed(version, study), "run": run,
            "run_state": Said(words)[run.state] if run else "", "more": len(every) - len(shown),
            "versions": [(v, in_a_line(words, v, b)) for v, b in zip(shown, before, strict=False)],
            "problems": problems, "asked": request.GET.get("name", ""),
        }, status=400 if problems else 200,
    )  # fmt: skip


def new_file(request: Request) -> HttpResponse:
    """The page on which a file of that name is written."""
    name = request.GET.get("name", "").strip()
    if not admitted(study_of(last_version(request)), name):
        words = words_of(request)
        message = words.gettext("No file of this name is written here.")
        hint = words.gettext(
            "Texts of the study are: .yaml, .md and the tables that describe it, such as brands.csv or "
            "margins/2025.csv. What people answered is brought in under “Data”."
        )
        return _page(request, [Problem("usage", message, hint, name)])
    return redirect(reverse("study_file", kwargs=names(request.place, name=name)))


def last_version(request: Request) -> Version:
    """The study's last version; a study without one does not exist yet."""
    version = request.place.study.version
    if version is None:
        raise Http404
    return version


def around(request: Request, here: str) -> dict[str, Any]:
    """What the pages of a workshop share."""
    words, place = words_of(request), request.place
    said = Said(words)
    parts = {"workshop": said["workshop"], "study_data": said["data"], "runs": said["runs"]}
    bar = [Item(text, reverse(name, kwargs=names(place)), name == here) for name, text in parts.items()]
    return {
        "place": place, "version": place.study.version, "bar": bar,
        "study_title": title_of(place, words), "names": names(place),
    }  # fmt: skip


def in_a_line(words: Words, version: Version, before: Version | None) -> str:
    """What a version changed."""
    if before is None:
        return words.gettext("The first version.")
    found = changes(before, version)
    if not found:
        return words.gettext("Nothing.")
    told = [_told(words, one) for one in found[:NAMED]]
    if len(found) > NAMED:
        told.append(words.ngettext("{n} more file", "{n} more files", len(found) - NAMED))
    return ", ".join(told)


def _told(words: Words, one: FileChange) -> str:
    if one.kind == "added":
        return words.gettext("{file} added", file=one.name)
    if one.kind == "removed":
        return words.gettext("{file} taken out", file=one.name)
    return f"{one.name} (+{one.plus} −{one.minus})" if one.plus or one.minus else one.name


def _waves(study: Study | None, place: Place) -> list[WaveLine]:
    """The waves that the study names, and those that only have releases, the last first."""
    made = {r.wave: r for r in place.waves}
    shown = {r.wave: r for r in place.study.shown.select_related("version")}
    files = {w.id: sum(len(f) for f in w.by_source.values()) for w in study.waves.values()} if study else {}
    known = dict.fromkeys([*made, *files] if not study else [*(w for w in made if w not in files), *files])
    return [WaveLine(wave, files.get(wave), made.get(wave), shown.get(wave)) for wave in reversed(known)]
