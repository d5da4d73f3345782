"""The kernels of sums: any number of variables, batches cut anywhere, and partial sums that merge."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from vigie.engine.counting import Counting
from vigie.engine.kernel import CODE, LOOP_WEIGHT, PERSON, WEIGHT, Coded, Keys
from vigie.engine.products import Crossing, Evaluations, whole_people


def people(n=500, seed=3):
    """Rows of a stratum, a banner question, a mark, a number with gaps, a truth, and weights in quarters (exact)."""
    draw = np.random.default_rng(seed)
    return pa.record_batch(
        {
            "s": pa.array(draw.integers(1, 4, n), pa.int16()),
            "b": pa.array([None if x == 0 else int(x) for x in draw.integers(0, 6, n)], pa.int16()),
            "mark": pa.array([None if x == 0 else int(x) for x in draw.integers(0, 6, n)], pa.int16()),
            "wait": pa.array([None if x > 80 else float(x) for x in draw.integers(0, 100, n)]),
            "yes": pa.array([None if x == 2 else int(x) for x in draw.integers(0, 3, n)], pa.int8()),
            WEIGHT: pa.array(draw.integers(1, 9, n) / 4),
        }
    )


KEYS = (Keys((Coded("s", 3), Coded("b", 5))), Keys((Coded("s", 3),)))
COUNTING = Counting(KEYS, (Coded("mark", 5), Coded("yes", 2, -1)), ("wait",), even=False)


def cuts(batch, at):
    edges = [0, *at, batch.num_rows]
    return [batch.slice(a, b - a) for a, b in pairwise(edges)]


def same(one, other):
    for a, b in zip(one, other, strict=True):
        assert (a.groups == b.groups).all()
        for x, y in zip(
            (a.people, a.known, *a.answers, *a.measures), (b.people, b.known, *b.answers, *b.measures), strict=True
        ):
            assert (x == y).all()


def test_what_is_counted_is_what_is_there():
    batch = people()
    whole, by_stratum = COUNTING.fold([batch])
    s, b, d = (batch.column(c).to_numpy(zero_copy_only=False) for c in ("s", "b", WEIGHT))
    mark, wait = (batch.column(c).to_numpy(zero_copy_only=False) for c in ("mark", "wait"))
    for g, (stratum, category) in enumerate(KEYS[0].codes(whole.groups)):
        here = (s == stratum) & (np.isnan(b) if category == 0 else b == category)
        assert whole.people[:, g].tolist() == [here.sum(), d[here].sum(), (d[here] ** 2).sum()]
        fours = here & (mark == 4)
        assert whole.answers[0][:, g, 4].tolist() == [d[fours].sum(), (d[fours] ** 2).sum()]
        assert whole.known[0][g] == (here & ~np.isnan(mark)).sum()
        known = here & ~np.isnan(wait)
        assert whole.measures[0][3, g] == (d * wait)[known].sum()
        assert whole.measures[0][5, g] == (d**2 * wait**2)[known].sum()
    assert by_stratum.people[0].tolist() == [(s == k).sum() for k in (1, 2, 3)]


def test_a_crossing_folds_to_what_is_counted_by_one_of_its_variables():
    crossed, by_stratum = COUNTING.fold([people()])
    folded = crossed.folded(KEYS[0].codes(crossed.groups)[:, 0] - 1, 3)
    same([replace(folded, groups=by_stratum.groups)], [by_stratum])


@pytest.mark.parametrize("at", [[1], [100, 101, 499], list(range(1, 500))])
def test_batches_may_be_cut_anywhere_and_partial_sums_merge(at):
    parts = cuts(people(), at)
    same(COUNTING.fold([people()]), COUNTING.fold(parts))
    same(COUNTING.fold([people()]), COUNTING.merge([COUNTING.fold([part]) for part in parts]))


def test_weights_of_one_need_no_sums():
    ones = people().set_column(5, WEIGHT, pa.array(np.ones(500)))
    same(COUNTING.fold([ones]), Counting(KEYS, COUNTING.coded, COUNTING.measures, even=True).fold([ones]))


def test_nobody_gives_no_group():
    assert len(COUNTING.fold([])[0].groups) == 0
    assert len(COUNTING.fold([people().slice(0, 0)])[0].groups) == 0


def test_more_options_than_fit_in_a_number_are_told_apart():
    draw = np.random.default_rng(5).integers(0, 3, size=(200, 90))  # 3 ** 90 combinations
    batch = pa.record_batch({f"q{i}": pa.array(draw[:, i], pa.int8()) for i in range(90)})
    keys = Keys(tuple(Coded(f"q{i}", 2) for i in range(90)), np.unique(draw, axis=0))
    assert (keys.met[keys.of(batch)] == draw).all()


def test_texts_are_codes_by_their_place_and_others_are_unknown():
    batch = pa.record_batch({"t": pa.array(["b", None, "a", "elsewhere"])})
    assert Coded("t", 2, levels=("a", "b")).of(batch).tolist() == [2, 0, 1, 0]


def evaluations(n=40, seed=8):
    """People with one to four evaluations each, sorted by person."""
    draw = np.random.default_rng(seed)
    each = draw.integers(1, 5, n)
    person = np.repeat(np.arange(n), each)
    m = len(person)
    return pa.record_batch(
        {
            PERSON: pa.array([f"p{i:03}" for i in person]),
            "s": pa.array((person % 3 + 1).astype(np.int16)),
            WEIGHT: pa.array((person % 5 + 1) / 4),
            LOOP_WEIGHT: pa.array(np.repeat(draw.integers(1, 3, n), each) * 1.0),
            CODE: pa.array(np.array(["email", "phone"])[draw.integers(0, 2, m)]),
            "v0": pa.array([None if x == 2 else float(x) for x in draw.integers(0, 3, m)]),
        }
    )


def test_nobody_s_evaluations_are_cut_in_two():
    batch = evaluations()
    by_strata = Keys((Coded("s", 3),), np.array([[1], [2], [3]]))
    loop = Coded(CODE, 2, levels=("email", "phone"))
    kernel = Evaluations((by_strata,), by_strata, loop, ("v0",), ((0, 0), (0, 1), (0, 2)), ((1, 2),), even=False)
    whole = kernel.fold([batch])
    for at in ([1], [7, 8, 50], list(range(1, batch.num_rows))):
        for one, other in zip(whole, kernel.fold(cuts(batch, at)), strict=True):
            assert (one.dv == other.dv).all()
            assert (one.d2uv == other.d2uv).all()
            assert (one.n == other.n).all()
        people_seen = [set(b.column(PERSON).to_pylist()) for b in whole_people(cuts(batch, at))]
        assert sum(map(len, people_seen)) == 40
    person, d, w = (batch.column(c).to_numpy(zero_copy_only=False) for c in (PERSON, WEIGHT, LOOP_WEIGHT))
    v, s = (batch.column(c).to_numpy(zero_copy_only=False) for c in ("v0", "s"))
    u_of = {p: (w * ~np.isnan(v))[person == p].sum() for p in set(person)}
    in_first = {p for p in u_of if s[person == p][0] == 1}
    weight = {p: d[person == p][0] for p in u_of}
    assert whole[0].d2uu[0, 0] == sum((weight[p] * u_of[p]) ** 2 for p in in_first)


def test_cross_products_are_those_of_the_figures():
    batch = people()
    keys = Keys((Coded("s", 3),), np.array([[1], [2], [3]]))
    scores = (np.arange(1.0, 6.0), np.array([0.0, 1.0]))
    found = Crossing(keys, COUNTING.coded, scores, even=False).fold(cuts(batch, [17, 300]))
    mark, yes, s, d = (batch.column(c).to_numpy(zero_copy_only=False) for c in ("mark", "yes", "s", WEIGHT))
    both = (s == 2) & ~np.isnan(mark) & ~np.isnan(yes)
    assert found.cross[1, 2, 3] == (d**2 * mark * yes)[both].sum()


def test_workers_of_a_cluster_load_neither_ibis_nor_the_study():
    rooms = ("counting", "products", "driver_units", "coding", "worker")
    imports = ", ".join(f"vigie.engine.{room}" for room in rooms)
    code = f"import sys, {imports}; print([m for m in sys.modules if m == 'ibis' or m.startswith('vigie.study')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
