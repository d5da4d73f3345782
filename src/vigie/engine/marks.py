"""Marks of mystery tests become one score per test, from 0 to 1: a derived table beside the facts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.session import Session
from vigie.snapshot.derived import derived, derived_key
from vigie.stats import scores
from vigie.study.model import Study
from vigie.study.sections import Mystery

Ints = npt.NDArray[np.int64]
STATES = pa.array(["marked", "not_applicable", "missing", "unanswered"])  # in the order of stats.scores


def scored(session: Session, study: Study, rules: Mystery) -> tuple[pa.Table, str]:
    """The derived table of scores: one row per test, and its key."""
    grids = {c: g.model_dump() for c, g in study.grids.items()}
    key = derived_key(session.snapshot, ["scores", grids, rules.unanswered])
    return derived(session.snapshot, "scores", key, lambda: score_tests(session, study, rules)), key


def score_tests(session: Session, study: Study, rules: Mystery) -> pa.Table:
    """Each test's score from 0 to 1, from its marks and the grid of its channel."""
    every = session.table("tests")
    graded = every.filter(every["channel"].isin(list(study.grids)))  # on other channels testers answer questions only
    tests = graded.select("test", "brand", "sector", "channel", "outcome").order_by("test").to_pyarrow()
    marks = session.table("marks")
    rows = marks.select("test", "criterion", "state", value=marks["mark"] / marks["out_of"]).to_pyarrow()
    test = pc.index_in(rows["test"].combine_chunks(), tests["test"].combine_chunks()).to_numpy()
    criterion = _criteria(study, tests, rows, test)
    layout = _layout(study)
    state = pc.index_in(rows["state"].combine_chunks(), STATES).to_numpy()
    found = scores.test_scores(
        test, criterion, pc.fill_null(rows["value"], 0.0).to_numpy(), state,
        n_tests=tests.num_rows, dimension=layout[0], criterion_weight=layout[1], dimension_weight=layout[2],
    )  # fmt: skip
    score = found.score
    if rules.unanswered == "exclude":
        silent = pc.equal(tests["outcome"], "unanswered").to_numpy()
        score = np.where(silent, np.nan, score)
    return tests.append_column("score", pa.array(score, from_pandas=True))


def _criteria(study: Study, tests: pa.Table, rows: pa.Table, test: Ints) -> Ints:
    """The number of each mark's criterion: its channel's first number plus its place in the grid."""
    names = pa.array([f"{c}\n{k.id}" for c, g in study.grids.items() for k in g.criteria])
    channel = tests["channel"].combine_chunks().take(pa.array(test))
    pair = pc.binary_join_element_wise(channel, rows["criterion"].combine_chunks(), "\n")
    return np.asarray(pc.index_in(pair, names).to_numpy(), dtype=np.int64)


def _layout(study: Study) -> tuple[list[int], list[float], list[float]]:
    """Dimension and weight of every criterion, weight of every dimension, over all channels' grids."""
    dimension: list[int] = []
    weight: list[float] = []
    heavy: list[float] = []
    for grid in study.grids.values():
        for part in grid.dimensions:
            dimension += [len(heavy)] * len(part.criteria)
            weight += [c.weight for c in part.criteria]
            heavy.append(part.weight)
    return dimension, weight, heavy
