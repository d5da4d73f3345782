"""The files of a release: reports, tab books and results, as `vigie run` wrote them."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from vigie.store.audit import note
from vigie.web.library import HOME
from vigie.web.release_files import KINDS, listed
from vigie.web.routes import Request


def download(request: Request, wave: str, name: str) -> HttpResponseBase:
    """One file; a name that is not on the list does not exist."""
    release = request.place.wave(wave)
    if name not in listed(release):
        raise Http404
    path = HOME.release(release) / name
    study = request.place.study
    note("exported", request.visitor.person, study=study, wave=wave, file=name, **request.via)
    shown = f"{study.slug}-{wave}-{name}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=shown, content_type=KINDS[path.suffix])
