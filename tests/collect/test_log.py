"""A contact log becomes cases and events; what is refused is counted and listed."""

from __future__ import annotations

import datetime as dt

import pytest

from intake import facts, fatal, sheet

EVENT = ("case", "kind", "at", "channel")
CODES = "codes: {A: opened, B: first_response, C: resolved, D: reopened, T: transferred, X: abandoned, M: message}"
RULES = f"{{case: case, kind: {{from: kind, {CODES}}}, at: at, channel: channel}}"


def at(hour, day=8):
    return f"2024-01-{day:02d}T{hour:02d}:00:00"


def moment(hour, day=8):
    return dt.datetime.fromisoformat(at(hour, day))


def events(folder, *rows, head=EVENT, **named):
    return facts(folder, "log", sheet(head, *rows), **named)


def case(found, name, *columns):
    (row,) = [r[1:] for r in found.rows("cases", "case", *columns) if r[0] == name]
    return row[0] if len(columns) == 1 else row


def test_events_are_folded_into_cases(tmp_path):
    rows = (
        (1, "A", at(10), "phone"), (1, "B", at(12), "email"), (1, "T", at(13), "email"), (1, "M", at(14), "email"),
        (1, "C", at(15), "email"), (2, "A", at(10), "email"),
    )  # fmt: skip
    found = events(tmp_path, *rows, rules=RULES)
    moments = ("opened_at", "first_response_at", "resolved_at", "abandoned_at", "closed_at")
    assert case(found, "1", *moments) == (moment(10), moment(12), moment(15), None, None)
    assert case(found, "2", *moments) == (moment(10), None, None, None, None)
    assert case(found, "1", "answered", "resolved", "abandoned", "reopened", "changed") == (
        "yes",
        "yes",
        "no",
        "no",
        "yes",
    )
    assert case(found, "2", "answered", "resolved", "abandoned", "reopened", "changed") == (
        "no",
        "no",
        "no",
        "no",
        "no",
    )
    assert case(found, "1", "wait", "contacts", "transfers") == (2, 3, 1)
    assert case(found, "2", "wait", "contacts", "transfers") == (None, 1, 0)
    assert case(found, "1", "channel", "channels.phone", "channels.email") == ("phone", True, True)
    assert found.rows("events", "case", "kind")[:2] == [("1", "opened"), ("1", "first_response")]
    assert found.read == 6


def test_events_need_not_stand_in_order(tmp_path):
    rows = [(2, "C", at(15), "phone"), (1, "B", at(12), "phone"), (2, "A", at(9), "email"), (1, "A", at(10), "phone")]
    found = events(tmp_path, *rows, rules=RULES)
    assert found.column("cases", "case") == ["1", "2"]
    assert found.column("cases", "opened_at") == [moment(10), moment(9)]
    assert case(found, "2", "channel", "resolved") == ("email", "yes")


def test_a_case_opens_with_its_first_event_where_no_event_says_so(tmp_path):
    found = events(tmp_path, (1, "M", at(9), "phone"), (1, "C", at(11), "phone"), rules=RULES)
    assert case(found, "1", "opened_at") == moment(9)


@pytest.mark.parametrize(
    ("kinds", "resolved_at", "resolved", "reopened"),
    [
        ("AC", 2, "yes", "no"),
        ("ACD", None, "no", "yes"),
        ("ACDC", 4, "yes", "yes"),
        ("ACC", 3, "yes", "no"),
        ("AM", None, "no", "no"),
    ],
)
def test_a_case_is_resolved_by_the_last_resolution_that_no_reopening_follows(
    tmp_path, kinds, resolved_at, resolved, reopened
):
    rows = [(1, kind, at(hour), "phone") for hour, kind in enumerate(kinds, 1)]
    found = events(tmp_path, *rows, rules=RULES)
    expected = (resolved_at and moment(resolved_at), resolved, reopened)
    assert case(found, "1", "resolved_at", "resolved", "reopened") == expected


def test_of_events_at_one_moment_the_opening_stands_first(tmp_path):
    found = events(tmp_path, (1, "B", at(9), "phone"), (1, "A", at(9), "phone"), rules=RULES)
    assert case(found, "1", "wait", "answered") == (0, "yes")
    assert not found.refused


def test_events_that_cannot_be_are_contradictions(tmp_path):
    rows = (
        (1, "B", at(8), "phone"), (1, "A", at(9), "phone"), (1, "D", at(10), "phone"), (1, "C", at(11), "phone"),
        (1, "D", at(12), "phone"),
    )  # fmt: skip
    found = events(tmp_path, *rows, rules=RULES)
    assert [kind for _, kind in found.rows("events", "case", "kind")] == ["opened", "resolved", "reopened"]
    assert found.refused == {"contradiction": (2, 0)}
    assert 'f0.csv, row 2: "first_response" before the case was opened' in found.places


def test_what_a_log_never_records_is_unknown(tmp_path):
    found = events(tmp_path, (1, "opened", at(9), "phone"), (1, "message", at(10), "phone"))
    names = ("answered", "resolved", "abandoned", "reopened", "transfers")
    assert case(found, "1", *names) == (None,) * 5
    assert case(found, "1", "answered:state", "contacts:state") == ("skipped", "answered")
    assert any('no event is a "first_response"' in note for note in found.ledger.notes)


def test_rows_that_cannot_stand_are_refused_with_row_and_reason(tmp_path):
    rows = (
        ("", "A", at(9), "phone"), (1, "Q", at(9), "phone"), (1, "", at(9), "phone"), (1, "A", "2024-01-32", "phone"),
        (1, "A", "", "phone"), (1, "A", at(9), "fax"),
    )  # fmt: skip
    found = events(tmp_path, *rows, rules=RULES)
    assert found.rows("cases", "case", "channel", "changed") == [("1", None, None)]
    assert found.refused == {"missing-id": (1, 0), "unknown-code": (2, 1), "bad-date": (2, 0)}
    assert 'f0.csv, row 3: "Q" is not a kind of event' in found.places


def test_a_wave_has_the_cases_that_were_opened_in_it(tmp_path):
    rows = (
        (1, "A", "2023-12-31", "phone"),
        (1, "C", at(9), "phone"),
        (2, "A", at(9), "phone"),
        (2, "C", "2025-02-01", "phone"),
    )
    found = events(tmp_path, *rows, rules=RULES)
    assert found.rows("cases", "case", "resolved") == [("2", "yes")]
    assert found.refused == {"outside_wave": (2, 0)}
    assert events(tmp_path / "all", *rows, rules=RULES, field="").column("cases", "case") == ["1", "2"]


def test_a_case_spreads_over_files_and_overlapping_exports_count_once(tmp_path):
    one = sheet(EVENT, (1, "A", at(9), "phone"), (1, "B", at(10), "phone"))
    two = sheet(EVENT, (1, "B", at(10), "phone"), (1, "C", at(11), "email"))
    found = facts(tmp_path, "log", one, two, rules=RULES)
    assert case(found, "1", "resolved", "changed", "contacts") == ("yes", "yes", 2)
    assert found.refused == {"duplicate-id": (1, 0)}
    assert found.read == 4


def test_equal_events_of_one_file_are_not_repeats(tmp_path):
    found = events(tmp_path, *[(1, "M", at(9), "phone")] * 3, rules=RULES)
    assert case(found, "1", "contacts") == 3


def test_the_brand_of_a_case_stands_in_any_of_its_events(tmp_path):
    rules = RULES.replace("at: at", "at: at, brand: brand")
    rows = (
        (1, "A", at(9), "phone", ""), (1, "C", at(10), "phone", "Ondine"), (2, "A", at(9), "phone", "zz"),
        (3, "A", at(9), "phone", ""),
    )  # fmt: skip
    found = events(tmp_path, *rows, head=(*EVENT, "brand"), rules=rules)
    assert found.rows("cases", "case", "brand", "sector") == [("1", "o", "energy")]
    assert found.refused == {"unknown-brand": (2, 0)}


OWN = (
    "log: {questions: [{id: topic, kind: category, label: T}, {id: mark, kind: scale, label: M, "
    "scale: {from: 1, to: 5, low: l, high: h}, ask_if: resolved == yes}, {id: note, kind: open, label: N}]}"
)


def test_of_events_the_cases_first_cell_counts(tmp_path):
    rules = RULES.replace("channel: channel", "channel: channel, columns: {topic: topic, mark: mark, note: note}")
    head = (*EVENT, "topic", "mark", "note")
    rows = (
        (1, "C", at(12), "phone", "late", 4, "second"), (1, "A", at(9), "phone", "", "", "first"),
        (1, "M", at(10), "phone", "bill", "", ""), (2, "A", at(9), "phone", "", 5, ""),
    )  # fmt: skip
    found = events(tmp_path, *rows, head=head, rules=rules, section=OWN)
    assert found.rows("cases", "topic", "mark", "mark:state") == [("bill", 4, "answered"), (None, None, "not_asked")]
    assert found.rows("verbatims", "origin", "question", "text") == [("1", "note", "first")]
    assert found.refused == {"contradiction": (0, 1)}


def test_own_answers_of_a_case_may_stand_in_a_later_file(tmp_path):
    rules = RULES.replace("channel: channel", "channel: channel, columns: {topic: topic}")
    head = (*EVENT, "topic")
    one = sheet(head, (1, "A", at(9), "phone", ""), (2, "A", at(9), "phone", "x"))
    two = sheet(head, (1, "C", at(11), "email", "bill"))
    found = facts(tmp_path, "log", one, two, rules=rules, section=OWN)
    assert found.column("cases", "topic") == ["bill", "x"]


CALL = ("case", "at", "time", "channel", "answered", "resolved", "wait", "handling")


def calls(folder, *rows, head=CALL, **named):
    return facts(folder, "log", sheet(head, *rows), **named)


def test_a_file_of_calls_has_one_row_per_case(tmp_path):
    rows = (
        (1, "2024-01-08", "09:12:58", "phone", "Y", "N", 90, "00:02:23"),
        (2, "2024-01-08", "10:00", "phone", "N", "N", 60, ""),
    )
    found = calls(tmp_path, *rows)
    opened = dt.datetime.fromisoformat("2024-01-08T09:12:58")
    assert case(found, "1", "opened_at", "first_response_at") == (opened, opened + dt.timedelta(seconds=90))
    assert case(found, "1", "wait", "handling", "answered", "resolved", "abandoned") == (
        pytest.approx(0.025), pytest.approx(143 / 3600), "yes", "no", "no",
    )  # fmt: skip
    assert case(found, "1", "contacts", "transfers", "changed", "channels.phone") == (1, None, None, True)
    assert "events" not in found.tables


def test_a_call_that_nobody_answered_was_abandoned_after_its_wait(tmp_path):
    found = calls(tmp_path, (1, "2024-01-08", "10:00", "phone", "N", "N", 60, ""))
    assert case(found, "1", "abandoned", "abandoned_at") == ("yes", dt.datetime.fromisoformat("2024-01-08T10:01"))
    assert case(found, "1", "first_response_at", "wait") == (None, None)


def test_what_contradicts_an_unanswered_call_is_refused(tmp_path):
    found = calls(tmp_path, (1, at(9), "", "phone", "N", "Y", "", 30), (2, at(9), "", "phone", "Y", "Y", 5, 30))
    assert case(found, "1", "resolved", "handling") == (None, None)
    assert found.refused == {"contradiction": (0, 2)}


@pytest.mark.parametrize("cell", ["-5", "soon", "400 days", "1:75"])
def test_an_impossible_wait_is_refused(tmp_path, cell):
    found = calls(tmp_path, (1, at(9), "", "phone", "Y", "Y", cell, 30))
    assert case(found, "1", "wait", "first_response_at", "wait:state") == (None, None, "skipped")
    assert found.refused == {"bad-date": (0, 1)}


def test_minutes_or_hours_are_told_by_the_import(tmp_path):
    rules = "{case: case, wait: {from: wait, clock: hm}, handling: {from: handling, unit: min}}"
    found = calls(tmp_path, (1, "", "", "", "", "", "01:30", 3), rules=rules)
    assert case(found, "1", "wait", "handling") == (pytest.approx(1.5), pytest.approx(0.05))
    assert any("no moment of opening" in note for note in found.ledger.notes)


def test_a_resolution_is_dated_after_the_opening_and_says_yes(tmp_path):
    head = ("case", "at", "resolved_at")
    rows = ((1, at(9), at(12)), (2, at(9), ""), (3, at(9), at(8)))
    found = calls(tmp_path, *rows, head=head)
    assert found.rows("cases", "resolved", "resolved_at") == [("yes", moment(12)), ("no", None), ("no", None)]
    assert found.refused == {"contradiction": (0, 1)}


def test_a_case_that_was_not_resolved_has_no_moment_of_resolution(tmp_path):
    found = calls(tmp_path, (1, at(9), at(12), "no"), head=("case", "at", "resolved_at", "resolved"))
    assert found.rows("cases", "resolved", "resolved_at") == [("no", None)]
    assert found.refused == {"contradiction": (0, 1)}


def test_a_case_stands_once(tmp_path):
    found = calls(tmp_path, (1, at(9), at(12)), (1, at(10), at(11)), head=("case", "at", "resolved_at"))
    assert found.column("cases", "opened_at") == [moment(9)]
    assert found.refused == {"duplicate-id": (1, 0)}


def test_a_case_of_a_wave_has_its_moment_of_opening(tmp_path):
    rows = ((1, at(9)), (2, ""), (3, "soon"), (4, "2023-01-01"))
    found = calls(tmp_path, *rows, head=("case", "at"))
    assert found.column("cases", "case") == ["1"]
    assert found.refused == {"bad-date": (2, 1), "outside_wave": (1, 0)}


def test_a_column_of_unknown_kinds_is_a_wrong_import(tmp_path):
    (problem, *_) = fatal(tmp_path, "log", sheet(EVENT, *[(i, "Q", at(9), "phone") for i in range(12)]), rules=RULES)
    assert (problem.code, problem.file) == ("unknown-code", "f0.csv")
    assert "opened" in problem.hint


def test_a_file_of_events_read_as_cases_is_told(tmp_path):
    rows = [(i % 3, at(9), "phone") for i in range(20)]
    (problem,) = fatal(tmp_path, "log", sheet(("case", "at", "channel"), *rows))
    assert problem.code == "duplicate-id"
    assert "kind" in problem.hint


@pytest.mark.parametrize("rows", [[], [("", "A", at(9), "phone")]])
def test_a_file_without_cases_is_told(tmp_path, rows):
    (problem,) = fatal(tmp_path, "log", sheet(EVENT, *rows), rules=RULES)
    assert (problem.code, problem.file) == ("no-rows", "f0.csv")
    assert problem.hint


def test_a_missing_column_is_told_with_the_nearest_name(tmp_path):
    (problem,) = fatal(tmp_path, "log", sheet(("cse", "kind", "at", "channel"), (1, "A", at(9), "phone")), rules=RULES)
    assert problem.code == "column-missing"
    assert 'Did you mean "cse"' in problem.hint


def test_nobody_who_dealt_with_a_case_is_kept(tmp_path):
    found = events(tmp_path, (1, "A", at(9), "phone", "Zoé Martin"), head=(*EVENT, "agent"), rules=RULES)
    assert all("Martin" not in str(table.to_pydict()) for table in found.tables.values())
