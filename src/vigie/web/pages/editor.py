"""A file of a study written in the page: checked while it is written, kept as a new version when nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie.errors import Problem, VigieError
from vigie.store.audit import note
from vigie.store.models import Version
from vigie.study.completion import complete
from vigie.study.document import read_yaml
from vigie.study.loading import FILE
from vigie.study.model import Study
from vigie.study.names import Known, known_of
from vigie.study.shapes import GRID, INSTRUMENT, STUDY
from vigie.web.drafts import Draft, drafted, proper, unchanged
from vigie.web.frame import names, words_of
from vigie.web.library import HOME, study_of
from vigie.web.pages.workshop import around, last_version
from vigie.web.routes import Request, number
from vigie.web.studies_in import files_of
from vigie.web.study_files import (
    KEPT,
    LARGEST_TEXT,
    Line,
    admitted,
    difference,
    read_text,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem and the address at which it is mended; none for what no page shows."""

    problem: Problem
    address: str


def edit(request: Request, name: str) -> HttpResponse:
    """Read a file of the last version, or write it."""
    version = last_version(request)
    study = study_of(version)
    _admit(study, name)
    standing = _text(version, name)
    if request.method != "POST":
        return _page(request, name, standing or "", new=standing is None)
    text, base, removes = _sent(request), _base(request, version), request.POST.get("do") == "remove"
    if base != version and not unchanged(name, base, version):
        theirs, mine = (tuple(difference(one, two)) for one, two in
                        ((_text(base, name) or "", standing or ""), (standing or "", text)))  # fmt: skip
        return _page(request, name, text, theirs=theirs, yours=mine, status=409)
    if removes:
        return _removed(request, version, name)
    with drafted(version) as draft:
        problems = _written(draft, name, text)
        if problems or request.POST.get("do") == "check":
            return _page(request, name, text, problems=problems, checked=True, status=400 if problems else 200)
        kept = draft.keep(request.visitor.person)
    if kept is None:  # somebody was faster by a moment: look again at what they kept
        return edit(request, name)
    return _kept(request, name, version, kept)


def check(request: Request) -> HttpResponse:
    """The problems of the study with a text in place of a file's, while it is written; a part of the page."""
    version, name = last_version(request), request.POST.get("file", "")
    study = study_of(version)
    problems: list[Problem] = []
    if admitted(study, name):
        with drafted(version) as draft:
            problems = _written(draft, name, _sent(request))
    return render(
        request, "study_problems.html", {"problems": _told(request, problems, study), "checked": True, "name": name}
    )


def suggest(request: Request) -> HttpResponse:
    """What may stand at a cursor, as JSON."""
    version, name, text = last_version(request), request.POST.get("file", ""), _sent(request)
    cursor = request.POST.get("cursor", "0")
    if not name.endswith((".yaml", ".yml")) or not cursor.isdecimal() or not proper(name):
        return JsonResponse({"start": 0, "end": 0, "suggestions": []})
    known = _known(HOME.version(version), version.digest, words_of(request).code)
    found = complete(text, number(cursor), known, _kind(study_of(version), name))
    told = [{"label": s.label, "text": s.text, "about": s.about} for s in found.suggestions]
    return JsonResponse({"start": found.start, "end": found.end, "suggestions": told})


@lru_cache(maxsize=KEPT)
def _known(folder: Path, digest: str, language: str) -> Known:  # noqa: ARG001 - tells versions apart
    """The names of a version."""
    files = [p.relative_to(folder).as_posix() for p in files_of(folder)]
    return known_of(read_yaml(folder / FILE, shown=FILE).value, sorted(files), language)


def _kind(study: Study | None, name: str) -> str:
    """What a YAML file of the study is."""
    if name == FILE:
        return STUDY
    own = any(w.instrument == name for w in study.waves.values()) if study else name.startswith("instruments/")
    return INSTRUMENT if own or name.startswith("instruments/") else GRID


def _admit(study: Study | None, name: str) -> None:
    if not admitted(study, name):
        raise Http404


def _text(version: Version, name: str) -> str | None:
    path = HOME.version(version) / name
    if not path.is_file():
        return None
    text = read_text(path) if path.stat().st_size <= LARGEST_TEXT else None
    if text is None:
        raise Http404
    return text


def _sent(request: Request) -> str:
    """The text as it was written, with plain line ends: browsers send others."""
    return request.POST.get("text", "").replace("\r\n", "\n").replace("\r", "\n")


def _base(request: Request, last: Version) -> Version:
    """The version that somebody began with."""
    return last.study.versions.filter(number=number(request.POST.get("base", ""))).first() or last


def _written(draft: Draft, name: str, text: str) -> list[Problem]:
    """Write the text into a draft; everything that is wrong with the study then."""
    try:
        draft.write(name, [text.encode("utf-8", "replace")], LARGEST_TEXT)
    except VigieError as error:
        return list(error.problems)
    return draft.problems()


def _removed(request: Request, version: Version, name: str) -> HttpResponse:
    with drafted(version) as draft:
        draft.remove(name)
        problems = draft.problems()
        if problems:
            return _page(request, name, _text(version, name) or "", problems=problems, checked=True, status=400)
        kept = draft.keep(request.visitor.person)
    if kept is None:  # as above
        return edit(request, name)
    if kept != version:
        note("changed", request.visitor.person, study=version.study, version=kept.number, file=name)
    return redirect(reverse("workshop", kwargs=names(request.place)))


def _kept(request: Request, name: str, before: Version, kept: Version) -> HttpResponse:
    words = words_of(request)
    if kept == before:
        messages.info(request, words.gettext("Nothing has changed."))
    else:
        note("changed", request.visitor.person, study=kept.study, version=kept.number, file=name)
        messages.success(request, words.gettext("Version {n} is kept.", n=kept.number))
    return redirect(reverse("study_file", kwargs=names(request.place, name=name)))


def _told(request: Request, problems: Sequence[Problem], study: Study | None) -> list[Told]:
    """Problems with the pages on which they are mended."""

    def address(problem: Problem) -> str:
        if not admitted(study, problem.file):
            return ""
        page = reverse("study_file", kwargs=names(request.place, name=problem.file))
        return f"{page}#L{problem.line or 1}"

    return [Told(p, address(p)) for p in problems]


def _page(
    request: Request, name: str, text: str, *, problems: Sequence[Problem] = (), checked: bool = False,
    new: bool = False, theirs: Sequence[Line] = (), yours: Sequence[Line] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    version = last_version(request)
    wrong = {p.line or 1 for p in problems if p.file == name}
    lines = [(n, n in wrong) for n in range(1, text.count("\n") + 2)]
    return render(
        request, "study_file.html",
        around(request, "") | {
            "name": name, "text": text, "lines": lines, "checked": checked, "theirs": theirs, "yours": yours,
            "problems": _told(request, problems, study_of(version)), "conflict": status == 409,
            "yaml": name.endswith((".yaml", ".yml")), "removable": name != FILE and not new,
        }, status=status,
    )  # fmt: skip
