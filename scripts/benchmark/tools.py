"""Who does what: for every part the tools, the commands that run them, and what they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from benchmark.environment import python_of, rscript
from benchmark.measurement import (
    BALANCE,
    BOOK,
    EVERY,
    FIFTY,
    INTAKE,
    ON_SPARK,
    POLARS,
    RAKING,
    RANKS,
    SAMPLICS,
    SVY,
    VIGIE,
    WIDE,
    R,
)
from benchmark.places import binary_of, respondents_of
from benchmark.process import child
from benchmark.questionnaire import DEMOGRAPHICS, ITEMS, TABLES, Pair, Question, kinds, margins
from benchmark.questionnaire import WIDE as PROFILES

SURVEY_R = Path(__file__).parent / "peers" / "survey.R"
ANSWERS = "n, Σw, Σw² of every answer"
WITHOUT_TESTS = "shares, means, standard errors"
WITH_TESTS = "weighted counts, shares, means, standard errors, letters"
WEIGHTS = "a weight for each person"
TOLERANCE = 1e-6
BRANDS, DRAWS = 245, 10_000


@dataclass(frozen=True, slots=True)
class Task:
    """One part done by one tool: the command, and what it gives in words."""

    part: str
    tool: str
    command: tuple[str, ...]
    gives: str = ""
    cold: bool = False
    pairs: tuple[Pair, ...] = ()  # the tables that are timed one by one, where not all are made
    once: bool = False  # one run says enough


@dataclass(frozen=True, slots=True)
class Peers:
    """The interpreters of the peers; None where there is none."""

    python: str | None
    balance: str | None
    rscript: str | None

    @classmethod
    def found(cls, cache: Path) -> Peers:
        """Those of this machine, the environments made if they do not stand."""
        return cls(python_of("peers", cache), python_of("balance", cache), rscript())

    def missing(self) -> list[str]:
        """The tools that cannot be measured here."""
        tools = {f"{SVY}, {SAMPLICS}, {POLARS}": self.python, BALANCE: self.balance, R: self.rscript}
        return [names for names, interpreter in tools.items() if interpreter is None]


def book(folder: Path, peers: Peers, *, slow: bool) -> Iterator[Task]:
    """The tab book; `slow` tools make one table of every kind, and are extrapolated."""
    path, names = str(respondents_of(folder)), _names(DEMOGRAPHICS)
    for cold in (False, True):
        ours = child("ours:book", {"folder": str(folder), "cold": cold, **names})
        yield _task(BOOK, VIGIE, ours, WITH_TESTS, cold)
        plain = child("plain:run", {"path": path, "sums": "fifty", "cold": cold})
        yield _task(BOOK, FIFTY, plain, "n, Σw, one Σwx of every item", cold)
    yield _task(BOOK, EVERY, child("plain:run", {"path": path, "sums": "every"}), ANSWERS)
    if peers.python:
        command = child("peers.polars:book", {"path": path, "pairs": TABLES}, peers.python)
        yield _task(BOOK, POLARS, command, ANSWERS)
    if slow:
        yield from _tables(folder, peers)
    elif which("java") and find_spec("pyspark"):
        spark = child("ours:book", {"folder": str(folder), "engine": "spark", **names})
        yield Task(BOOK, ON_SPARK, tuple(spark), WITH_TESTS, once=True)


def _tables(folder: Path, peers: Peers) -> Iterator[Task]:
    pairs = tuple(kinds())
    given = {"path": str(respondents_of(folder)), "pairs": pairs}
    for tool, module in ((SVY, "svy"), (SAMPLICS, "samplics")):
        if peers.python:
            command = child(f"peers.{module}:tables", given, peers.python)
            yield Task(BOOK, tool, tuple(command), WITHOUT_TESTS, pairs=pairs)
    if peers.rscript:
        command = [peers.rscript, str(SURVEY_R), "tables", str(binary_of(folder)), *(":".join(p) for p in pairs)]
        yield Task(BOOK, R, tuple(command), WITHOUT_TESTS, pairs=pairs)


def wide(folder: Path) -> Iterator[Task]:
    """All items by forty demographics of five categories, whose crossing puts nearly everybody into a cell alone."""
    yield _task(WIDE, VIGIE, child("ours:book", {"folder": str(folder), **_names(PROFILES)}), WITH_TESTS)
    plain = child("plain:run", {"path": str(respondents_of(folder)), "sums": "wide"})
    yield _task(WIDE, FIFTY, plain, "n, Σw, one Σwx of every item")


def raking(folder: Path, rows: int, peers: Peers) -> Iterator[Task]:
    """Weights raked to five margins, from people in memory whose categories are coded."""
    given = {"path": str(respondents_of(folder)), "targets": margins(rows), "tolerance": TOLERANCE}
    yield _task(RAKING, VIGIE, child("ours:rake", given), WEIGHTS)
    for tool, module, python in (
        (SVY, "svy", peers.python), (SAMPLICS, "samplics", peers.python), (BALANCE, "balance", peers.balance),
    ):  # fmt: skip
        if python:
            yield _task(RAKING, tool, child(f"peers.{module}:rake", given, python), WEIGHTS)
    if peers.rscript:
        told = [f"{name}:{','.join(map(repr, wanted.values()))}" for name, wanted in margins(rows).items()]
        command = [peers.rscript, str(SURVEY_R), "rake", str(binary_of(folder)), str(TOLERANCE), *told]
        yield _task(RAKING, R, command, WEIGHTS)


def ranks() -> Iterator[Task]:
    """Rank sets of each kind."""
    for kind in ("simultaneous", "marginal", "top ten"):
        yield _task(RANKS, kind, child("ours:ranks", {"kind": kind, "brands": BRANDS, "draws": DRAWS}))


def intake(folder: Path) -> Iterator[Task]:
    """The raw file to frozen facts."""
    yield _task(INTAKE, VIGIE, child("ours:intake", {"folder": str(folder)}), "frozen facts, checked")


def _names(demographics: Sequence[Question]) -> dict[str, list[str]]:
    """The arguments that name the tables of a book."""
    return {"items": [i.id for i in ITEMS], "demographics": [d.id for d in demographics]}


def _task(part: str, tool: str, command: Sequence[str], gives: str = "", cold: bool = False) -> Task:
    return Task(part, tool, tuple(command), gives, cold)
