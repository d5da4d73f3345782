"""A new study from a template: what its analyst names it, and then the editor."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from vigie.errors import Problem, VigieError
from vigie.formats.tables import read_table
from vigie.language import LANGUAGES, N_, Words
from vigie.store.audit import note
from vigie.study.loading import FILE
from vigie.study.proposing import Column, proposed
from vigie.study.text import ID, code
from vigie.templates.writing import TEMPLATES, write_template
from vigie.web.dropping import SUFFIXES, refused
from vigie.web.frame import words_of
from vigie.web.routes import Request
from vigie.web.studies_in import add_study, work_folder

TOLD = {
    "survey": (N_("A survey"), N_("Customers are asked: channels, satisfaction, recommendation, stories.")),
    "mystery": (N_("Mystery tests"), N_("Brands are tested, channel by channel; scores and a ranking.")),
    "reviews": (N_("Online reviews"), N_("Stars and texts, by brand and platform.")),
    "observatory": (N_("A whole observatory"), N_("A survey, mystery tests and reviews, over two waves.")),
}
TABLE = "table"  # a study proposed from a file of answers
ROWS = 100_000  # of the file that a proposal looks at
LONGEST = 120  # characters of a title


def begin(request: Request) -> HttpResponse:
    """Make the study, and open its text; with a problem nothing is kept."""
    if request.method != "POST":
        return redirect("study_new", organisation=request.organisation.slug)
    of, post = request.organisation, request.POST
    problems = list(_refused(request))
    if not problems:
        try:
            with tempfile.TemporaryDirectory(dir=work_folder()) as work:
                folder = (
                    _from_table(request, Path(work)) if post["template"] == TABLE else _template(request, Path(work))
                )
                study, version = add_study(of, folder, request.visitor.person)
        except VigieError as error:
            problems = list(error.problems)
        else:
            note("began", request.visitor.person, study=study, version=version.number, template=post["template"])
            address = {"organisation": of.slug, "study": study.slug, "name": FILE}
            return redirect(reverse("study_file", kwargs=address))
    told = {"organisation": of, "problems": problems, "asked": post} | choices(words_of(request))
    return render(request, "study_new.html", told, status=400)


def _template(request: Request, work: Path) -> Path:
    """The template's study, with its own name, title and languages."""
    post = request.POST
    title = post.get("title", "").strip()
    own = {"study": post["name"], "reports": f"[{', '.join(_languages(request))}]"}
    own |= {"title": json.dumps(title, ensure_ascii=False)} if title else {}
    return write_template(work / "study", post["template"], own)


def _from_table(request: Request, work: Path) -> Path:
    """A study proposed from the columns of a file; raises `VigieError` for what is no table of people."""
    post, sent = request.POST, request.FILES.getlist("file")[0]
    wave, suffix = code(post.get("wave", "")), PurePosixPath(str(sent.name)).suffix.lower()
    name = f"data/{wave}/survey{suffix}"
    path = work / "study" / name
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.writelines(sent.chunks())
    table = read_table(path, shown=str(sent.name))
    columns = [
        Column(header, [c for c in column.slice(0, ROWS).to_pylist() if c is not None], min(len(table), ROWS))
        for header, column in zip(table.headers, table.columns, strict=True)
    ]
    title = post.get("title", "").strip() or post["name"]
    text = proposed(post["name"], title, _languages(request)[0], columns, wave, name)
    if text is None:
        words = words_of(request)
        message = words.gettext("No study can be proposed from this file.")
        hint = words.gettext("It has one row per person, a column that numbers them, and a column for each question.")
        raise VigieError(Problem("missing-id", message, hint, str(sent.name)))
    (work / "study" / FILE).write_text(text, encoding="utf-8")
    return work / "study"


def choices(words: Words) -> dict[str, Any]:
    """What a study may be made from."""
    listed = [(name, *(words.gettext(text) for text in told)) for name, told in TOLD.items()]
    return {"templates": listed, "suffixes": SUFFIXES, "year": timezone.now().year}


def _refused(request: Request) -> Iterator[Problem]:
    words, post = words_of(request), request.POST
    if post.get("template", "") not in (*TEMPLATES, TABLE):
        yield Problem("usage", words.gettext("Choose a template."))
    elif post["template"] == TABLE:
        yield from refused(request.FILES.getlist("file"), code(post.get("wave", "")))
    name = post.get("name", "")
    if not ID.fullmatch(name):
        hint = words.gettext("Small letters, digits and _, beginning with a letter.")
        yield Problem("wrong-value", words.gettext("The study needs a short name."), hint)
    elif request.organisation.studies.filter(slug=name).exists():
        yield Problem("duplicate-name", words.gettext("There is a study of this name already."))
    if len(post.get("title", "")) > LONGEST:
        yield Problem("wrong-value", words.gettext("The title is too long: at most {n} characters.", n=LONGEST))


def _languages(request: Request) -> list[str]:
    """The languages of the reports; both unless one is chosen."""
    chosen = request.POST.get("language", "")
    return [chosen] if chosen in LANGUAGES else list(LANGUAGES)
