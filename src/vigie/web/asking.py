"""A table that somebody asks for: the question, and its answer from the facts of a release."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from django.http import QueryDict
from django.utils.http import urlencode

from vigie.errors import Problem, VigieError
from vigie.language import REASONS
from vigie.results.figures import Source
from vigie.results.tables import ALL_ROWS, Table
from vigie.run import tables
from vigie.store.models import Release
from vigie.study.expressions import ExpressionError
from vigie.study.identity import Identity, indicator_identity
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


def parted(asked: Question, here: Release, there: Release) -> str:
    """Why what is asked for is no series over two waves: the part of its identity that differs, as far as one does."""
    ours, theirs = _identities(asked, here), _identities(asked, there)
    both = ((ours[line], theirs[line]) for line in ours.keys() & theirs.keys())
    found = {one.differs(other) for one, other in both}
    return next((reason for reason in REASONS if reason in found), "")


def _identities(asked: Question, release: Release) -> dict[str, Identity]:
    """The identity of each line of a table, as the study of a release has it."""
    from vigie.engine.lines import lines_of

    study = library.study_of(release.version)
    if study is None:
        return {}
    wave, source = study.waves[release.wave], cast("Source", asked.source)
    grid = study.batteries.get(asked.rows) if source == "survey" else None
    question = grid or study.asked(source, wave.id).get(asked.rows)
    if question is not None:
        lines = [stub.indicator for stub in lines_of(question, study)]
    else:
        lines = [study.indicators[asked.rows]] if asked.rows in study.indicators else []
    found: dict[str, Identity] = {}
    for line in lines:
        own = line.model_copy(update={"source": source, "id": f"{asked.rows}.{line.id}"})
        with suppress(ExpressionError):  # then the figures themselves tell that they differ, and not why
            identity = indicator_identity(study, wave, own)
            found |= {line.id: identity} if identity else {}
    return found


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
