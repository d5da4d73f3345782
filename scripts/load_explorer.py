"""How fast the explorer answers on a million respondents: tables nobody asked for yet, and tables asked for again.

A generated survey (1,000,000 × 110 columns) is brought to a site of its own, served by `vigie serve`; tables are asked
for one after another through HTTP. Prints a table; `--write` adds it to the page that `scripts/load.py` wrote.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))
from benchmark.data import write
from benchmark.places import RAW, WAVE, facts_of
from benchmark.questionnaire import BY_ID, DEMOGRAPHICS, ITEMS
from load import memory

ROOT = Path(__file__).resolve().parents[1]
PORT, ROWS, AGAIN = 8791, 1_000_000, 3
COLD, WARM = 1000.0, 50.0  # limits of the 95th percentiles, milliseconds
TITLE = "## The explorer on a million respondents"


def settled(data: Path, home: Path) -> str:
    """A site whose only study is the generated one; the cookie of its analyst."""
    shutil.rmtree(home, ignore_errors=True)
    os.environ |= {"VIGIE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}
    from vigie.web import site

    site.settle(home, "")
    site.prepare(lambda _: None)
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from vigie.engine.wave import compute
    from vigie.results.encoding import to_json
    from vigie.run import load, opened
    from vigie.store.home import linked
    from vigie.store.models import Membership, Release, User
    from vigie.store.organisations import Role
    from vigie.web.library import HOME
    from vigie.web.studies_in import add_study

    bare = home / "bare"
    bare.mkdir()
    shutil.copy(data / "study.yaml", bare)
    (bare / RAW).touch()  # what was read from it stands as facts
    study, version = add_study(site.organisation(), bare, None)
    key = facts_of(data).name
    linked(facts_of(data), HOME.out(study) / WAVE / "facts" / key)
    session = opened(HOME.out(study) / WAVE, key)
    made = load(HOME.version(version))
    if session is None:
        raise SystemExit("the generated facts do not stand")
    session.snapshot.manifest.update(exclusions=[], read={"survey": ROWS})  # as of a file of which nothing is left out
    results = compute(made, made.waves[WAVE], session, (), lambda _: None)
    release = Release.objects.create(
        study=study, version=version, wave=WAVE, position=0, key="generated", snapshot=key, published=timezone.now()
    )
    HOME.release(release).mkdir(parents=True)
    (HOME.release(release) / "results.json").write_text(to_json(results), encoding="utf-8")
    person = User.objects.create_user("analyst@demo.invalid", name="Analyst")
    Membership.objects.create(person=person, organisation=site.organisation(), role=Role.ANALYST)
    session_ = SessionStore()
    session_["_auth_user_id"], session_["_auth_user_hash"] = str(person.pk), person.get_session_auth_hash()
    session_["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session_.create()
    return f"{settings.SESSION_COOKIE_NAME}={session_.session_key}; /s/{site.organisation().slug}/{study.slug}/{WAVE}/"


def questions() -> list[dict[str, object]]:
    """Sixty different tables: single questions and scales by one to three demographics, some of them filtered."""
    found: list[dict[str, object]] = []
    for k in range(60):
        by = [DEMOGRAPHICS[(k + j) % len(DEMOGRAPHICS)].id for j in range(1 + k % 3)]
        asked: dict[str, object] = {"rows": ITEMS[k % len(ITEMS)].id, "columns": by}
        if k % 4 == 3:
            asked["where"] = f"{by[-1]} != {BY_ID[by[-1]].codes[0]}"
        found.append(asked)
    return found


def ask(path: str, cookie: str) -> tuple[float, int]:
    """How long a page took, in milliseconds, and its status."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return (time.perf_counter() - began) * 1000, answer.status


def measured(base: str, cookie: str) -> tuple[list[float], list[float]]:
    """The times of tables asked for the first time, and again."""
    first, again = list[float](), list[float]()
    for asked in questions():
        path = f"{base}explore/?{urlencode(asked, doseq=True)}"
        for times, count in ((first, 1), (again, AGAIN)):
            for _ in range(count):
                taken, status = ask(path, cookie)
                if status != 200:
                    raise SystemExit(f"{path} answered {status}")
                times.append(taken)
    return first, again


def told(first: list[float], again: list[float], held: float) -> str:
    def line(name: str, times: list[float], limit: float) -> str:
        p95 = statistics.quantiles(times, n=20)[18]
        return f"| {name} | {statistics.median(times):.0f} | {p95:.0f} | {limit:.0f} |"

    return f"""\
{TITLE}

{len(first)} different tables on {ROWS:,} respondents × 110 columns (one to three demographics in the columns, every
fourth with a filter), one after another through HTTP, with letters, tests, intervals and drawing.

| asked | median, ms | 95th percentile, ms | limit |
|---|---:|---:|---:|
{line("for the first time", first, COLD)}
{line("again", again, WARM)}

Memory of all processes afterwards: {held:.0f} MiB.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "benchmark" / f"data-{ROWS}")
    parser.add_argument("--write", type=Path, help="the page that is added to")
    given = parser.parse_args()
    write(str(given.data), ROWS)
    home = ROOT / "build" / "load-explorer"
    cookie, _, base = settled(given.data, home).partition("; ")
    command = [str(Path(sys.executable).with_name("vigie")), "serve", "--home", str(home), "--port", str(PORT)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(120):
            try:
                if ask("/health", "")[1] == 200:
                    break
            except OSError:
                time.sleep(0.5)
        for _ in range(4):  # every process of the server reads the release once
            ask(f"{base}explore/", cookie)
        page = told(*measured(base, cookie), memory(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
    sys.stdout.write(page)
    if given.write:
        kept = given.write.read_text(encoding="utf-8").split(TITLE)[0].rstrip()
        given.write.write_text(f"{kept}\n\n{page}", encoding="utf-8")


if __name__ == "__main__":
    main()
