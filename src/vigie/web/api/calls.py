"""A call of the API and what it needs, in one line: no call exists without a right, and a token opens by its scopes.

A call is guarded as a page is: same visitor, same place, same rights, which a token cuts down to its scopes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from django.http import HttpRequest
from ninja.params import models as params
from ninja.security import HttpBearer
from pydantic import BaseModel

from vigie.errors import suggestion
from vigie.store.models import Token
from vigie.store.tokens import Scope, token_of
from vigie.web.access import SCOPES, Right, Visitor
from vigie.web.api.problems import CallError, Problems
from vigie.web.routes import SEEN, Request, admit, seen


class TokenRequest(Request):
    """A request that came with a token."""

    token: Token


LOOKED_UP = ("organisation", "study")  # of an address, by `admit`


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
    """The door of a call: a personal token in `Authorization: Bearer …`, then its scopes, then the rights of its owner.

    It stands before anything that was sent is looked at. No cookie opens the API, so that no other site can use one.
    """

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = token_of(token)
        if found is None:
            return None
        if not set(self.call.scopes) & set(found.scopes):
            hint = "Make a token with this scope on the page of your account."
            raise CallError(403, "scope", f'This token has no scope "{self.call.scopes[0]}".', hint)
        asked = cast("TokenRequest", request)
        opened = frozenset(right for scope in found.scopes for right in SCOPES[Scope(scope)])
        asked.token, asked.visitor, asked.via = found, Visitor(found.person, opened), {"token": found.start}
        address = request.resolver_match
        admit(asked, self.call.right, dict(address.kwargs) if address else {})
        return found


def told_to_ninja(call: Call) -> Callable[..., Any]:
    """The view with all that stands in its address; of this it sees what is not looked up.

    A parameter that the call does not have is refused: whoever misspells one would take everything for what they chose.
    """
    hints = get_type_hints(call.view, include_extras=True)
    first, *rest = inspect.signature(call.view).parameters.values()
    known = [name for p in rest if f"{p.name}}}" not in call.pattern for name in _named(p.name, hints[p.name])]

    def answer(request: Request, **named: Any) -> Any:
        for unknown in (name for name in request.GET if name not in known):
            raise CallError(400, "parameter", f'There is no parameter "{unknown[:80]}".', suggestion(unknown, known))
        made = call.view(request, **{name: value for name, value in named.items() if name not in LOOKED_UP})
        if call.right in SEEN and "study" in named:
            where = [name for name in named if name not in LOOKED_UP and f"{name}}}" in call.pattern]
            seen(request, call.name, {name: str(named[name]) for name in where})
        return made

    only = inspect.Parameter.KEYWORD_ONLY
    looked_up = [inspect.Parameter(n, only, annotation=str) for n in LOOKED_UP if f":{n}}}" in call.pattern]
    others = [p.replace(annotation=hints[p.name], kind=only) for p in rest]
    told = cast("Any", answer)
    told.__signature__ = inspect.Signature([first, *looked_up, *others])
    told.__name__, told.__doc__, told.__module__ = call.name, call.view.__doc__, call.view.__module__
    return answer


def _named(name: str, hint: Any) -> list[str]:
    """The names under which a parameter of a view is sent with an address: its own, or those of its fields."""
    kind, *how = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if any(not isinstance(h, params.Query) for h in how):  # what is sent as a body
        return []
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else [name]
