"""What a wave found, as records: estimates, rankings, scores, and tables that somebody asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404
from ninja import Query
from pydantic import BaseModel, Field

from vigie.errors import VigieError, suggestion
from vigie.results import figures
from vigie.results.figures import Source
from vigie.results.tables import Compare
from vigie.store.audit import note
from vigie.web import library
from vigie.web.api.pages import Page, Paging, part
from vigie.web.api.problems import CallError
from vigie.web.api.shapes import Estimate, Ranking, Score
from vigie.web.asking import LONGEST_WHERE, Question, answered
from vigie.web.routes import Request


class Estimates(Page[Estimate]):
    """Estimates of a release; the pages of one list belong together while `release` is the same."""

    release: str


class Rankings(BaseModel):
    release: str
    items: list[Ranking]


class Scores(BaseModel):
    """Mystery scores by brand and channel."""

    release: str
    items: list[Score]


class Which(BaseModel):
    """Which estimates are wanted; without any of these, all."""

    indicator: str | None = Field(None, description="Of this indicator.")
    source: Source | None = Field(None, description="Of this source.")
    figure: str | None = Field(None, description="The figure of this key, which is the same in every wave.")
    segment: list[str] = Field(
        [],
        max_length=8,
        description='In this segment: "channel:phone", or "channel" for every channel; several: in all.',
    )
    whole: bool = Field(
        False,
        description="Not broken down further: of everybody or everything; with `segment`, by these dimensions alone.",
    )


class Asked(BaseModel):
    """A table: a question or an indicator in rows, questions in columns."""

    rows: str = Field(description="A question or an indicator.", examples=["satisfaction"])
    columns: list[str] = Field(min_length=1, max_length=8, description="Questions that break the columns.")
    where: str = Field("", max_length=LONGEST_WHERE, description='Only those who: "sex == f and age != a1".')
    compare: Compare = Field("columns", description="What each column is tested against.")
    source: Source = "survey"


def estimates(request: Request, wave: str, which: Query[Which], paging: Query[Paging]) -> dict[str, Any]:
    """Every figure of a wave with its base, interval, test and lineage, in the order of the results."""
    release = request.place.wave(wave)
    found = _wanted(library.results(request.place, release).estimates, which)
    return {"release": release.key, **part(found, paging)}


def rankings(request: Request, wave: str) -> dict[str, Any]:
    """Leagues of brands, sectors or channels with their rank intervals."""
    release = request.place.wave(wave)
    return {"release": release.key, "items": library.results(request.place, release).leagues}


def scores(request: Request, wave: str) -> dict[str, Any]:
    """Mystery scores by brand and channel; none where one stands on too few tests."""
    release = request.place.wave(wave)
    return {"release": release.key, "items": library.results(request.place, release).cells}


def table(request: Request, wave: str, asked: Query[Asked]) -> Any:
    """Any question by any others, computed from the facts of the wave, with its letters, bases and tests."""
    release = request.place.wave(wave)
    if not release.fielded:
        raise Http404
    question = Question(asked.rows, tuple(dict.fromkeys(asked.columns)), asked.where, asked.compare, asked.source)
    made, problems = answered(release, question)
    if made is None:
        raise VigieError(problems)
    note("exported", request.visitor.person, study=request.place.study, wave=wave, table=question.query, format="json",
         **request.via)  # fmt: skip
    return made


def _wanted(found: Sequence[figures.Estimate], which: Which) -> list[figures.Estimate]:
    """The estimates that all conditions leave; a name that no figure has is told, not answered with an empty list."""
    if which.indicator is not None:
        _known("indicator", which.indicator, (e.indicator for e in found))
    pairs = [tuple(given.partition(":")[::2]) for given in which.segment]
    for dimension, code in pairs:
        _known("segment", dimension, (d for e in found for d, _ in e.segment))
        if code:
            _known(f"segment {dimension}", code, (c for e in found for d, c in e.segment if d == dimension))

    dimensions = {dimension for dimension, _ in pairs}

    def meant(e: figures.Estimate) -> bool:
        at = dict(e.segment)
        return (
            which.indicator in (None, e.indicator) and which.source in (None, e.source)
            and which.figure in (None, e.figure) and not (which.whole and at.keys() - dimensions)
            and all(dimension in at and code in ("", at[dimension]) for dimension, code in pairs)
        )  # fmt: skip

    return [e for e in found if meant(e)]


def _known(what: str, name: str, there: Iterator[str]) -> None:
    known = list(dict.fromkeys(there))
    if name not in known:
        raise CallError(400, "unknown-name", f'{what}: no figure has "{name[:80]}".', suggestion(name, known))
