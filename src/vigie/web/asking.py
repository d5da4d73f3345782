"""A table that somebody asks for: the question, and its answer from the facts of a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from django.http import QueryDict
from django.utils.http import urlencode

from vigie.errors import Problem, VigieError
from vigie.results.figures import Source
from vigie.results.tables import ALL_ROWS, Table
from vigie.run import tables
from vigie.store.models import Release
from vigie.web import library

COMPARED = ("columns", "rest", "agency")
ASKED = ("rows", "columns", "where", "compare", "source", "beside")
LONGEST_WHERE, MOST_WAVES = 2000, 6


@dataclass(frozen=True, slots=True)
class Question:
    """What the form asks for."""

    rows: str
    columns: tuple[str, ...]
    where: str
    compare: str
    source: str
    beside: tuple[str, ...] = ()  # further waves, whose tables stand beneath

    @classmethod
    def of(cls, given: QueryDict) -> Question:
        return cls(
            given.get("rows", ""), tuple(dict.fromkeys(c for c in given.getlist("columns") if c)),
            given.get("where", "").strip()[:LONGEST_WHERE], given.get("compare") or COMPARED[0],
            given.get("source") or "survey",
            tuple(dict.fromkeys(w for w in given.getlist("beside") if w))[:MOST_WAVES],
        )  # fmt: skip

    @property
    def query(self) -> str:
        told = {name: getattr(self, name) for name in ASKED}
        return urlencode({k: v for k, v in told.items() if v}, doseq=True)


def answered(release: Release, asked: Question) -> tuple[Table | None, list[Problem]]:
    """The table, computed once for all who ask for it; or what is wrong with the question, or with the study."""
    if asked.rows == ALL_ROWS:  # a book of tables, where one is asked for
        message = f'There is no question or indicator "{ALL_ROWS}" in wave {release.wave}.'
        return None, [Problem("unknown-name", message, "Name one of them.")]
    try:
        return library.shared((release.pk, replace(asked, beside=())), lambda: _computed(release, asked)), []
    except VigieError as error:
        return None, list(error.problems)


def _computed(release: Release, asked: Question) -> Table:
    study = library.study_of(release.version)
    if study is None:
        raise VigieError(library.problems_of(release.version))
    with library.facts(release) as opened:
        return tables(
            study, [asked.rows], asked.columns, wave=release.wave, where=asked.where or None,
            compare=cast("Any", asked.compare), source=cast("Source", asked.source),
            out=library.HOME.out(release.study), session=opened,
        )[0]  # fmt: skip
