"""How fast the site answers under load: pages of the demonstration, asked for at a steady rate, as `vigie demo` serves.

Requests leave at their time whether or not those before them were answered, and each is timed from then: a server that
falls behind shows it. Prints a table; `--write` puts it into a page, and what was measured on PostgreSQL beneath it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT, RATE, SECONDS, THREADS = 8790, 50, 60, 64
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
LIMIT, MEMORY = 150.0, 1024.0  # milliseconds of the 95th percentile; MiB
WAVE = "/s/vigie/observatory/2024/"
PAGES = (
    "/", WAVE, "/s/vigie/observatory/2023/", f"{WAVE}channels/", f"{WAVE}channels/phone", f"{WAVE}channels/email",
    f"{WAVE}league/", f"{WAVE}league/standings", f"{WAVE}league/standings?sort=score", f"{WAVE}brands/",
    f"{WAVE}brands/alize_des_brumes", f"{WAVE}reviews/", f"{WAVE}tables/", f"{WAVE}method/", f"{WAVE}verbatims/",
    f"{WAVE}verbatims/?words=attente", f"{WAVE}explore/", f"{WAVE}explore/?rows=satisfaction&columns=sex",
    f"{WAVE}explore/?rows=used&columns=age&columns=sex", f"{WAVE}figures/?of=survey.usage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: its page, how long it took from when it was due, and what came."""

    page: str
    milliseconds: float
    status: int


@contextmanager
def demonstration(folder: Path, database: str) -> Iterator[int]:
    """The demonstration, served; its process."""
    command = [str(Path(sys.executable).with_name("vigie")), "demo", str(folder), "--port", str(PORT)]
    command += ["--database", database] if database else []
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(process)
        yield process.pid
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until the site answers; writing and running the study takes a minute or two the first time."""
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit("the demonstration ended before it answered")
        try:
            if ask("/health", "")[0] == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demonstration did not answer")


def ask(page: str, cookie: str) -> tuple[int, str]:
    """The status of a page, and the cookies that came with it."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", page, headers={"Cookie": cookie, "Accept-Language": "fr"})
    answer = connection.getresponse()
    answer.read()
    cookies = "; ".join(v.split(";")[0] for k, v in answer.getheaders() if k.lower() == "set-cookie")
    connection.close()
    return answer.status, cookies


def load(cookie: str, rate: int, seconds: int) -> list[Answer]:
    """The answers to pages asked for in turn, so many in a second."""
    began, found, lock = time.perf_counter() + 0.5, list[Answer](), threading.Lock()

    def one(k: int) -> None:
        due, page = began + k / rate, PAGES[k % len(PAGES)]
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            status = ask(page, cookie)[0]
        except OSError:
            status = 0
        answer = Answer(page, (time.perf_counter() - due) * 1000, status)
        with lock:
            found.append(answer)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(rate * seconds)))
    return found


def memory(group: int) -> float:
    """The memory of all processes of a group, in MiB, what they share counted once."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ProcessLookupError):
            continue
    return total / 1024


def told(found: list[Answer], held: float, rate: int, seconds: int, database: str) -> str:
    """The measurements on a database: the whole page for SQLite, a section for another."""
    times = sorted(a.milliseconds for a in found)
    cuts = statistics.quantiles(times, n=100)
    bad = sum(a.status != 200 for a in found)
    whole = f"""\
# How fast the site answers

The full demonstration, served by `vigie demo`; {rate} requests a second for {seconds} s over {len(PAGES)} pages
(overview, channels, league, brands, reviews, verbatims, tables, explorer, lineage), each timed from when it was due.
{os.cpu_count()} processors, {platform.machine()}; `make load`.

"""
    lines = f"""\
## On {database}

| measured | milliseconds |
|---|---:|
| median | {statistics.median(times):.0f} |
| 95th percentile (limit {LIMIT:.0f}) | {cuts[94]:.0f} |
| 99th percentile | {cuts[98]:.0f} |
| slowest | {times[-1]:.0f} |

{len(found):,} requests, {bad} of them not answered with 200. Memory of all processes afterwards: {held:.0f} MiB (limit
{MEMORY:.0f}){"" if database == SQLITE else ", without those of the database"}.

| page | median, ms | 95th percentile, ms |
|---|---:|---:|""".split("\n")
    for page in PAGES:
        own = sorted(a.milliseconds for a in found if a.page == page)
        lines.append(f"| `{page}` | {statistics.median(own):.0f} | {statistics.quantiles(own, n=20)[18]:.0f} |")
    return (whole if database == SQLITE else "") + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=RATE, help="requests in a second")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--database", default="", help="postgresql://…; SQLite unless given")
    parser.add_argument(
        "--demo", type=Path, default=ROOT / "build" / "load", help="where the demonstration is, or comes"
    )
    parser.add_argument("--write", type=Path, help="the page that is written")
    given = parser.parse_args()
    with demonstration(given.demo, given.database) as process:
        cookie = ask("/demonstration", "")[1]
        statuses = {page: ask(page, cookie)[0] for page in PAGES}
        if wrong := {page: status for page, status in statuses.items() if status != 200}:
            raise SystemExit(f"not answered with 200: {wrong}")
        found = load(cookie, given.rate, given.seconds)
        name = POSTGRESQL if given.database else SQLITE
        page = told(found, memory(process), given.rate, given.seconds, name)
    sys.stdout.write(page)
    if given.write:
        before = f"{given.write.read_text(encoding='utf-8').rstrip()}\n\n" if name == POSTGRESQL else ""
        given.write.write_text(before + page, encoding="utf-8")


if __name__ == "__main__":
    main()
