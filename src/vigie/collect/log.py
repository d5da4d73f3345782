"""Files of a contact log become facts: `cases`, one row per case, and `events` where the files tell them.

A file has one row per event (`kind:` and `at:`), which `events.py` folds into cases, or one row per case or call
(`cases.py`). Who dealt with a case is never read.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.cases import read_cases
from vigie.collect.events import Events, read_events
from vigie.collect.histories import fold_events
from vigie.collect.ledger import FEW, HOPELESS, Ledger
from vigie.collect.own import redacted
from vigie.collect.records import FILE, ROW, Records, refuse_at
from vigie.collect.source import open_source
from vigie.collect.texts import brand_words, whole
from vigie.errors import Problem, VigieError
from vigie.study.imports import LogImport
from vigie.study.model import Study
from vigie.study.waves import DataFile, Wave

PLAIN_CASES = LogImport.model_validate(
    {n: n for n in ("case", "at", "time", "channel", "brand", "answered", "resolved", "wait", "handling",
                    "resolved_at")}
)  # fmt: skip
PLAIN_EVENTS = LogImport.model_validate({n: n for n in ("case", "kind", "at", "time", "channel", "brand")})


def read_log(study: Study, wave: Wave, ledger: Ledger) -> tuple[dict[str, pa.Table], int]:
    """The facts of a wave's contact log, and the number of rows read."""
    cases: list[pa.Table] = []
    events: list[Events] = []
    read = 0
    files = wave.by_source.get("log", [])
    for file in files:
        records = _opened(study, wave, file, ledger)
        read += records.source.read
        if records.named("kind") is not None:
            found = read_events(records)
            events += [found] if found is not None else []
        else:
            table = read_cases(records)
            cases += [table] if table is not None else []
    ledger.stop_if_fatal()
    tables: dict[str, pa.Table] = {}
    if events:
        folded, tables["events"] = fold_events(study, wave, events, ledger)
        cases.append(folded)
    ledger.stop_if_fatal()
    log = _once(pa.concat_tables(cases, promote_options="default"), ledger)
    if not log.num_rows:
        hint = "See `keep:`, `field:` and the ids." if read else "The file has headers and no rows."
        raise VigieError(Problem("no-rows", f"No case is left of {read:,} rows.", hint, files[0].path))
    log, told = redacted("log", log, "case", brand_words(study))
    return tables | {"cases": log, "verbatims": whole(told)}, read


def _opened(study: Study, wave: Wave, file: DataFile, ledger: Ledger) -> Records:
    """A file with its import; one that uses Vigie's own names has events where it has a column `kind`."""
    given = study.imports.get(file.import_ or "")
    rules = given if isinstance(given, LogImport) else PLAIN_CASES
    source = open_source(Path(study.folder), file.path, rules, ledger)
    plain = not isinstance(given, LogImport)
    if plain and source.has("kind"):
        rules = PLAIN_EVENTS
    return Records(study, wave, source, rules, optional=plain)


def _once(table: pa.Table, ledger: Ledger) -> pa.Table:
    """Cases in the order of their ids, each once: a later row of the same case is refused."""
    table = table.take(pc.sort_indices(table["case"]))
    keys = table["case"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first = np.diff(keys, prepend=-1) != 0
    lost = np.flatnonzero(~first)
    refuse_at(ledger, "duplicate-id", table, lost, table["case"], "already stands in an earlier row")
    if len(lost) >= FEW and len(lost) > HOPELESS * len(table):
        message = f"{len(lost):,} of {len(table):,} rows have the case of an earlier row."
        hint = "Of a file of events, say which column is their `kind:`; else see `case:`."
        raise VigieError(Problem("duplicate-id", message, hint, table[FILE][int(lost[0])].as_py()))
    return table.filter(pa.array(first)).drop_columns([FILE, ROW])
