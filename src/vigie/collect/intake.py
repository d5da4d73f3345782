"""All files of a wave become its facts: which files, what the facts depend on, and every source read by its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from vigie import __version__
from vigie.collect.ledger import Ledger
from vigie.collect.log import read_log
from vigie.collect.mystery import read_tests
from vigie.collect.reviews import read_reviews
from vigie.collect.survey import read_survey
from vigie.collect.texts import whole
from vigie.errors import Problem, VigieError
from vigie.results.figures import Source
from vigie.snapshot.inputs import inputs_of
from vigie.study.model import Study
from vigie.study.waves import FILE_KEYS, Wave

READERS: dict[Source, Any] = {
    "survey": read_survey, "mystery": read_tests, "reviews": read_reviews, "log": read_log,
}  # fmt: skip

DECLARED = {"people", "population", "parallel"}  # what is said of a wave, and changes none of its facts


def made_from(study: Study, wave: Wave) -> dict[str, Any]:
    """All that the facts of a wave depend on: not its weights, nor how marks become scores."""
    used = {f.import_ for files in wave.by_source.values() for f in files if f.import_}
    own = {source: [q.model_dump(mode="json") for q in study.own(source).values()] for source in wave.by_source}
    marks = {channel: [[c.id, c.out_of, c.needs_reply] for c in grid.criteria] for channel, grid in study.grids.items()}
    return {
        "study": study.header.study, "version": __version__, "wave": wave.model_dump(mode="json", exclude=DECLARED),
        "instrument": [q.model_dump(mode="json", exclude={"same_as"}) for q in study.instrument(wave.id).values()],
        "channels": {c: study.channel_label(c) for c in study.header.channels},
        "imports": {k: study.imports[k].model_dump(mode="json") for k in sorted(used & set(study.imports))},
        "brands": [asdict(b) for b in study.brands], "criteria": marks, "inputs": inputs_of(study, wave),
        "own": own, "stars": study.reviews.stars if "reviews" in wave.by_source else None,
    }  # fmt: skip


def intake(study: Study, wave: Wave, progress: Callable[[str], None]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables of a wave's files, and what is told of their reading; all problems of all files at once."""
    parts: dict[str, list[Any]] = {}  # of each table; several sources may hold texts
    ledgers: list[Ledger] = []
    read: dict[str, int] = {}
    problems: list[Problem] = []
    for source, reader in READERS.items():
        if source not in wave.by_source:
            continue
        progress(f"reading the {FILE_KEYS[source]}")
        ledgers.append(Ledger(source))
        try:
            found, read[FILE_KEYS[source]] = reader(study, wave, ledgers[-1])
            for name, table in found.items():
                parts.setdefault(name, []).append(table)
        except VigieError as error:
            problems += error.problems
    if problems:
        raise VigieError(problems)
    told = {
        "read": read,
        "exclusions": [asdict(e) for ledger in ledgers for e in ledger.exclusions()],
        "places": {
            ledger.source: {
                code: [f"{where}: {said}" for where, said in found] for code, found in ledger.places.items()
            }
            for ledger in ledgers
        },
        "unread": sorted({n for ledger in ledgers for n in ledger.unread}),
        "notes": sorted({n for ledger in ledgers for n in ledger.notes}),
    }
    return {name: listed[0] if len(listed) == 1 else whole(listed) for name, listed in parts.items()}, told
