"""Tasks are run, several times each, and become measurements."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmark.agreement import Agreement, compare, weights_apart
from benchmark.measurement import VIGIE, Measurement
from benchmark.places import respondents_of
from benchmark.process import Ended, Stopped, child, run
from benchmark.questionnaire import TABLES, kinds
from benchmark.tools import Task

PATIENCE = 120  # seconds; what takes longer is not run again


def measure(tasks: Iterable[Task], folder: Path, rows: int, runs: int) -> Iterator[Measurement]:
    """Each task in turn; a peer that fails is told on standard error and left out. Raises `Stopped` for Vigie."""
    weights: Mapping[str, float] | None = None
    for task in tasks:
        try:
            ended = list(_runs(task, rows, runs))
        except Stopped as stopped:
            if task.tool == VIGIE:
                raise
            say(f"{task.part}, {task.tool}: {stopped}")
            continue
        answer = ended[0].answer
        weights = weights or answer.get("weights")
        yield _measurement(task, rows, ended, _agreement(answer, weights, folder))


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


def _runs(task: Task, rows: int, runs: int) -> Iterator[Ended]:
    spent = 0.0
    for number in range(runs):
        if number and (task.once or spent > PATIENCE):
            return
        say(f"{task.part}, {task.tool}, {rows:,} people{', cold' if task.cold else ''}: run {number + 1} of {runs}")
        ended = run(task.command)
        spent += ended.seconds
        yield ended


def _measurement(task: Task, rows: int, ended: Sequence[Ended], agreement: Agreement | None) -> Measurement:
    times, weights = [_times(task, one.answer) for one in ended], ended[0].answer.get("weights")
    gives = task.gives + (f", gap {weights['gap']:.0e}" if weights else "")
    return Measurement(
        task.part, task.tool, rows, tuple(t[0] for t in times), tuple(t[1] for t in times),
        max(one.peak for one in ended), gives, (len(task.pairs), len(TABLES)) if task.pairs else None,
        task.cold, agreement, ended[0].answer.get("versions", {}),
    )  # fmt: skip


def _times(task: Task, answer: Mapping[str, Any]) -> tuple[float, float]:
    """Seconds and processor seconds; of all tables, where only one of each kind was made."""
    if not task.pairs:
        return float(answer["seconds"]), float(answer["processor"])
    stand_for = [kinds()[pair] for pair in task.pairs]
    whole = [sum(k * taken[i] for k, taken in zip(stand_for, answer["tables"], strict=True)) for i in (0, 1)]
    return whole[0], whole[1]


def _agreement(answer: Mapping[str, Any], weights: Mapping[str, float] | None, folder: Path) -> Agreement | None:
    """With plain SQL, of tables; with the first tool, of weights."""
    if weights is not None and "weights" in answer:
        return weights_apart(answer["weights"], weights)
    if not answer.get("figures"):
        return None
    pairs = sorted({(row[0], row[1]) for row in answer["figures"]})
    reference = run(child("plain:figures", {"path": str(respondents_of(folder)), "pairs": pairs})).answer["figures"]
    return compare(answer["figures"], reference)
