"""Testers answer questions beside the marks, or instead of them."""

from __future__ import annotations

import datetime as dt

import pytest

from intake import facts, fatal, sheet

QUESTIONS = (
    "mystery: {questions: [{id: greeted, kind: single, label: G, options: {y: Yes, n: No}}, "
    "{id: topics, kind: multiple, label: A, options: {age: Age, income: Income}, ask_if: greeted == y}, "
    "{id: advice, kind: grid, label: A, items: {clear: C, useful: U}, scale: {from: 1, to: 5, low: l, high: h}, "
    "dont_know: {code: 9}}, {id: length, kind: numeric, label: L, minimum: 0}, {id: story, kind: open, label: S}]}"
)
RULES = (
    "{test: id, brand: {from: [country, q3], join: '-', codes: {FR-1: o, FR-2: c}}, only_channel: phone, "
    "columns: {greeted: {from: g, codes: {1: y, 2: n}}, "
    "topics: {from: a, delimiter: '^', options: {1: age, 2: income}}, "
    "advice: {from: 'q7_{item}', options: {a: clear, b: useful}}, length: {from: len, unit: min, clock: ms}, story: s}}"
)
HEAD = ("id", "country", "q3", "g", "a", "q7_a", "q7_b", "len", "s")


def visits(folder, *rows, head=HEAD, rules=RULES, **named):
    return facts(folder, "mystery", sheet(head, *rows), rules=rules, section=QUESTIONS, **named)


def test_testers_may_only_answer_questions(tmp_path):
    found = visits(tmp_path, (1, "FR", 1, 1, "1^2", 4, 9, "01:30", "kind"), (2, "FR", 2, 2, "", "", 7, "12 min", ""))
    assert "marks" not in found.tables
    assert found.rows("tests", "test", "brand", "sector", "channel", "outcome") == [
        ("1", "o", "energy", "phone", "answered"), ("2", "c", "telecom", "phone", "answered"),
    ]  # fmt: skip
    assert found.rows("tests", "greeted", "topics.age", "topics.income") == [("y", True, True), ("n", None, None)]
    assert found.column("tests", "topics:state") == ["answered", "not_asked"]
    assert found.rows("tests", "advice_clear", "advice_clear:state") == [(4, "answered"), (None, "skipped")]
    assert found.rows("tests", "advice_useful", "advice_useful:state") == [(None, "dont_know"), (None, "skipped")]
    assert found.column("tests", "length") == [pytest.approx(1.5), 12]
    assert found.rows("verbatims", "source", "origin", "question", "text") == [("mystery", "1", "story", "kind")]
    assert found.refused == {"bad-number": (0, 1)}


def test_an_answer_where_the_question_was_not_to_be_asked_is_a_contradiction(tmp_path):
    found = visits(tmp_path, (1, "FR", 1, 2, "1", "", "", "", ""))
    assert found.rows("tests", "topics.age", "topics:state") == [(None, "not_asked")]
    assert found.refused == {"contradiction": (0, 1)}


def test_half_a_joined_key_is_no_brand(tmp_path):
    found = visits(tmp_path, (1, "FR", 1, 1, "", "", "", "", ""), (2, "FR", "", 1, "", "", "", "", ""))
    assert found.column("tests", "test") == ["1"]
    assert found.refused == {"unknown-brand": (1, 0)}


def test_every_field_has_a_state(tmp_path):
    rules = "{test: id, brand: q3, channel: ch, scenario: sc}"
    rows = ((1, "o", "phone", "bill"), (2, "o", "E-mail", ""))
    found = visits(tmp_path, *rows, head=("id", "q3", "ch", "sc"), rules=rules)
    assert found.rows("tests", "channel", "channel:state") == [("phone", "answered"), ("email", "answered")]
    assert found.rows("tests", "scenario", "scenario:state") == [("bill", "answered"), (None, "skipped")]
    assert found.column("tests", "greeted:state") == ["not_in_wave"] * 2


def test_a_channel_of_no_study_is_refused(tmp_path):
    rules = "{test: id, brand: q3, channel: ch}"
    found = visits(tmp_path, (1, "o", "phone"), (2, "o", "fax"), head=("id", "q3", "ch"), rules=rules)
    assert found.column("tests", "test") == ["1"]
    assert 'f0.csv, row 3: "fax" is not a channel of the study' in found.places


def test_an_answer_is_waited_for_until_a_moment(tmp_path):
    rules = "{test: id, brand: q3, only_channel: email, sent_at: sent, answered_at: got, censored_at: until}"
    rows = (
        (1, "o", "2024-01-08T09:00", "2024-01-08T10:00", "2024-01-15"), (2, "o", "2024-01-08T09:00", "", "2024-01-15"),
        (3, "o", "2024-01-08T09:00", "2024-01-07T09:00", "2024-01-15"),
    )  # fmt: skip
    found = visits(tmp_path, *rows, head=("id", "q3", "sent", "got", "until"), rules=rules)
    assert found.column("tests", "outcome") == ["answered", "unanswered", "answered"]
    assert found.column("tests", "censored_at") == [dt.datetime.fromisoformat("2024-01-15")] * 3
    assert found.column("tests", "answered_at")[2] is None
    assert found.refused == {"contradiction": (0, 1)}


def test_a_grid_whose_columns_are_not_there_is_told(tmp_path):
    rules = "{test: id, brand: q3, only_channel: phone, columns: {advice: 'q7_{item}'}}"
    (problem,) = fatal(tmp_path, "mystery", sheet(("id", "q3"), (1, "o")), rules=rules, section=QUESTIONS)
    assert problem.code == "column-missing"
    assert "q7_{item}" in problem.message
    assert problem.hint
