"""Groups of people: only the combinations that occur, however many variables there are."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa

from vigie.engine.groups import groups


def table(columns: int, rows: int = 200):
    """People with so many yes-or-no answers, some of them unknown, and a stratum."""
    draw = np.random.default_rng(5).integers(0, 3, size=(rows, columns))
    options = {f"q.{i}": pa.array([None if x == 2 else bool(x) for x in draw[:, i].tolist()]) for i in range(columns)}
    return pa.table({"stratum": [f"s{i % 4}" for i in range(rows)], **options})


def test_more_options_than_fit_in_a_number_are_told_apart():
    rows = table(90)  # 3 ** 90 combinations
    names = ["stratum", *(f"q.{i}" for i in range(90))]
    found = groups(ibis.memtable(rows), names)
    assert len(found) == 200
    columns = [rows[n].combine_chunks() for n in names]
    columns = [c if pa.types.is_string(c.type) else c.cast(pa.string()) for c in columns]
    at = found.of(columns)
    assert sorted(at.tolist()) == list(range(200)), "each person is in a group of his or her own"
    for option in (0, 45, 89):
        chosen = found.where(f"q.{option}", "true")[at]
        assert chosen.tolist() == [x is True for x in rows[f"q.{option}"].to_pylist()]


def test_coarse_groups_join_what_differs_in_other_variables_only():
    found = groups(ibis.memtable(table(3)), ["stratum", "q.0", "q.1", "q.2"])
    coarse = found.coarse(["stratum"])
    stratum = found.codes[:, 0]
    assert len(set(coarse.tolist())) == 4
    assert len(set(zip(coarse.tolist(), stratum.tolist(), strict=True))) == 4
