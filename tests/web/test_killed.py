"""The site is killed at any moment, during uploads, runs and publishing, and starts again: nothing is half there.

`VIGIE_KILLS=50 pytest tests/web/test_killed.py` kills it as often as one likes.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

import postgresql
from small import tiny
from vigie.web.serving import free_port
from vigie.web.studies_in import digest_of

KILLS = int(os.environ.get("VIGIE_KILLS", "2" if postgresql.VARIABLE in os.environ else "4"))
WHOM = ("group", "server", "run", "worker")  # all of its processes at once, as a machine that stops; or one
PASSWORD = "a long sentence 42"


class Browser:
    """Somebody who signs in, sends archives and presses buttons, and does not mind that the site is gone."""

    def __init__(self, base: str) -> None:
        self.base, self.jar = base, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as said:
            return said.read().decode()

    def post(self, path: str, form: dict[str, str], page: str | None = None, archive: bytes | None = None) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page or path)).group(1)
        fields = {"csrfmiddlewaretoken": token} | form
        data, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if archive is not None:
            data, kind = several(fields, archive)
        headers = {"Content-Type": kind, "Referer": self.base}
        request = urllib.request.Request(self.base + path, data, headers)  # noqa: S310 - our own site
        with self.opener.open(request, timeout=30) as said:
            return said.read().decode()


def several(fields: dict[str, str], archive: bytes) -> tuple[bytes, str]:
    """A form with a file, as browsers send it."""
    head = "".join(f'--limit\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head += '--limit\r\nContent-Disposition: form-data; name="archive"; filename="a.zip"\r\n\r\n'
    return head.encode() + archive + b"\r\n--limit--\r\n", "multipart/form-data; boundary=limit"


def packed(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.rglob("*"):
            if path.is_file():
                archive.write(path, f"tiny/{path.relative_to(folder).as_posix()}")
    return made.getvalue()


class Served:
    """`vigie serve` in a session of its own."""

    def __init__(self, home: Path, database: str, *studies: Path) -> None:
        self.port = free_port(random.randrange(20_000, 40_000))
        given = ["--home", home, "--port", self.port, *(["--database", database] if database else []), *studies]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from vigie.cli import main; main()", "serve", *map(str, given)],
            stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
        )  # fmt: skip
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.base = f"http://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        for line in self.process.stderr:
            self.said += line

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(400):
            with suppress(OSError):
                assert Browser(self.base).get("/health") == "ok\n"
                return
            assert self.process.poll() is None, self.said
            time.sleep(0.1)
        raise AssertionError(self.said)

    def members(self) -> dict[str, list[int]]:
        """The processes of the site, by what they do."""
        found: dict[str, list[int]] = {"group": [], "server": [], "worker": [], "run": []}
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError, IndexError):
                session = int((place / "stat").read_text().rpartition(")")[2].split()[3])
                if session == self.process.pid and (line := (place / "cmdline").read_text()):
                    role = "run" if "web.running" in line else "worker" if "web.worker" in line else "group"
                    found[role].append(int(place.name))
        found["server"] = [self.process.pid]
        found["group"] = found["group"] + found["worker"] + found["run"]
        return found

    def _until(self, true: Callable[[dict[str, list[int]]], object]) -> bool:
        """Whether something became true of its processes within a minute: a machine may be busy with other tests."""
        for _ in range(600):
            if true(self.members()):
                return True
            time.sleep(0.1)
        return False

    def kill(self, whom: str = "group") -> None:
        """End some of its processes at once, and then the rest, so that another one can start."""
        if whom in ("worker", "run"):  # while something is computed
            self._until(lambda now: now["run"])
            time.sleep(random.uniform(0, 1))
        before = self.members()
        for one in before[whom]:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        if whom == "worker":  # another one takes its place
            assert self._until(lambda now: set(now["worker"]) - set(before["worker"]))
        if whom == "run":
            time.sleep(1)  # which its worker tells
        if whom == "server":
            self.process.wait(10)
            # who answers goes with it; a run may come to its end, and its worker waits for it
            assert self._until(lambda now: not {*now["group"]} - {*now["run"], *now["worker"]})
        while rest := self.members()["group"]:
            for one in rest:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            time.sleep(0.05)
        self.process.wait(10)
        self.listener.join(5)
        self.process.stderr.close()


@pytest.fixture
def database():
    """SQLite in the home, or a database on the server that these tests run on."""
    address = os.environ.get(postgresql.VARIABLE)
    return postgresql.create(address, f"killed_{os.getpid()}") if address else ""


def rows(home: Path, database: str, query: str) -> list[tuple]:
    if database:
        import psycopg

        with psycopg.connect(database) as connection:
            return connection.execute(query).fetchall()
    connection = sqlite3.connect(home / "vigie.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def consistent(home: Path, database: str) -> None:
    """What must be true whenever the site is dead: rows and files agree, and readers lack no wave."""
    if not database:
        assert rows(home, database, "PRAGMA integrity_check") == [("ok",)]
        assert rows(home, database, "PRAGMA foreign_key_check") == []
    for study, number, digest in rows(home, database, "SELECT study_id, number, digest FROM vigie_version"):
        folder = home / "studies" / str(study) / "versions" / str(number)
        assert digest_of(folder) == digest
    numbers = [n for (n,) in rows(home, database, "SELECT number FROM vigie_version ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))
    for study, wave, key in rows(home, database, "SELECT study_id, wave, key FROM vigie_release"):
        folder = home / "studies" / str(study) / "releases" / wave / key
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert {"results.json", *record["files"]} <= {p.name for p in folder.iterdir()}
        json.loads((folder / "results.json").read_bytes())
    shown = rows(
        home, database,
        "SELECT wave, count(*) FROM vigie_release WHERE published IS NOT NULL AND withdrawn IS NULL GROUP BY wave",
    )  # fmt: skip
    assert shown == [("2024", 1)]


def busy(browser: Browser, folder: Path) -> None:
    """Send another state of the study, run it, and publish whatever there is, until the site is gone."""
    study = folder / "study.yaml"
    with suppress(OSError, http.client.HTTPException):
        for _ in range(100):
            study.write_text(study.read_text(encoding="utf-8") + "# another state\n", encoding="utf-8")
            browser.post("/o/vigie/new", {}, archive=packed(folder))
            if 'name="stop"' not in browser.get("/s/vigie/tiny/-/runs"):
                browser.post("/s/vigie/tiny/-/runs", {})
            page = browser.get("/s/vigie/tiny/-/")
            for release in re.findall(r'name="release" value="(\d+)"', page):
                browser.post("/s/vigie/tiny/-/publish", {"release": release, "to": "readers"}, "/s/vigie/tiny/-/")


def settled(home: Path, database: str) -> list[tuple[str, int]]:
    """How runs ended, once none waits or is computed."""
    for _ in range(600):
        states = dict(rows(home, database, "SELECT state, count(*) FROM vigie_run GROUP BY state"))
        if not {"queued", "running"} & set(states):
            return sorted(states.items())
        time.sleep(0.1)
    raise AssertionError(states)


def test_a_site_that_is_killed_at_any_moment_starts_again_whole(tmp_path, database):
    seed, home = random.Random(2024), tmp_path / "home"
    folder = tiny(tmp_path / "tiny")
    site = Served(home, database, folder)
    try:
        site.wait()
        browser = Browser(site.base)
        link = re.search(r"/invitation/\S+", site.said).group()
        form = {"name": "Ana", "email": "ana@own.example", "password": PASSWORD, "again": PASSWORD}
        browser.post(link, form)
        settled(home, database)
        page = browser.get("/s/vigie/tiny/-/")
        release = re.search(r'name="release" value="(\d+)"', page).group(1)
        browser.post("/s/vigie/tiny/-/publish", {"release": release, "to": "readers"}, "/s/vigie/tiny/-/")
        for kill in range(KILLS):
            person = threading.Thread(target=busy, args=(browser, folder))
            person.start()
            time.sleep(seed.uniform(0.1, 4.0))
            site.kill(WHOM[kill % len(WHOM)])
            person.join(60)
            consistent(home, database)
            site = Served(home, database)
            site.wait()
            browser.base = site.base
        settled(home, database)
        browser.post("/s/vigie/tiny/-/runs", {})  # and it works
        time.sleep(0.2)
        states = settled(home, database)
        assert rows(home, database, "SELECT state FROM vigie_run ORDER BY id DESC LIMIT 1") == [("done",)]
        assert "<main" in browser.get("/s/vigie/tiny/2024/")
        failed = rows(home, database, "SELECT problems FROM vigie_run WHERE state = 'failed'")
        print(f"{KILLS} kills: {states}")
        assert all("machine stopped" in str(p) or "ended by the system" in str(p) for (p,) in failed), failed
        consistent(home, database)
    finally:
        site.kill()
    versions = rows(home, database, "SELECT number FROM vigie_version")
    kept = {int(p.name) for p in (home / "studies" / "1" / "versions").iterdir()}
    assert {n for (n,) in versions} <= kept
