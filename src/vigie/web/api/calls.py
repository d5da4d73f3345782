"""A call of the API and what it needs, in one line: no call exists without a right, and a token opens by its scopes.

A call is guarded as a page is: same visitor, same place, same rights, which a token cuts down to its scopes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast, get_type_hints

from django.http import HttpRequest
from ninja.security import HttpBearer

from vigie.store.models import Token
from vigie.store.tokens import token_of
from vigie.web.access import SCOPES, Right, Visitor
from vigie.web.api.problems import CallError, Problems
from vigie.web.routes import Request, admit


class TokenRequest(Request):
    """A request that came with a token."""

    token: Token


TAKEN = ("organisation", "study")  # of an address: what `admit` looks up


@dataclass(frozen=True, slots=True)
class Call:
    """An address of the API: how it is asked, what answers, the right that it needs, and the shape of the answer."""

    method: str
    pattern: str
    view: Callable[..., Any]
    right: Right
    shape: Any  # None for a file
    further: tuple[int, ...] = ()  # how it may be refused beside what every call may say

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def part(self) -> str:
        """Under which heading it is told."""
        return self.view.__module__.rpartition(".")[2]

    @property
    def scopes(self) -> list[str]:
        """The scopes of which a token needs one."""
        return [scope.value for scope, rights in SCOPES.items() if self.right in rights]

    @property
    def answers(self) -> dict[int, Any]:
        """What may be said, by status."""
        refusals = dict.fromkeys((400, 401, 403, 404, *self.further), Problems)
        return refusals if self.shape is None else {200: self.shape, **refusals}


class Bearer(HttpBearer):
    """A personal token in `Authorization: Bearer …`; no cookie opens the API, so that no other site can use one."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:  # noqa: ARG002 - as the base class has it
        return token_of(token)


def guarded(call: Call) -> Callable[..., Any]:
    """The view behind its right and its scope; it does not see the parts of the address that were looked up."""

    def answer(request: TokenRequest, **named: Any) -> Any:
        token: Token = request.auth  # type: ignore[attr-defined]
        if not set(call.scopes) & set(token.scopes):
            hint = "Make a token with this scope on the page of your account."
            raise CallError(403, "scope", f'This token has no scope "{call.scopes[0]}".', hint)
        request.token, request.visitor, request.via = token, Visitor(token.person), {"token": token.start}
        admit(request, call.right, named)
        return call.view(request, **named)

    hints = get_type_hints(call.view, include_extras=True)
    first, *rest = inspect.signature(call.view).parameters.values()
    only = inspect.Parameter.KEYWORD_ONLY
    looked_up = [inspect.Parameter(n, only, annotation=str) for n in TAKEN if f":{n}}}" in call.pattern]
    others = [p.replace(annotation=hints[p.name], kind=only) for p in rest]
    told = cast("Any", answer)
    told.__signature__ = inspect.Signature([first, *looked_up, *others])  # what ninja reads
    told.__name__, told.__doc__, told.__module__ = call.name, call.view.__doc__, call.view.__module__
    return answer
