"""Times to an answer: who still waits is in the base; cut-offs, censoring, acknowledgements, calls given up."""

from __future__ import annotations

import gc
import weakref

import pytest

from engine_sources import study, table
from line import figure
from vigie.engine import recorded
from vigie.engine.records import Records

TESTS = "test,brand,channel,sent_at,acknowledged_at,answered_at,censored_at"
SENT = "2024-01-01 10:00"


def mailed(folder, rows, more='within: ["1 h", "24 h"], cutoff: "48 h", by: [brand, channel]'):
    indicator = f"{{id: reply, source: mystery, time_to: answered_at, {more}}}"
    return study(folder, [indicator], {"w": {"tests": table(TESTS, rows)}})["w"]


def replies(folder, rows, asked, *, until="2024-01-31", columns="", **how):
    """What is told of replies to reviews in a wave that begins with 2024."""
    indicator = f"{{id: reply, source: reviews, time_to: replied_at, {asked}}}"
    waves = {"w": {"reviews": table(f"review,brand,stars,published_on,replied_at{columns}", rows)}}
    return study(folder, [indicator], waves, fields=f"field: [2024-01-01, {until}], ", **how)["w"]


def calls(folder, rows, indicator):
    """What is told of a log of calls: when each came, whether it was answered, and how many seconds it waited."""
    reading = "imports: {calls: {case: case, only_channel: phone, at: at, answered: answered, "
    reading += "wait: {from: wait, unit: s}}}\n"
    waves = {"w": {"log": table("case,at,answered,wait", [f"{i},{row}" for i, row in enumerate(rows)])}}
    return study(folder, [f"{{source: log, time_to: wait, {indicator}}}"], waves, more=reading, reading="calls")["w"]


def row(test, brand, answered="", censored="", acknowledged=""):
    return f"{test},{brand},email,{SENT},{acknowledged},{answered},{censored}"


def test_shares_count_those_who_still_wait(tmp_path):
    rows = [
        row(1, "a", "2024-01-01 10:30"), row(2, "a", "2024-01-01 20:00"), row(3, "a", "2024-01-02 10:00"),
        row(4, "b"), row(5, "b", "2024-01-20 10:00"), row(6, "b", acknowledged="2024-01-01 10:01"),
    ]  # fmt: skip
    found = mailed(tmp_path, rows)
    assert figure(found, "reply", within="1 h")["value"] == pytest.approx(1 / 6)
    assert figure(found, "reply", within="24 h")["value"] == pytest.approx(3 / 6)  # an answer after 24 h sharp is in
    assert figure(found, "reply", statistic="answered")["value"] == pytest.approx(3 / 6)  # the cut-off came before
    assert figure(found, "reply", within="24 h", brand="b")["value"] == 0
    assert figure(found, "reply", within="24 h")["n"] == 6
    mean = (0.5 + 10 + 24 + 48 * 3) / 6
    assert figure(found, "reply", statistic="restricted_mean")["value"] == pytest.approx(mean)
    assert figure(found, "reply", statistic="median", brand="a")["value"] == pytest.approx(10)
    half = figure(found, "reply", statistic="median")
    assert half["value"] == pytest.approx((24 + 48) / 2)  # R's: one half is answered from 24 h to the last time seen
    nobody = figure(found, "reply", statistic="median", brand="b")
    assert (nobody["value"], nobody["flag"]) == (None, "fragile")
    assert "fewer than half" in nobody["lineage"]["note"]
    assert half["unit"] == "hours"
    assert figure(found, "reply", within="1 h")["part"] == "within"


def test_a_test_given_up_early_waits_until_then_only(tmp_path):
    rows = [
        row(1, "a", "2024-01-01 12:00"), row(2, "a", censored="2024-01-01 11:00"), row(3, "a", "2024-01-01 14:00"),
        row(4, "a", censored="2024-02-01 00:00"),
    ]  # fmt: skip
    found = mailed(tmp_path, rows)
    # 4 wait at first, 3 when one is answered after 2 h, 2 when one is after 4 h
    assert figure(found, "reply", statistic="answered")["value"] == pytest.approx(1 - (2 / 3) * (1 / 2))


def test_without_a_cut_off_the_last_moment_ends_the_waiting(tmp_path):
    rows = [row(1, "a", "2024-01-01 12:00"), row(2, "a"), row(3, "a", "2024-01-03 10:00")]
    found = mailed(tmp_path, rows, 'within: ["24 h", "7 d"]')
    assert figure(found, "reply", within="24 h")["value"] == pytest.approx(1 / 3)
    unknown = figure(found, "reply", within="7 d")
    assert unknown["value"] is None
    assert "the last moment in the data" in unknown["lineage"]["note"]


def test_an_answer_without_its_moment_is_left_out_and_counted(tmp_path):
    rows = ["1,a,email,2024-01-01 10:00,2024-01-01 11:00,answered", "2,a,email,2024-01-01 10:00,,answered",
            "3,a,email,2024-01-01 10:00,,unanswered", "4,a,email,,2024-01-01 11:00,answered"]  # fmt: skip
    indicator = '{id: reply, source: mystery, time_to: answered_at, within: ["2 h"], cutoff: "48 h"}'
    waves = {"w": {"tests": table("test,brand,channel,sent_at,answered_at,outcome", rows)}}
    found = study(tmp_path, [indicator], waves)["w"]
    assert (figure(found, "reply", within="2 h")["value"], figure(found, "reply", within="2 h")["n"]) == (0.5, 2)
    (lost,) = (e for e in found["exclusions"] if e["reason"] == "no_moment")
    assert (lost["source"], lost["rows"]) == ("mystery", 2)


def test_replies_to_reviews_wait_until_the_end_of_the_wave(tmp_path):
    rows = ["1,a,5,2024-01-01 00:00,2024-01-02 00:00", "2,a,1,2024-01-01 00:00,", "3,a,2,2024-01-30 12:00,",
            "4,a,3,2024-01-30 00:00,2024-01-31 00:00"]  # fmt: skip
    found = replies(tmp_path, rows, 'within: ["24 h", "7 d"], by: brand')
    # the third was looked at for 36 hours, the second for 31 days
    assert figure(found, "reply", within="24 h")["value"] == pytest.approx(2 / 4)
    assert figure(found, "reply", within="7 d")["value"] == pytest.approx(2 / 4)
    assert figure(found, "reply", within="24 h", brand="a")["n"] == 4


LOG = "case,channel,kind,at"


def events(*cases):
    return table(LOG, [f"{i},phone,{kind},2024-01-01 {at}" for i, case in enumerate(cases) for kind, at in case])


def test_a_case_that_was_given_up_is_never_answered(tmp_path):
    file = events(
        [("opened", "10:00"), ("first_response", "10:30")], [("opened", "10:00"), ("abandoned", "10:15")],
        [("opened", "10:00"), ("first_response", "12:00"), ("resolved", "15:00")],
    )  # fmt: skip
    indicators = [
        '{id: first, source: log, time_to: first_response_at, within: ["1 h", "2 h"]}',
        '{id: done, source: log, from: first_response_at, time_to: resolved_at, within: ["3 h"]}',
    ]
    found = study(tmp_path, indicators, {"w": {"log": file}})["w"]
    assert figure(found, "first", within="1 h")["value"] == pytest.approx(1 / 3)  # of three, one gave up
    last = figure(found, "first", within="2 h")
    assert last["value"] == pytest.approx(2 / 3)
    assert (last["lineage"]["gave_up"], last["lineage"]["observed"]) == (1, "data")
    assert "the 1 who gave up are never answered" in last["lineage"]["note"]
    assert figure(found, "done", within="3 h")["value"] == pytest.approx(1 / 2)


def test_giving_up_counts_alike_whether_its_moment_is_known_or_not(tmp_path):
    def shares(folder, moment):
        given = [*["yes,30"] * 3, *[f"no,{moment}"] * 3, "yes,900"]
        rows = [f"2024-01-01 10:00,{call}" for call in given]
        found = calls(folder, rows, 'id: picked_up, within: ["1 min", "20 s"], cutoff: "5 min"')
        return [figure(found, "picked_up", within="1 min")["value"],
                figure(found, "picked_up", statistic="restricted_mean")["value"],
                figure(found, "picked_up", within="1 min")["lineage"]]  # fmt: skip

    known, unknown = shares(tmp_path / "known", "10"), shares(tmp_path / "unknown", "")
    assert known[:2] == unknown[:2]
    assert known[:2] == [pytest.approx(3 / 7), pytest.approx((3 * 30 + 4 * 300) / 7 / 3600)]
    for told in (known[2], unknown[2]):
        assert [told[k] for k in ("cutoff", "horizon", "observed", "gave_up")] == ["5 min", "5 min", "data", 3]


def test_measured_waits_take_calls_given_up_as_still_waiting(tmp_path):
    given = ["yes,60", "yes,300", "no,120", "yes,", "yes,600"]  # the fourth wait was not measured
    rows = [f"2024-01-01 10:00,{call}" for call in given]
    found = calls(tmp_path, rows, 'id: picked_up, within: ["1 min", "5 min", "10 min"]')
    assert figure(found, "picked_up", within="1 min")["value"] == pytest.approx(1 / 4)
    assert figure(found, "picked_up", within="5 min")["value"] == pytest.approx(2 / 4)
    assert figure(found, "picked_up", within="10 min")["value"] == pytest.approx(3 / 4)  # one of four gave up
    (lost,) = (e for e in found["exclusions"] if e["reason"] == "no_moment")
    assert lost["rows"] == 1
    assert figure(found, "picked_up", within="1 min")["n"] == 4


def test_the_median_goes_on_beyond_the_times_asked_and_who_gave_up_is_answered_at_none(tmp_path):
    """Ten calls; R: quantile(survfit(Surv(t, e) ~ 1, conf.type="log-log"), 0.5) with t = 1e6 for who gave up."""

    def half(folder, gave_up):
        given = [*["no,30"] * gave_up, *[f"yes,{60 * (k + 1)}" for k in range(10 - gave_up)]]
        found = calls(folder, [f"2024-01-01 10:00,{call}" for call in given], 'id: picked_up, within: ["20 s", "30 s"]')
        return figure(found, "picked_up", statistic="median")

    most = half(tmp_path / "most", 6)
    assert most["value"] is None  # four of ten were ever answered
    assert "fewer than half" in most["lineage"]["note"]
    # three of ten gave up: half are answered when the fifth of the seven others is, at 5 minutes, and six at 6 minutes
    some = half(tmp_path / "some", 3)
    assert some["value"] == pytest.approx(5.5 / 60)
    assert (some["ci_low"], some["ci_high"]) == (pytest.approx(1 / 60), None)


def test_a_review_of_two_brands_waits_once_on_the_whole_and_once_for_each(tmp_path):
    rows = ["1,a|b,4,2024-01-01 10:00,2024-01-01 12:00", "2,a,4,2024-01-01 10:00,", "3,b,4,2024-01-01 10:00,",
            "4,c,4,2024-01-01 10:00,2024-01-03 10:00"]  # fmt: skip
    site = 'imports:\n  site: {review: review, brand: {from: brand, delimiter: "|"}, stars: stars, '
    site += "published_on: published_on, replied_at: replied_at}\n"
    asked = 'within: ["24 h"], cutoff: 7 d, by: [brand, sector]'
    found = replies(tmp_path, rows, asked, more=site, reading="site")
    whole = figure(found, "reply", within="24 h")
    assert (whole["n"], whole["value"]) == (4, pytest.approx(1 / 4))
    assert [figure(found, "reply", within="24 h", brand=b)["n"] for b in "ab"] == [2, 2]
    assert figure(found, "reply", within="24 h", sector="s")["n"] == 3  # a and b are of one sector


def test_a_review_is_watched_until_it_is_collected(tmp_path):
    rows = ["1,a,4,2024-01-01 10:00,2024-01-02 10:00,2024-01-10", "2,a,4,2024-01-09 00:00,,2024-01-09",
            "3,a,4,2024-01-01 10:00,,2024-01-10"]  # fmt: skip
    asked = "within: [12 h, 48 h], cutoff: 7 d"
    found = replies(tmp_path, rows, asked, until="2024-12-31", columns=",collected_on")
    answered = figure(found, "reply", within="48 h")
    assert answered["value"] == pytest.approx(1 / 3)  # at 24 h all three are still watched: one review in three
    assert answered["lineage"]["observed"] == "collected"
    # had the second been watched for a week like the others, its restricted mean would count 168 h for it
    mean = figure(found, "reply", statistic="restricted_mean")["value"]
    assert mean == pytest.approx(24 + (168 - 24) * 2 / 3)


def test_calls_given_up_are_known_of_whenever_the_log_ends(tmp_path):
    rows = ["2024-01-01 10:00:00,yes,30", "2024-01-01 10:01:00,yes,60", "2024-01-01 10:12:00,no,",
            "2024-01-01 10:13:00,no,"]  # fmt: skip
    found = calls(tmp_path, rows, "id: waited, within: [1 min, 1 h], cutoff: 1 h")
    assert figure(found, "waited", within="1 h")["value"] == pytest.approx(0.5)
    assert figure(found, "waited", statistic="answered")["value"] == pytest.approx(0.5)
    assert figure(found, "waited", within="1 h")["n"] == 4


CACHED = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%cached%'"


def test_rows_held_in_memory_are_let_go_at_the_end_of_their_source(tmp_path, monkeypatch):
    """Else the collector may drop a table from a connection on which another is being read."""
    made, tables = [], []

    class Watched(Records):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(weakref.ref(self))

        def release(self):
            connection = self.session.engine.backend.con
            tables.append(connection.execute(CACHED).fetchall())
            super().release()
            tables.append(connection.execute(CACHED).fetchall())

    monkeypatch.setattr(recorded, "Records", Watched)
    gc.disable()
    try:
        mailed(tmp_path, [row(1, "a", "2024-01-01 12:00"), row(2, "a")])
        assert [one() for one in made] == [None], "nothing holds them in a circle"
    finally:
        gc.enable()
    assert list(map(len, tables)) == [1, 0]
