"""The map of the API on one screen: every call, what answers, and the right that it needs."""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI

from vigie.web.access import Right
from vigie.web.api import figures, files, printed, runs, studies, verbatims
from vigie.web.api.calls import Bearer, Call, told_to_ninja
from vigie.web.api.problems import install, nowhere, shaped
from vigie.web.api.shapes import Crosstab
from vigie.web.release_files import KINDS

ROOT = "/api/v1/"
STUDY = "studies/{slug:organisation}/{slug:study}"
WAVE = STUDY + "/waves/{str:wave}"

CALLS = (
    # who asks, and what for
    Call("GET", "me", studies.me, Right.SIGNED_IN, studies.Me),
    Call("GET", "studies", studies.studies, Right.READ, studies.Studies),
    Call("POST", "organisations/{slug:organisation}/studies", studies.bring_in, Right.EDIT, studies.Brought),
    Call("GET", STUDY, studies.study, Right.METHOD, studies.Study),
    Call("GET", STUDY + "/waves", studies.waves, Right.METHOD, list[studies.Wave]),
    Call("GET", WAVE, studies.wave, Right.METHOD, studies.Method),
    # what a wave found
    Call("GET", WAVE + "/estimates", figures.estimates, Right.READ, figures.Estimates),
    Call("GET", WAVE + "/rankings", figures.rankings, Right.READ, figures.Rankings),
    Call("GET", WAVE + "/scores", figures.scores, Right.READ, figures.Scores),
    Call("GET", WAVE + "/verbatims", verbatims.verbatims, Right.QUOTE, verbatims.Verbatims, (409,)),
    Call("GET", WAVE + "/tables", printed.tables, Right.READ, printed.Tables),
    Call("GET", WAVE + "/table", figures.table, Right.EXPLORE, Crosstab),
    Call("GET", WAVE + "/files", files.files, Right.EXPORT, files.Files),
    Call("GET", WAVE + "/files/{str:name}", files.file, Right.EXPORT, None),
    # the study itself
    Call("GET", STUDY + "/runs", runs.runs, Right.RUN, runs.Runs),
    Call("POST", STUDY + "/runs", runs.start, Right.RUN, runs.Run, (409,)),
    Call("GET", STUDY + "/runs/{int:run}", runs.run, Right.RUN, runs.Told),
    Call("POST", STUDY + "/runs/{int:run}/stop", runs.stop, Right.RUN, runs.Run),
    Call("GET", STUDY + "/releases", runs.releases, Right.PUBLISH, runs.Releases),
    Call("PUT", WAVE + "/publication", runs.publish, Right.PUBLISH, runs.Release),
    Call("DELETE", WAVE + "/publication", runs.withdraw, Right.PUBLISH, runs.Release),
)


def _made() -> NinjaAPI:
    api = NinjaAPI(
        title="Vigie", version="1", urls_namespace="api", docs_url=None, openapi_url=None,
        description="Figures of an observatory with their bases, intervals and lineage; runs; publishing.",
    )  # fmt: skip
    install(api)
    a_file = {"description": "The file.", "content": {kind.partition(";")[0]: {} for kind in KINDS.values()}}
    for call in CALLS:
        summary = (call.view.__doc__ or "").partition("\n")[0]
        api.default_router.add_api_operation(
            f"/{call.pattern}", [call.method], told_to_ninja(call), auth=Bearer(call), response=call.answers,
            operation_id=call.name, summary=summary, tags=[call.part],
            description=f"Takes a token with the scope `{'` or `'.join(call.scopes)}`.",
            openapi_extra={"responses": {200: a_file}} if call.shape is None else None,
        )  # fmt: skip
    return api


API = _made()


@cache
def _described() -> bytes:
    """What the API says of itself: the same for everybody, and not worked out for each."""
    return json.dumps(API.get_openapi_schema(path_prefix=ROOT), ensure_ascii=False).encode()


def described(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as every view
    """The description of the API (OpenAPI)."""
    return HttpResponse(_described(), content_type="application/json")


def patterns() -> list[URLPattern]:
    """What Django's resolver takes; whatever else begins with the API's address is answered in its shape."""
    found = [one for one in API.urls[0] if isinstance(one, URLPattern)]
    for one in found:
        one.callback = shaped(one.callback)
    return [path("openapi.json", described), *found, re_path("", nowhere)]


app_name = "api"  # calls bear the names of pages: "runs", "studies"
urlpatterns = patterns()
