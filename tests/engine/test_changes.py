"""A change is tested only where it can be: one identity, bases that are not flagged, Holm over the segments."""

from __future__ import annotations

import pytest

from line import figure, results, study_folder

STUDY = """
study: two
title: Two waves
languages: [en]
show: {hide: 2, fragile: 10}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: yes, kind: single, label: "Are you “happy” ?", options: {y: Yes, n: No}}
indicators:
  - {id: happy, share: yes == y}
banner: [sex]
waves:
  - {id: "1", files: {survey: one.csv}FIRST}
  - {id: "2", files: {survey: two.csv}}
"""


def survey(yes: int, of: int, women: int) -> str:
    rows = [f"{i},{'f' if i < women else 'm'},{'y' if i < yes else 'n'}" for i in range(of)]
    return "\n".join(["respondent,sex,yes", *rows])


def second(folder, *, first="", instrument="", now=(80, 100), then=(50, 100), women=50):
    files = {
        "study.yaml": STUDY.replace("FIRST", first),
        "one.csv": survey(*then, women),
        "two.csv": survey(*now, women),
    }
    if instrument:
        files["one.yaml"] = instrument
    return results(study_folder(folder, files))["2"]


def test_a_large_difference_goes_up_and_a_small_one_nowhere(tmp_path):
    change = figure(second(tmp_path / "a"), "happy")["change"]
    assert (change["verdict"], change["wave"]) == ("up", "1")
    assert change["difference"] == pytest.approx(0.3)
    assert change["se"] == pytest.approx((0.8 * 0.2 / 99 + 0.25 / 99) ** 0.5)
    assert figure(second(tmp_path / "b", now=(52, 100)), "happy")["change"]["verdict"] == "none"


def test_a_flagged_base_has_no_arrow(tmp_path):
    found = second(tmp_path, women=8)
    change = figure(found, "happy", sex="f")["change"]
    assert (change["verdict"], change["reason"]) == ("untested", "small_base")


@pytest.mark.parametrize(
    ("first", "instrument", "reason"),
    [
        (", mode: phone", "", "mode"),
        (", panel: other", "", "panel"),
        (", instrument: one.yaml", "questions: [{id: yes, label: Are you glad?}]", "wording"),
        (", instrument: one.yaml", "questions: [{id: yes, options: {y: Yes, n: No, d: Maybe}}]", "options"),
        (", instrument: one.yaml", 'questions: [{id: yes, ask_if: "sex in [f, m]"}]', "base"),
    ],
)
def test_a_change_of_identity_breaks_the_trend(tmp_path, first, instrument, reason):
    change = figure(second(tmp_path, first=first, instrument=instrument), "happy")["change"]
    assert (change["verdict"], change["reason"], change["difference"]) == ("break", reason, None)


def test_quotes_and_spaces_change_no_identity(tmp_path):
    instrument = "questions: [{id: yes, label: 'Are  you \"happy\"?'}]"
    change = figure(second(tmp_path, first=", instrument: one.yaml", instrument=instrument), "happy")["change"]
    assert change["verdict"] == "up"


def test_a_question_that_was_not_asked_before_is_not_compared(tmp_path):
    instrument = "questions: [{id: yes, remove: true}]"
    assert figure(second(tmp_path, first=", instrument: one.yaml", instrument=instrument), "happy")["change"] is None


def test_segments_of_one_kind_share_the_error(tmp_path):
    found = second(tmp_path, now=(62, 100))
    alone = figure(found, "happy")["change"]
    assert alone["p_adjusted"] == pytest.approx(alone["p"])
    parts = [figure(found, "happy", sex=s)["change"] for s in "fm"]
    tested = [c for c in parts if c["p"] is not None]
    assert all(c["p_adjusted"] >= c["p"] for c in tested)
