"""What the API says where something cannot be done: always problems, each with a code, what is wrong and what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from vigie import errors

SCHEMA = "/api/v1/openapi.json"


class Problem(BaseModel):
    """One thing that is wrong."""

    code: str
    message: str
    hint: str = ""
    where: str = ""  # file:line:column, of a problem in a study's own files


class Problems(BaseModel):
    """Why something was not done: everything that is in the way."""

    problems: list[Problem]


class CallError(Exception):
    """A call that is answered with problems."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.problem = status, Problem(code=code, message=message, hint=hint)


NOT_HERE = Problem(
    code="nothing-here", message="There is nothing at this address, or nothing for you.",
    hint=f"Ask /api/v1/studies for what you see; every address is in {SCHEMA}.",
)  # fmt: skip
NO_TOKEN = Problem(
    code="token", message="No token was sent, or one that is unknown, revoked or past its time.",
    hint='Make one on the page of your account, and send it as "Authorization: Bearer vigie_…".',
)  # fmt: skip
NO_RIGHT = Problem(
    code="right", message="You may not do this here.", hint="Ask an administrator of the organisation."
)  # fmt: skip
METHOD = Problem(code="method", message="This address does not take this method.", hint="The header Allow names those.")
BROKEN = Problem(code="failed", message="Something went wrong; it was written down.", hint="Please try again later.")
UNREADABLE = Problem(code="parameter", message="What was sent cannot be read.", hint=f"See {SCHEMA}.")
TOO_LARGE = Problem(code="too-large", message="What was sent is too large.", hint="An archive may have a gibibyte.")
REFUSED = {400: UNREADABLE, 403: NO_RIGHT, 404: NOT_HERE, 413: TOO_LARGE, 500: BROKEN}  # before a call is known


def answer(status: int, *problems: Problem) -> HttpResponse:
    """Problems as an answer."""
    said = JsonResponse(Problems(problems=list(problems)).model_dump(), status=status)
    if status == 401:
        said["WWW-Authenticate"] = 'Bearer realm="vigie"'
    return said


def told(problems: Iterable[errors.Problem]) -> list[Problem]:
    """What is wrong with a study or a question, as the commands tell it."""
    return [Problem(code=p.code, message=p.message, hint=p.hint, where=p.place) for p in problems]


def install(api: NinjaAPI) -> None:
    """Let every error of the API be told in this one shape."""

    @api.exception_handler(CallError)
    def refused(request: HttpRequest, error: CallError) -> HttpResponse:  # noqa: ARG001 - as every handler
        return answer(error.status, error.problem)

    @api.exception_handler(errors.VigieError)
    def problems(request: HttpRequest, error: errors.VigieError) -> HttpResponse:  # noqa: ARG001
        return answer(400, *told(error.problems))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
        return answer(400, *map(_parameter, error.errors))

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
        return answer(401, NO_TOKEN)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:  # noqa: ARG001
        return answer(403, NO_RIGHT)

    @api.exception_handler(Http404)
    def nothing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
        return answer(404, NOT_HERE)

    def unreadable(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001
        return answer(400, UNREADABLE)

    for kind in (HttpError, BadRequest, SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(kind, unreadable)

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        logging.getLogger("django.request").error("API: %s", request.path, exc_info=error)
        return answer(500, BROKEN)


def _parameter(error: dict[str, object]) -> Problem:
    """A parameter that is missing or wrong, under its own name."""
    place = error.get("loc")
    *_, name = place if isinstance(place, tuple) and place else ("?",)
    return Problem(code="parameter", message=f"{name}: {error.get('msg', '')}.", hint=f"See {SCHEMA}.")


def shaped(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view whose refusal of a method, or of everything, is told as a problem too."""

    @wraps(view)
    def answering(request: HttpRequest, **named: object) -> HttpResponseBase:
        try:
            said: HttpResponseBase = view(request, **named)
        except Http404:
            return answer(404, NOT_HERE)
        if said.status_code != 405:
            return said
        refusal = answer(405, METHOD)
        refusal["Allow"] = said["Allow"]
        return refusal

    return answering


@csrf_exempt  # no cookie opens the API: there is nothing to forge
def nowhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as every view
    """What is said at an address of the API that does not exist."""
    return answer(404, NOT_HERE)
