"""The files of the waves: which are expected, which stand; and new ones brought in, read before they stay."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vigie.errors import Problem, VigieError
from vigie.language import Words
from vigie.store.audit import note
from vigie.store.home import same
from vigie.store.models import Version
from vigie.study.model import Study
from vigie.study.text import code
from vigie.study.waves import FILE_KEYS
from vigie.web.drafts import Draft, drafted, unchanged
from vigie.web.dropping import EXAMPLE, KEYS, SUFFIXES, Receipt, Sent, examples, place, read
from vigie.web.frame import Said, names, words_of
from vigie.web.library import HOME, study_of
from vigie.web.pages.workshop import around, last_version
from vigie.web.routes import Request

SOURCES = {"survey": "survey", "tests": "mystery", "reviews": "reviews", "log": "log"}  # by key, the word for it
TOLD = 8  # columns that are told one by one


@dataclass(frozen=True, slots=True)
class Slot:
    """A file that the study expects."""

    source: str
    path: str
    size: int | None  # none where it does not stand
    since: int  # the version that brought it
    example: bool


def data(request: Request) -> HttpResponse:
    """See the files of each wave, or bring some."""
    version = last_version(request)
    study = study_of(version)
    problems: list[Problem] = []
    if request.method == "POST":
        if study is None:
            with drafted(version) as draft:
                problems = draft.problems()
        else:
            try:
                return _brought(request, version, study)
            except VigieError as error:
                problems = list(error.problems)
    words = words_of(request)
    said = Said(words)
    return render(
        request, "study_data.html",
        around(request, "study_data") | {
            "problems": problems, "waves": _slots(study, version, said) if study else [], "suffixes": SUFFIXES,
            "sources": [(key, said[SOURCES[key]]) for key in KEYS], "asked": request.POST,
            "examples": study is not None and (HOME.version(version) / EXAMPLE).is_file(),
        }, status=400 if problems else 200,
    )  # fmt: skip


def _brought(request: Request, version: Version, study: Study) -> HttpResponse:
    """Files in their places, as a new version; raises `VigieError` with all that is wrong, and then keeps nothing."""
    words, post = words_of(request), request.POST
    wave = post.get("wave", "") or code(post.get("new", ""))
    files = request.FILES.getlist("files")
    sent = Sent(wave, post.get("holds", ""), files, post.get("how") == "beside")
    with drafted(version) as draft:
        at = place(draft, study, sent)
        changed, problems = draft.loaded()
        if changed is None:
            raise VigieError(problems)
        receipt = read(draft, changed, sent, at)
        _forget_examples(draft, changed, version)
        kept = draft.keep(request.visitor.person)
    if kept is None:
        message = words.gettext("Somebody else kept a version at the same moment. Send the files again.")
        raise VigieError(Problem("usage", message))
    note("brought data", request.visitor.person, study=kept.study, version=kept.number, wave=wave, files=len(at))
    _tell(request, words, receipt, kept)
    return redirect(reverse("study_data", kwargs=names(request.place)))


def _forget_examples(draft: Draft, study: Study, version: Version) -> None:
    """Once no file of a template is left, nothing says so any more."""
    first = version.study.versions.order_by("number").first()
    if first is None or not draft.path(EXAMPLE).is_file():
        return
    whole = HOME.version(first)
    used = {f.path for w in study.waves.values() for files in w.by_source.values() for f in files}
    if not any((whole / name).is_file() and same(whole / name, draft.path(name)) for name in used):
        draft.remove(EXAMPLE)


def _tell(request: Request, words: Words, receipt: Receipt, kept: Version) -> None:
    """What was found in the files."""
    listed = words.listing(list(receipt.names), most=TOLD)
    messages.success(request, words.gettext("Version {n} has {files}.", n=kept.number, files=listed))
    if not receipt.rows:
        messages.info(request, words.gettext("The files are large: the run will read and check them."))
    for key, rows in receipt.rows.items():
        source = Said(words)[SOURCES[key]]
        messages.info(
            request, words.ngettext("{source}: {n} row read.", "{source}: {n} rows read.", rows, source=source)
        )
    for reason, rows, cells in receipt.left_out:
        why = words.reason(reason, receipt.source)
        lost = [words.ngettext("{n} row", "{n} rows", rows)] if rows else []
        lost += [words.ngettext("{n} cell", "{n} cells", cells)] if cells else []
        messages.warning(request, words.gettext("Left out: {what} – {why}.", what=words.listing(lost), why=why))
    for question, near in receipt.missing[:TOLD]:
        said = words.gettext("No column for the question “{question}”.", question=question)
        hint = words.gettext("The file has “{column}”: map it in the study’s import.", column=near) if near else ""
        messages.warning(request, f"{said} {hint}".strip())
    if receipt.unread:
        columns = words.listing(list(receipt.unread), most=TOLD)
        messages.info(request, words.gettext("Nothing in the study reads: {columns}.", columns=columns))


def _slots(study: Study, version: Version, said: Said) -> list[tuple[str, list[Slot]]]:
    """By wave, the last first, the files that the study expects."""
    every = list(version.study.versions.order_by("-number"))
    drawn = examples(study, version, every[-1])
    folder = HOME.version(version)

    def since(name: str) -> int:
        found = version.number
        for earlier in every[1:]:
            if not unchanged(name, version, earlier):
                break
            found = earlier.number
        return found

    def slot(key: str, name: str) -> Slot:
        path = folder / name
        return Slot(
            said[SOURCES[key]], name, path.stat().st_size if path.is_file() else None, since(name), name in drawn
        )

    return [
        (wave.id, [slot(FILE_KEYS[s], f.path) for s, files in wave.by_source.items() for f in files])
        for wave in reversed(study.waves.values())
    ]
