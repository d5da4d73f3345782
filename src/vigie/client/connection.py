"""Requests to a site, with the standard library alone: answers read, errors told, the token sent to nobody else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from vigie.client.decoding import record
from vigie.client.records import Problem

LOCAL = ("localhost", "127.0.0.1", "::1")
Query = Mapping[str, str | int | bool | Sequence[str] | None]


class SiteError(Exception):
    """What a site refused, or could not be asked; `status` is that of HTTP, or 0 where no answer came."""

    def __init__(self, status: int, problems: Sequence[Problem]) -> None:
        self.status, self.problems = status, tuple(problems)
        super().__init__("\n".join(map(str, problems)) or f"The site answered {status}.")


class _Staying(HTTPRedirectHandler):
    """Follows no redirection: the token would go along, wherever it leads."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Connection:
    """Where a site is, and the token that opens it."""

    def __init__(self, address: str, token: str, *, language: str, timeout: float) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f'"{address}" is no address of a site. Write it like https://observatory.example.')
        if parts.scheme == "http" and parts.hostname not in LOCAL:
            raise ValueError(f"The token could be read on the way to {address}. Use https.")
        self.address, self.timeout = address.rstrip("/") + "/api/v1/", timeout
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, "User-Agent": "vigie-client"}
        self.opener = build_opener(_Staying)

    def ask(
        self, method: str, *path: str | int, query: Query | None = None, body: Any = None,
        form: tuple[IO[bytes], Mapping[str, str]] | None = None,
    ) -> Any:  # fmt: skip
        """The JSON that a call answers with; what is sent is JSON too, or a form with its headers."""
        data: bytes | IO[bytes] | None
        data, headers = form or (None, {})
        if body is not None:
            data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        with closing(self.open(method, *path, query=query, data=data, headers=headers)) as answer:
            try:
                return json.load(answer)
            except ValueError:
                hint = "Is this the address of a site of Vigie, and of nothing that stands before it?"
                problem = Problem("unreadable", f"{self.address} answered with something else than JSON.", hint)
                raise SiteError(answer.status, [problem]) from None

    def open(
        self, method: str, *path: str | int, query: Query | None = None, data: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:  # fmt: skip
        """The answer of a call, to be read and closed; raises `SiteError`."""
        sent = {k: str(v).lower() if isinstance(v, bool) else v for k, v in (query or {}).items()}
        given = {k: v for k, v in sent.items() if v not in (None, "") and v != ()}
        address = self.address + "/".join(quote(str(part), safe="") for part in path)
        address += f"?{urlencode(given, doseq=True)}" if given else ""
        request = Request(address, data, {**self.headers, **(headers or {})}, method=method)  # noqa: S310 - checked above
        try:
            answer: HTTPResponse = self.opener.open(request, timeout=self.timeout)
        except HTTPError as error:
            with closing(error):
                raise SiteError(error.code, _problems(error.read())) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            problem = Problem("unreachable", f"{self.address} did not answer: {reason}.", "Is the address right?")
            raise SiteError(0, [problem]) from None
        return answer


def _problems(text: bytes) -> list[Problem]:
    """What the site told, where it was a site of Vigie that answered."""
    try:
        return [record(Problem, told) for told in json.loads(text)["problems"]]
    except (ValueError, KeyError, TypeError):
        return []
