"""The generated survey as files: the frozen facts that tables are made from, and the raw file that intake reads.

Everything is drawn in columns, a million people at a time, so that ten million need no more memory than one. Answers
are complete: every tool can read them, and none is timed on how it treats gaps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmark.places import RAW, WAVE, binary_of, facts_of, respondents_of
from benchmark.questionnaire import BY_ID, DEMOGRAPHICS, FURTHER, ITEMS, QUESTIONS, WEIGHT, Question
from vigie import __version__
from vigie.snapshot.facts import MANIFEST, ROWS

AT_ONCE = 1 << 20  # rows drawn at once
READ_BY_R = (*DEMOGRAPHICS, *ITEMS)
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int8]


def write(folder: str, rows: int, seed: int = 1) -> dict[str, Any]:
    """A study of so many people, with its raw file and with its facts as a snapshot has them; what stands is kept."""
    place = Path(folder)
    if not (place / "study.yaml").exists():
        facts_of(place).mkdir(parents=True, exist_ok=True)
        _parquet(place / RAW, _drawn(rows, seed))
        _parquet(respondents_of(place), (_as_facts(t) for t in _drawn(rows, seed)))
        manifest = {"version": __version__, "inputs": [], "tables": {"respondents": rows}}
        (facts_of(place) / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        (place / "study.yaml").write_text("\n".join(_study()) + "\n", encoding="utf-8")
    return {}


def write_binary(folder: str) -> dict[str, Any]:
    """The columns of the tables as plain integers and numbers, one file each, for R, which reads no Parquet."""
    place = binary_of(Path(folder))
    if not place.exists():
        place.mkdir()
        table = pq.read_table(respondents_of(Path(folder)), columns=[WEIGHT, *(q.id for q in READ_BY_R)])
        table[WEIGHT].to_numpy().tofile(place / WEIGHT)
        for question in READ_BY_R:
            _codes(question, table[question.id]).tofile(place / question.id)
            (place / f"{question.id}.levels").write_text("\n".join(question.codes) + "\n", encoding="utf-8")
    return {}


def _codes(question: Question, column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """Answers as their places, from 1."""
    if question.scale:
        return np.asarray(column.to_numpy(), dtype=np.int32)
    return np.asarray(pc.index_in(column, pa.array(question.codes)).to_numpy() + 1, dtype=np.int32)


def _parquet(path: Path, tables: Iterable[pa.Table]) -> None:
    """Tables of one schema as one file."""
    parts = iter(tables)
    first = next(parts)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first, row_group_size=ROWS)
        for part in parts:
            writer.write_table(part, row_group_size=ROWS)


def _drawn(rows: int, seed: int) -> Iterator[pa.Table]:
    """The raw file, part by part."""
    for number, start in enumerate(range(0, rows, AT_ONCE)):
        n = min(AT_ONCE, rows - start)
        rng = np.random.default_rng([seed, number])
        people = np.char.zfill(np.arange(start, start + n).astype("U8"), 8)
        columns: dict[str, Any] = {"respondent": pa.array(people), "weight": np.exp(rng.normal(-0.08, 0.4, n))}
        places = {d.id: rng.choice(d.size, n, p=_shares(d.size)).astype(np.int8) for d in DEMOGRAPHICS}
        for k, question in enumerate(QUESTIONS):
            if question.id not in places:
                places[question.id] = _answers(rng, question, places[DEMOGRAPHICS[k % len(DEMOGRAPHICS)].id])
            columns[question.id] = _column(question, places[question.id])
        columns |= {name: np.round(rng.gamma(2, 30, n), 1) for name in FURTHER}
        yield pa.table(columns)


def _shares(size: int) -> Floats:
    """Categories of unequal size, the smallest a third of the largest."""
    falling = np.linspace(3, 1, size)
    return np.asarray(falling / falling.sum())


def _answers(rng: np.random.Generator, question: Question, of: Places) -> Places:
    """Answers that lean towards high or low marks by the category of one demographic, so that columns differ."""
    lean = np.linspace(0.85, 1.15, int(of.max()) + 1)[of]
    return (question.size * rng.random(len(of)) ** lean).astype(np.int8)


def _column(question: Question, places: Places) -> pa.Array:
    """Marks as numbers, codes as texts, as facts hold them."""
    if question.scale:
        return pa.array(places + 1.0)
    return pa.DictionaryArray.from_arrays(pa.array(places), list(question.codes)).cast(pa.string())


def _as_facts(raw: pa.Table) -> pa.Table:
    """The columns of the facts: about the interview, then a value and a state for every question."""
    n = raw.num_rows
    columns: dict[str, Any] = {
        "respondent": raw["respondent"], "wave": pa.repeat(WAVE, n), "panel": pa.nulls(n, pa.string()),
        "mode": pa.repeat("web", n), "started_at": pa.nulls(n, pa.timestamp("us")),
        "duration": pa.nulls(n, pa.float64()), "stratum": pa.repeat("", n), WEIGHT: raw["weight"],
    }  # fmt: skip
    answered = pa.repeat("answered", n)
    for name in (*BY_ID, *FURTHER):
        columns |= {name: raw[name], f"{name}:state": answered}
    return pa.table(columns)


def _study() -> Iterator[str]:
    """The study of the raw file."""
    yield "study: benchmark\ntitle: Generated survey\nlanguages: [en]\npopulation: Generated people\nquestions:"
    for question in QUESTIONS:
        head = f"  - {{id: {question.id}, label: {question.id}, kind: "
        if question.scale:
            yield f"{head}scale, scale: {{from: 1, to: {question.size}, low: worst, high: best}}}}"
        else:
            options = ", ".join(f"{code}: {code.upper()}" for code in question.codes)
            yield f"{head}single, options: {{{options}}}}}"
    yield from (f"  - {{id: {name}, label: {name}, kind: numeric, minimum: 0}}" for name in FURTHER)
    yield "imports:\n  panel: {respondent: respondent, weight: weight}"
    yield f"waves:\n  - {{id: '{WAVE}', mode: web, files: {{survey: {{path: {RAW}, import: panel}}}}}}"
