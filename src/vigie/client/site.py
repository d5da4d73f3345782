"""A site of Vigie, for programs: its studies, their figures with all that is known of them, runs and publishing.

    from vigie.client.site import Site

    site = Site("https://observatory.example", token)
    for e in site.estimates("acme/observatory", "2024", indicator="satisfied", segment=["channel"], whole=True):
        print(e.segment["channel"], e.value, e.ci_low, e.ci_high, e.n, e.flag)

Studies are named "organisation/study". Every method raises `SiteError` for what the site refuses, with its problems.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from vigie.client.connection import Connection, Query, SiteError
from vigie.client.decoding import record
from vigie.client.records import (
    Crosstab,
    Estimate,
    File,
    Indicator,
    Me,
    Printed,
    Problem,
    Ranking,
    Release,
    Run,
    Score,
    Study,
    Verbatim,
    Wave,
)  # fmt: skip

R = TypeVar("R")
PAGE = 500  # records to a request


class Site:
    """A site, as the owner of a token sees it."""

    def __init__(self, address: str, token: str, *, language: str = "en", timeout: float = 60) -> None:
        self._connection = Connection(address, token, language=language, timeout=timeout)
        self._ask = self._connection.ask

    # who asks, and what for

    def me(self) -> Me:
        """Who the token acts for."""
        return record(Me, self._ask("GET", "me"))

    def studies(self) -> Iterator[Study]:
        """The studies that you see anything of."""
        return _once(self._listed(Study, "studies"), lambda s: s.key)

    def study(self, study: str) -> Study:
        return record(Study, self._ask("GET", *_of(study)))

    def waves(self, study: str) -> list[Wave]:
        """The waves that you see, in the order of the study."""
        return [record(Wave, told) for told in self._ask("GET", *_of(study), "waves")]

    def indicators(self, study: str, wave: str) -> list[Indicator]:
        """What there are figures of in a wave."""
        return [record(Indicator, told) for told in self._ask("GET", *_of(study, wave))["indicators"]]

    # what a wave found

    def estimates(
        self, study: str, wave: str, *, indicator: str | None = None, source: str | None = None,
        figure: str | None = None, segment: Sequence[str] = (), whole: bool = False,
    ) -> Iterator[Estimate]:  # fmt: skip
        """Figures: all, or those of an indicator, a source, a segment ("channel", "channel:phone").

        `whole` leaves what is not broken down further: figures of everybody, or of the dimensions in `segment` alone.
        """
        query = {"indicator": indicator, "source": source, "figure": figure, "segment": segment, "whole": whole or None}
        return self._listed(Estimate, *_of(study, wave), "estimates", query=query)

    def verbatims(
        self, study: str, wave: str, words: str = "", *, source: str = "", question: str = "", channel: str = "",
        brand: str = "", polarity: str = "", intensity: int = 0, order: Literal["recent", "worst", "best"] = "recent",
    ) -> Iterator[Verbatim]:  # fmt: skip
        """What people wrote, redacted: with these words, in answer to a question, about a channel or a brand, …"""
        query: Query = {"words": words, "source": source, "question": question, "channel": channel, "brand": brand,
                 "polarity": polarity, "intensity": intensity, "order": order}  # fmt: skip
        return self._listed(Verbatim, *_of(study, wave), "verbatims", query=query)

    def rankings(self, study: str, wave: str) -> list[Ranking]:
        """Leagues, with rank intervals."""
        return [record(Ranking, told) for told in self._ask("GET", *_of(study, wave), "rankings")["items"]]

    def scores(self, study: str, wave: str) -> list[Score]:
        """Mystery scores by brand and channel."""
        return [record(Score, told) for told in self._ask("GET", *_of(study, wave), "scores")["items"]]

    def tables(
        self, study: str, wave: str, page: Literal["overview", "league", "reviews", "tables"] = "tables"
    ) -> Iterator[Printed]:
        """The tables of a page of the wave, as it shows them."""
        return self._listed(Printed, *_of(study, wave), "tables", query={"page": page})

    def table(
        self, study: str, wave: str, rows: str, columns: Sequence[str], *, where: str = "",
        compare: Literal["columns", "rest", "agency"] = "columns", source: str = "survey",
    ) -> Crosstab:  # fmt: skip
        """Any question by any others, computed now."""
        query = {"rows": rows, "columns": columns, "where": where, "compare": compare, "source": source}
        return record(Crosstab, self._ask("GET", *_of(study, wave), "table", query=query))

    def files(self, study: str, wave: str) -> list[File]:
        """Reports, tab books and results that can be taken away."""
        return [record(File, told) for told in self._ask("GET", *_of(study, wave), "files")["items"]]

    def download(self, study: str, wave: str, name: str, to: Path) -> Path:
        """A file of a wave; it appears whole."""
        work = to.with_name(f".{to.name}.{os.getpid()}")
        try:
            answer = self._connection.open("GET", *_of(study, wave), "files", name)
            with closing(answer), work.open("wb") as file:
                shutil.copyfileobj(answer, file)
                if answer.length:  # what is left to come
                    raise SiteError(0, [Problem("cut-off", f"{name} did not arrive whole.", "Try again.")])
            return work.replace(to)
        finally:
            work.unlink(missing_ok=True)

    # the study itself

    def bring_in(self, organisation: str, study: Path) -> tuple[str, int]:
        """A study's folder, or a zip of it, as a new study or its next version: its key and the version's number."""
        with tempfile.TemporaryDirectory() as work:
            packed = shutil.make_archive(str(Path(work) / "study"), "zip", study) if study.is_dir() else study
            with (Path(work) / "sent").open("w+b") as sent:
                bound = os.urandom(16).hex()
                head = f'Content-Disposition: form-data; name="archive"; filename="{quote(study.name)}.zip"'
                sent.write(f"--{bound}\r\n{head}\r\nContent-Type: application/zip\r\n\r\n".encode())
                with Path(packed).open("rb") as archive:
                    shutil.copyfileobj(archive, sent)
                sent.write(f"\r\n--{bound}--\r\n".encode())
                headers = {"Content-Type": f"multipart/form-data; boundary={bound}", "Content-Length": str(sent.tell())}
                sent.seek(0)
                told = self._ask("POST", "organisations", organisation, "studies", form=(sent, headers))
        return f"{told['organisation']}/{told['study']}", told["version"]

    def start(self, study: str) -> Run:
        """Run the last version of a study, or find the run of it that waits or runs."""
        return record(Run, self._ask("POST", *_of(study), "runs"))

    def runs(self, study: str) -> Iterator[Run]:
        """The runs of a study, the last first."""
        return _once(self._listed(Run, *_of(study), "runs"), lambda r: r.run)

    def run(self, study: str, run: int) -> Run:
        """One run, with its log."""
        return record(Run, self._ask("GET", *_of(study), "runs", run))

    def wait(self, study: str, run: int, *, every: float = 2, most: float = 3600) -> Run:
        """The run once it is over; raises `TimeoutError` after `most` seconds, and leaves it to run on."""
        until = monotonic() + most
        while not (found := self.run(study, run)).over:
            if monotonic() > until:
                raise TimeoutError(f"run {run} of {study} is not over after {most:g} seconds")
            sleep(every)
        return found

    def stop(self, study: str, run: int) -> Run:
        """Stop a run; one that is over stays as it is."""
        return record(Run, self._ask("POST", *_of(study), "runs", run, "stop"))

    def releases(self, study: str) -> Iterator[Release]:
        """Every release that runs of the study made, shown or not, the last first."""
        return _once(self._listed(Release, *_of(study), "releases"), lambda r: (r.wave, r.release))

    def publish(
        self, study: str, wave: str, *, audience: Literal["readers", "public"] = "readers", release: str | None = None
    ) -> Release:
        """Show a wave to readers, or to everybody: its last release, or the one of that key."""
        body = {"audience": audience, "release": release}
        return record(Release, self._ask("PUT", *_of(study, wave), "publication", body=body))

    def withdraw(self, study: str, wave: str) -> Release:
        """Show a wave to nobody any more."""
        return record(Release, self._ask("DELETE", *_of(study, wave), "publication"))

    def _listed(self, kind: type[R], *path: str | int, query: Query | None = None) -> Iterator[R]:
        """A list, page after page; one release throughout, where it is of a release."""
        offset, release = 0, None
        while True:
            told: dict[str, Any] = self._ask("GET", *path, query={**(query or {}), "limit": PAGE, "offset": offset})
            if release not in (None, told.get("release")):
                again = "The wave was published anew while it was read."
                raise SiteError(409, [Problem("changed", again, "Read it again from the start.")])
            release = told.get("release")
            yield from (record(kind, one) for one in told["items"])
            offset += len(told["items"])
            if offset >= told["total"] or not told["items"]:
                return


def _once(found: Iterator[R], key: Callable[[R], object]) -> Iterator[R]:
    """Each one once: where something is added at the head of a list while it is read, the next page begins before."""
    given = set[object]()
    for one in found:
        if key(one) not in given:
            given.add(key(one))
            yield one


def _of(study: str, *wave: str) -> tuple[str, ...]:
    """The beginning of an address."""
    organisation, slash, name = study.partition("/")
    if not slash or not name or "/" in name:
        raise ValueError(f'"{study}" names no study. Write it as "organisation/study".')
    return ("studies", organisation, name, *(("waves", *wave) if wave else ()))
