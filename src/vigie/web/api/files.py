"""The files of a release: reports, tab books, results, as `vigie run` wrote them."""

from __future__ import annotations

from django.http import HttpResponseBase
from pydantic import BaseModel

from vigie.web.library import HOME
from vigie.web.pages.files import download
from vigie.web.release_files import KINDS, listed
from vigie.web.routes import Request


class File(BaseModel):
    name: str
    kind: str  # media type
    size: int  # bytes


class Files(BaseModel):
    release: str
    items: list[File]


def files(request: Request, wave: str) -> Files:
    """The files that can be taken away."""
    release = request.place.wave(wave)
    found = [HOME.release(release) / name for name in listed(release)]
    items = [File(name=p.name, kind=KINDS[p.suffix].partition(";")[0], size=p.stat().st_size) for p in found]
    return Files(release=release.key, items=items)


def file(request: Request, wave: str, name: str) -> HttpResponseBase:
    """One file, as it was written; that it was taken away is written down."""
    return download(request, wave, name)
