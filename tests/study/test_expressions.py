"""One language, three algebras: a person's plain answers, Arrow columns at intake, Ibis in the engine."""

from __future__ import annotations

import math
from datetime import date

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vigie.collect.algebra import ArrowAlgebra, CellAlgebra
from vigie.engine.algebra import IbisAlgebra
from vigie.formats.values import numbers
from vigie.study import expressions as e
from vigie.study.expressions import ExpressionError, fold, written
from vigie.study.parsing import DEEPEST, MOST_TOKENS, parse
from vigie.study.plain import Answers, PlainAlgebra
from vigie.study.resolution import on_columns

CODES, OPTIONS, ALONE = ("a", "b", "4"), ("phone", "email", "none"), {"used": ("none",)}
STATES = ("dont_know", "refused", "skipped", "not_asked", "not_in_wave")
NUMBERS, SINGLES, MULTIPLE, DAY = ("mark", "spent"), ("sex", "place"), "used", "day"
RANKING, RANKED = "order", ("speed", "price")
DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))
SMALL = st.integers(-20, 20) | st.sampled_from([0.5, 2.25, 1e6, 7])
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def numeric():
    leaves = (
        st.builds(e.Constant, SMALL)
        | st.builds(e.Name, st.sampled_from(NUMBERS))
        | st.just(e.Call("count", MULTIPLE))
        | st.builds(e.Option, st.just(RANKING), st.sampled_from(RANKED))
    )
    signs = st.sampled_from(["+", "-", "*", "/"])
    return st.recursive(leaves, lambda inner: st.builds(e.Compute, signs, inner, inner), max_leaves=4)


def truths():
    number = numeric()
    single = st.builds(e.Name, st.sampled_from(SINGLES))
    bounds = st.tuples(SMALL, SMALL).map(sorted)
    every = st.sampled_from([*NUMBERS, *SINGLES, MULTIPLE, RANKING, DAY])
    equal = st.sampled_from(["==", "!="])
    leaves = st.one_of(
        st.just(e.Everyone()),
        st.builds(e.Option, st.just(MULTIPLE), st.sampled_from(OPTIONS)),
        st.just(e.Call("any", MULTIPLE)),
        st.builds(e.Call, st.sampled_from(["answered", "dont_know", "refused"]), every),
        st.builds(e.Compare, OPERATORS, number, number),
        st.builds(e.Compare, equal, single, st.builds(e.Constant, st.sampled_from(CODES))),
        st.builds(e.Compare, OPERATORS, st.just(e.Name(DAY)), st.builds(e.Constant, DAYS)),
        st.builds(e.Member, single, st.lists(st.sampled_from(CODES), min_size=1).map(tuple)),
        st.builds(e.Member, number, st.lists(SMALL, min_size=1).map(tuple)),
        st.builds(lambda of, ends: e.Between(of, *ends), number, bounds),
    )
    return st.recursive(
        leaves,
        lambda inner: st.builds(e.Not, inner) | st.builds(e.Both, inner, inner) | st.builds(e.Either, inner, inner),
        max_leaves=8,
    )


def answer(values):
    """A value, or the state of who gave none."""
    return st.tuples(values, st.just("answered")) | st.tuples(st.none(), st.sampled_from(STATES))


people = st.lists(
    st.fixed_dictionaries(
        {"mark": answer(st.integers(-5, 12).map(float)), "spent": answer(st.sampled_from([0.0, 0.5, -3.0, 1e6]))}
        | {name: answer(st.sampled_from(CODES)) for name in SINGLES}
        | {DAY: answer(DAYS), MULTIPLE: answer(st.frozensets(st.sampled_from(OPTIONS)))}
        | {RANKING: answer(st.fixed_dictionaries(dict.fromkeys(RANKED, st.sampled_from([1.0, 2.0, 3.0]))))}
    ),
    min_size=1,
    max_size=6,
)


def plainly(tree, person):
    known = {n: v for n, (v, _) in person.items() if n not in (MULTIPLE, RANKING)}
    chosen = {MULTIPLE: person[MULTIPLE][0]} if person[MULTIPLE][0] is not None else {}
    places = {RANKING: person[RANKING][0]} if person[RANKING][0] is not None else {}
    states = {n: s for n, (_, s) in person.items()}
    return fold(tree, PlainAlgebra(Answers(known, chosen, states, {MULTIPLE: frozenset(ALONE[MULTIPLE])}, places)))


def columns(rows):
    kinds = {DAY: pa.date32()} | dict.fromkeys(NUMBERS, pa.float64()) | dict.fromkeys(SINGLES, pa.string())
    found = {n: pa.array([r[n][0] for r in rows], kind) for n, kind in kinds.items()}
    found |= {
        f"{MULTIPLE}.{o}": pa.array([None if r[MULTIPLE][0] is None else o in r[MULTIPLE][0] for r in rows], pa.bool_())
        for o in OPTIONS
    }
    found |= {
        f"{RANKING}.{o}": pa.array([r[RANKING][0] and r[RANKING][0][o] for r in rows], pa.float64()) for o in RANKED
    }
    return found | {f"{n}:state": pa.array([r[n][1] for r in rows], pa.string()) for n in rows[0]}


def by_arrow(tree, rows):
    found = fold(tree, ArrowAlgebra(columns(rows), ALONE))
    return [found.as_py()] * len(rows) if isinstance(found, pa.Scalar) else found.to_pylist()


@pytest.fixture(scope="module")
def duck():
    return ibis.duckdb.connect()


def by_ibis(tree, rows, duck):
    table = pa.table({"row": pa.array(range(len(rows)))} | columns(rows))
    duck.create_table("people", table, overwrite=True)
    people = duck.table("people")
    found = people.select("row", value=fold(tree, IbisAlgebra(people, ALONE)))
    return found.order_by("row").to_pyarrow()["value"].to_pylist()


def alike(one, other):
    return type(one) is type(other) and (one == other or (one is not None and math.isclose(one, other, rel_tol=0)))


AGREEING = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@AGREEING
@given(tree=truths(), rows=people)
def test_a_condition_is_the_same_for_one_person_for_columns_and_in_the_engine(tree, rows, duck):
    plain = [plainly(tree, person) for person in rows]
    assert by_arrow(tree, rows) == plain
    assert by_ibis(tree, rows, duck) == plain


@AGREEING
@given(tree=numeric(), rows=people)
def test_a_number_is_the_same_for_one_person_for_columns_and_in_the_engine(tree, rows, duck):
    plain = [None if (v := plainly(tree, person)) is None else float(v) for person in rows]
    assert by_arrow(tree, rows) == plain
    assert by_ibis(tree, rows, duck) == plain


@AGREEING
@given(tree=truths() | numeric())
def test_what_is_written_reads_as_the_same_tree(tree):
    again = parse(written(tree))
    assert written(again) == written(tree)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mark >= 7 and used.phone", None), ("mark >= 7 and not everyone", False), ("mark >= 7 or everyone", True),
        ("not (mark >= 7)", None), ("spent / 0 == 1", None), ("spent - -2 * 3 == 10", True), ("sex in [a, b]", True),
        ("sex not in [a, b]", False), ("spent in 4..4", True), ("count(used) == 1", True), ("2 + 3 * 4 == 14", True),
        ("spent == 4.0", True), ("any(used) and not used.email", True), ("refused(mark)", True),
        ("answered(mark)", False), ("dont_know(age)", None), ("order.speed == 1", True), ("order.price <= 2", False),
        ("answered(order)", True), ("other.speed == 1", None),
    ],
)  # fmt: skip
def test_unknown_stays_unknown(text, value):
    states = {"mark": "refused", "age": "not_asked"}
    chosen, places = {"used": frozenset({"phone", "none"})}, {"order": {"speed": 1.0, "price": 3.0}}
    known = Answers({"spent": 4.0, "sex": "a"}, chosen, states, {"used": {"none"}}, places)
    tree = parse(text)
    assert fold(tree, PlainAlgebra(known)) is value


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("mark = 7", 5, '"="'), ("(mark => 7)", 6, '"=>"'), ("mark =< 7", 5, '"=<"'),
        ("mark >= ", 8, "at the end"), ("any(", 4, "takes a question"), ("mark ? 1", 5, '"?"'),
        ("mean(mark)", 0, 'no function "mean"'), ("used.", 5, "after the dot"), ("mark in [1, ", 12, "at the end"),
        ("(mark > 1", 9, '")"'), ("mark in a..b", 5, "two numbers"), ("and", 0, "a question or"), ("", 0, "end"),
        ("mark > 1 mark", 9, "does not belong"), ("1" * 31, 0, "30 digits"), ('mark == "a', 8, "does not belong"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(text, at, said):
    with pytest.raises(ExpressionError, match=r"\S") as caught:
        parse(text)
    assert said in str(caught.value)
    assert caught.value.at == at


@pytest.mark.parametrize("text", ["(" * (DEEPEST + 2) + "1" + ")" * (DEEPEST + 2), "not " * 80 + "a", "-" * 80 + "1"])
def test_nesting_without_end_is_refused(text):
    with pytest.raises(ExpressionError, match="deep"):
        parse(text)


def test_the_longest_expression_still_folds_everywhere(duck):
    row = dict.fromkeys(NUMBERS, (1.0, "answered")) | dict.fromkeys(SINGLES, ("a", "answered"))
    row |= {DAY: (date(2024, 1, 1), "answered"), MULTIPLE: (frozenset({"phone"}), "answered")}
    row |= {RANKING: (dict.fromkeys(RANKED, 1.0), "answered")}
    for text in (" and ".join(["everyone"] * 300), " or ".join(["used.email"] * 150), "+".join(["mark"] * 299) + ">0"):
        tree = parse(text)
        expected = plainly(tree, row)
        assert by_arrow(tree, [row]) == [expected]
        assert by_ibis(tree, [row], duck) == [expected]
    with pytest.raises(ExpressionError, match=str(MOST_TOKENS)):
        parse(" and ".join(["everyone"] * 301))


# -- filters over a file's own columns

FILE = {
    "status": pa.array(["3", "3.0", "complete", None, "03"]),
    "age": pa.array(["18", "1 200,5", "x", "", None]),
    "Quand ?": pa.array(["a", None, "b", "a", "a"]),
}


def kept(text):
    tree = on_columns(text, list(FILE))
    found = fold(tree, CellAlgebra(FILE, lambda column: numbers(column).values))
    return [found.as_py()] * 5 if isinstance(found, pa.Scalar) else found.to_pylist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("status == 3", [True, True, None, None, True]),
        ("status == complete", [False, False, True, None, False]),
        ('status == "3"', [True, False, False, None, False]),
        ("status in [3, 4]", [True, True, None, None, True]),
        ("age > 20", [False, True, None, None, None]),
        ("age in 18..20", [True, False, None, None, None]),
        ("age / 2 == 9", [True, False, None, None, None]),
        ("answered(age) and status != 4", [True, True, None, None, False]),
        ("`Quand ?` == a", [True, None, False, True, True]),
        ("everyone", [True] * 5),
    ],
)
def test_a_filter_reads_the_cells_of_a_file(text, rows):
    assert kept(text) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("statsu == 3", 'Did you mean "status"'), ("status", "condition"), ("not status", "condition"),
        ("any(status)", "columns"), ("(status == 3) == 1", "column or a value"), ("status.x == 1", "back quotes"),
        ("status and age == 1", "condition"), ("1 + 1", "condition"), ("status + x == 1", 'no column "x"'),
    ],
)  # fmt: skip
def test_a_filter_that_is_no_condition_over_the_columns_is_refused(text, said):
    with pytest.raises(ExpressionError, match=r"\S") as caught:
        on_columns(text, list(FILE))
    assert said in f"{caught.value} {caught.value.hint}"


def test_a_filter_refuses_a_column_whose_header_stands_twice():
    with pytest.raises(ExpressionError, match="several columns"):
        on_columns("a == 1", ["a", "b", "a"])
