"""The files of a release: reports, tab books and results, as `vigie run` wrote them."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase

from vigie.store.audit import note
from vigie.web.library import HOME
from vigie.web.routes import Request

KINDS = {
    ".html": "text/html; charset=utf-8", ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def listed(request: Request, wave: str) -> list[str]:
    """The names of a release's files."""
    folder = HOME.release(request.place.wave(wave))
    return sorted(p.name for p in folder.iterdir() if p.suffix in KINDS and p.name != "run.json")


def download(request: Request, wave: str, name: str) -> HttpResponseBase:
    """One file; a name that is not on the list does not exist."""
    if name not in listed(request, wave):
        raise Http404
    path = HOME.release(request.place.wave(wave)) / name
    study = request.place.study
    note("exported", request.visitor.person, study=study, wave=wave, file=name, **request.via)
    shown = f"{study.slug}-{wave}-{name}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=shown, content_type=KINDS[path.suffix])
