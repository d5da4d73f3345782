"""The explorer, for analysts: any question by any others, of any wave, with its letters, bases, tests and chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from vigie.errors import Problem
from vigie.language import N_
from vigie.report.blocks import Chart
from vigie.report.crosstab import crosstab
from vigie.report.crosstab_files import FILES
from vigie.report.crosstab_waves import Beside, remark
from vigie.report.html import fragment
from vigie.results.tables import Table
from vigie.store.audit import note
from vigie.store.models import Release, View
from vigie.study.waves import FILE_KEYS
from vigie.web import library, lists
from vigie.web.asking import ASKED, COMPARED, Question, answered, parted
from vigie.web.frame import Said, framed, names, to_door, words_of
from vigie.web.routes import Request

ALONE = N_("XLSX and CSV hold every wave, the other files wave {wave} alone.")


def explore(request: Request, wave: str) -> HttpResponse:
    """The form, and beneath it the table; as a file where `format` says so; kept under a name where one is sent."""
    release = request.place.wave(wave)
    if not release.fielded:
        return to_door(request, wave)
    asked = Question.of(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _kept(request, wave, asked)
    if request.GET.get("listed", asked.source) != asked.source:  # another source was chosen: its lists come first
        asked = replace(asked, rows="", columns=(), where="")
    made, problems = answered(release, asked) if asked.rows else (None, [])
    form = request.GET.get("format", "")
    further: list[Beside] = []
    for one in asked.beside if made is not None else ():
        if one != wave:
            there = request.place.wave(one)
            table, wrong = answered(there, asked)
            further += [] if table is None else [Beside(table, parted(asked, release, there))]
            problems += [_of_wave(request, one, problem) for problem in wrong]
    if made is not None and form in FILES:
        return _taken(request, wave, asked, made, further, form)
    return _shown(request, release, asked, made, further, problems)


def _of_wave(request: Request, wave: str, problem: Problem) -> Problem:
    """A problem with the name of the wave of which it is."""
    told = words_of(request).gettext("Wave {wave}: {problem}", wave=wave, problem=problem.message)
    return replace(problem, message=told)


def _taken(request: Request, wave: str, asked: Question, made: Table, further: list[Beside], form: str) -> HttpResponse:
    """The table as a file."""
    kind, make = FILES[form]
    body = make(made, words_of(request), further)
    if body is None:  # it has no drawing
        raise Http404
    note("exported", request.visitor.person, study=request.place.study, wave=wave, table=asked.query, format=form)
    name = f"{request.place.study.slug}-{wave}-{slugify(asked.rows)}.{form}"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def saved(request: Request, wave: str, key: str) -> HttpResponse:
    """A table that somebody kept."""
    view = get_object_or_404(View, study=request.place.study, key=key)
    told: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in view.request.items()}
    given = Question(**told)
    return redirect(f"{reverse('explore', kwargs=names(request.place, wave))}?{given.query}")


def _kept(request: Request, wave: str, asked: Question) -> HttpResponse:
    name, person = request.POST.get("name", "").strip()[:120], request.visitor.person
    if not name or not asked.rows or person is None:
        return redirect(f"{reverse('explore', kwargs=names(request.place, wave))}?{asked.query}")
    told = {name: getattr(asked, name) for name in ASKED}
    study = request.place.study
    view = View.objects.create(study=study, name=name, by=person, request=told)
    note("kept a table", person, study=study, wave=wave, table=asked.query, name=name)
    return redirect(reverse("view", kwargs=names(request.place, wave, key=view.key)))


def _shown(
    request: Request,
    release: Release,
    asked: Question,
    made: Table | None,
    further: list[Beside],
    problems: list[Problem],
) -> HttpResponse:
    place, words = request.place, words_of(request)
    blocks = crosstab(made, words) if made is not None else ()
    drawn = list(blocks)
    if made is not None:
        drawn += [b for one in further for b in crosstab(one.table, words, remark(words, made, one))]
    body = fragment(drawn, words.code)
    forms = [f for f in FILES if f not in ("svg", "png") or any(isinstance(b, Chart) for b in blocks)]
    said = Said(words)
    study = library.study_of(release.version)
    if study is None:  # then nothing can be asked for, and this is why
        problems, offered = library.problems_of(release.version), {}
    else:
        sources = study.waves[release.wave].by_source
        source = asked.source if asked.source in sources else next(iter(sources))
        offered = {
            "source": source,
            "rows": lists.rows(study, release.wave, source, words),
            "columns": lists.columns(study, release.wave, source, words),
            "sources": [(s, said[s]) for s in FILE_KEYS if s in sources],
        }
    return render(
        request, "explore.html",
        framed(place, release, "explore", words, f"?{asked.query}") | {
            "body": mark_safe(body),  # noqa: S308 - every text of a block was escaped when it was drawn
            "asked": asked, "others": [r.wave for r in place.waves if r.fielded and r.wave != release.wave],
            "problems": problems, **offered, "compared": [(c, said[f"compare_{c}"]) for c in COMPARED],
            "views": place.study.views.order_by("name"),
            "alone": words.gettext(ALONE, wave=release.wave) if further else "",
            "files": [(form.upper(), f"?{asked.query}&format={form}") for form in forms],
        },
        status=400 if problems and made is None else 200,
    )  # fmt: skip
