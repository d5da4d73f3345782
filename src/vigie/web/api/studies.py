"""Who asks, the studies that they see, and their waves."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import BaseModel

from vigie.results.figures import Source, Unit
from vigie.results.waves import WaveResults
from vigie.store.audit import note
from vigie.store.models import Release
from vigie.web import library
from vigie.web.access import Place
from vigie.web.api.calls import TokenRequest
from vigie.web.api.pages import Page, Paging, part
from vigie.web.api.shapes import Coder, Shape, Texts
from vigie.web.routes import Request
from vigie.web.studies_in import add_study, unpacked, work_folder


class Membership(BaseModel):
    organisation: str
    name: str
    role: str


class Me(BaseModel):
    """Who the token acts for, and what it may be used for."""

    email: str
    name: str
    token: str
    scopes: list[str]
    expires: datetime
    memberships: list[Membership]


class Study(BaseModel):
    organisation: str
    study: str
    title: Texts
    role: str | None  # none: read as everybody reads it
    waves: list[str]  # those that you see, in the order of the study


class Wave(Shape):
    """A wave, by the release of it that you see."""

    wave: str
    release: str
    made: datetime
    published: datetime | None
    withdrawn: datetime | None
    audience: str
    shown: bool

    @classmethod
    def of(cls, release: Release) -> Wave:
        told = {n: getattr(release, n) for n in cls.model_fields if n != "release"}
        return cls(release=release.key, **told)


class Indicator(BaseModel):
    indicator: str
    label: Texts
    source: Source
    unit: Unit
    dimensions: list[str]  # what its figures are broken by
    estimates: int


class Fieldwork(Shape):
    source: Source
    mode: str
    start: str
    end: str
    read: int
    kept: int
    brands: int


class Wording(Shape):
    """A question as it was fielded."""

    id: str
    kind: str
    label: Texts
    base: str
    changed: bool


class Method(Wave):
    """A wave and how its figures were made."""

    title: Texts
    population: Texts
    previous: str | None
    version: str
    snapshot: str
    hide: int
    fragile: int
    labels: dict[str, Texts]
    indicators: list[Indicator]
    fieldwork: list[Fieldwork]
    questionnaire: list[Wording]
    coders: list[Coder]
    notes: list[str]


class Studies(Page[Study]):
    pass


class Brought(BaseModel):
    """A version of a study that was brought in."""

    organisation: str
    study: str
    version: int


def me(request: TokenRequest) -> Me:
    """Who asks."""
    token = request.token
    listed = [
        Membership(organisation=m.organisation.slug, name=m.organisation.name, role=m.role)
        for m in request.visitor.memberships
    ]
    return Me(
        email=token.person.email, name=token.person.name, token=token.name, scopes=token.scopes,
        expires=token.expires, memberships=listed,
    )  # fmt: skip


def studies(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """The studies that you see anything of."""
    found = part(list(request.visitor.studies()), paging)
    return found | {"items": [_study(place) for place in found["items"]]}


def study(request: Request) -> Study:
    """One study."""
    return _study(request.place)


def waves(request: Request) -> list[Wave]:
    """The waves that you see, in the order of the study."""
    return [Wave.of(release) for release in request.place.waves]


def wave(request: Request, wave: str) -> Method:
    """A wave, with what its figures are called, what they stand on and how they were made."""
    release = request.place.wave(wave)
    results = library.results(request.place, release)
    own = Wave.of(release).model_dump() | {"indicators": _indicators(results)}
    return Method(**own, **{n: getattr(results, n) for n in Method.model_fields if n not in own})


def bring_in(request: Request, archive: File[UploadedFile]) -> Brought:
    """Bring a study in, or its next version: a zip of its folder. With a problem nothing is kept."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as work:
        folder = unpacked(archive, str(archive.name), Path(work))
        study, version = add_study(request.organisation, folder, request.visitor.person)
    note("brought in", request.visitor.person, study=study, version=version.number, **request.via)
    return Brought(organisation=request.organisation.slug, study=study.slug, version=version.number)


def _study(place: Place) -> Study:
    return Study(
        organisation=place.study.organisation.slug, study=place.study.slug, title=place.study.title, role=place.role,
        waves=[release.wave for release in place.waves],
    )  # fmt: skip


def _indicators(results: WaveResults) -> list[Indicator]:
    """What there are figures of, in the order of the results."""
    found: dict[tuple[str, str], Indicator] = {}
    for e in results.estimates:
        one = found.setdefault(
            (e.source, e.indicator),
            Indicator(indicator=e.indicator, label=dict(results.labels.get(f"indicator:{e.indicator}", e.label)),
                      source=e.source, unit=e.unit, dimensions=[], estimates=0),
        )  # fmt: skip
        one.estimates += 1
        one.dimensions += [d for d, _ in e.segment if d not in one.dimensions]
    return list(found.values())
