"""Work on a study: runs, and which of what they made is shown to readers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Body, Query
from pydantic import BaseModel, ConfigDict, Field

from vigie.store import models
from vigie.web import orders
from vigie.web.api.pages import Page, Paging, part
from vigie.web.api.problems import CallError, Problem
from vigie.web.api.studies import Wave
from vigie.web.routes import Request


class Run(BaseModel):
    """A run of a version of a study."""

    run: int
    version: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    by: str | None
    queued: datetime
    started: datetime | None
    ended: datetime | None
    problems: list[Problem]

    @classmethod
    def of(cls, run: models.Run) -> Self:
        """The run, or with `Told` its log too."""
        named = set(cls.model_fields) & {"state", "step", "queued", "started", "ended", "log"}
        told = {name: getattr(run, name) for name in named}
        problems = [
            Problem(code="run", message=str(p.get("message", "")), hint=str(p.get("hint", ""))) for p in run.problems
        ]
        by = None if run.by is None else str(run.by)
        return cls(run=run.pk, version=run.version.number, by=by, problems=problems, **told)


class Told(Run):
    """A run with its log."""

    log: str


class Runs(Page[Run]):
    pass


class Release(Wave):
    """A release of a wave, shown or not."""

    version: int

    @classmethod
    def of(cls, release: models.Release) -> Release:
        return cls(**Wave.of(release).model_dump(), version=release.version.number)


class Releases(Page[Release]):
    pass


class Publication(BaseModel):
    """To whom which release of a wave is shown."""

    model_config = ConfigDict(extra="forbid")  # a misspelt key would show a wave to others than were meant

    audience: Literal["readers", "public"] = "readers"
    release: str | None = Field(
        None, pattern="^[0-9a-f]{1,64}$", description="The key of a release; without one, the last that was made."
    )


def runs(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """The runs of a study, the last first."""
    found = part(request.place.study.runs.select_related("by", "version").order_by("-queued", "-pk"), paging)
    return found | {"items": [Run.of(run) for run in found["items"]]}


def start(request: Request) -> Run:
    """Run the last version of the study; where a run of it waits or runs already, that one is given."""
    run = orders.start(request.place.study, request.visitor.person, **request.via)
    if run is None:
        raise CallError(409, "no-version", "The study has no version to run.", "Bring one in first.")
    return Run.of(run)


def run(request: Request, run: int) -> Told:
    """One run with its log: ask again to follow it."""
    return Told.of(_run(request, run))


def stop(request: Request, run: int) -> Run:
    """Stop a run; one that is over stays as it is."""
    return Run.of(orders.stop(_run(request, run), request.visitor.person, **request.via))


def releases(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Every release that runs of the study made, shown or not, the last first."""
    found = part(request.place.study.releases.select_related("version").order_by("-made", "-pk"), paging)
    return found | {"items": [Release.of(release) for release in found["items"]]}


def publish(request: Request, wave: str, publication: Body[Publication]) -> Release:
    """Show a release of a wave to readers, or to everybody, in the place of the one that was shown."""
    of_wave = request.place.study.releases.select_related("version", "study").filter(wave=wave).order_by("-made", "-pk")
    wanted = publication.release
    release = of_wave.first() if wanted is None else of_wave.filter(key=wanted).first()
    if release is None:
        raise Http404
    orders.publish(release, publication.audience, request.visitor.person, **request.via)
    release.refresh_from_db()
    return Release.of(release)


def withdraw(request: Request, wave: str) -> Release:
    """Show a wave to nobody any more; analysts still see it."""
    place = request.place
    orders.withdraw(place.study, place.wave(wave).wave, request.visitor.person, **request.via)
    last = place.study.releases.select_related("version").filter(wave=wave).order_by("-made", "-pk").first()
    if last is None:
        raise Http404
    return Release.of(last)


def _run(request: Request, number: int) -> models.Run:
    return get_object_or_404(
        models.Run.objects.select_related("by", "version", "study"), pk=number, study=request.place.study
    )
