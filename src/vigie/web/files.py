"""A plain local server for reading finished reports in a browser: files, nothing else, to this machine alone."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without listing it, and without a line for every request."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".html": "text/html; charset=utf-8"}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def server(folder: Path, first: str, port: int) -> ThreadingHTTPServer:
    """A server of a folder, on a free port near the one asked for; `/` leads to the first page."""

    class Handler(_Quiet):
        def do_GET(self) -> None:
            if self.path == "/":
                self.send_response(302)
                self.send_header("Location", f"/{first}")
                self.end_headers()
                return
            super().do_GET()

    handler = functools.partial(Handler, directory=str(folder))
    for candidate in (port, *range(port + 1, port + 20), 0):
        try:
            return ThreadingHTTPServer((HOST, candidate), handler)
        except OSError:
            continue
    raise OSError("no free port")
