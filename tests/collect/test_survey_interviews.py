"""Which interviews of a file count: complete, partial, screened out; and what each wave's rule needs."""

from __future__ import annotations

import pytest

from small import write
from surveys import fatal, survey
from vigie.errors import VigieError
from vigie.study.loading import load_study

QUESTIONS = (
    "  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}\n"
    "  - {id: used, kind: multiple, label: Used, options: {a: A, b: B}}\n"
    "  - {id: mark, kind: scale, label: Mark, ask_if: used.a, scale: {from: 0, to: 10, low: Bad, high: Good}}\n"
    "  - {id: age, kind: numeric, label: Age}\n"
)
DATA = (
    "respondent,etat,sex,used.a,used.b,mark,age\n"
    "1,1,f,1,0,7,30\n"  # complete
    "2,2,f,,,,\n"  # partial: sex only
    "3,2,m,1,0,,\n"  # partial: as far as used
    "4,2,m,1,0,5,\n"  # partial: as far as mark
    "5,3,f,,,,99\n"  # screened out
    "6,1,m,0,1,,\n"  # complete, and silent at the end
    "7,2,m,,,,40\n"  # partial: went to the end with gaps
)
RULES = "{status: {from: etat, codes: {1: complete, 2: partial, 3: screened_out}}}"


@pytest.mark.parametrize(
    ("wave", "kept", "left"),
    [
        ("", "123467", {"screened_out": (1, 0)}),
        (", interviews: all", "123467", {"screened_out": (1, 0)}),
        (", interviews: complete", "16", {"screened_out": (1, 0), "partial": (4, 0)}),
        (", interviews: {past: used}", "13467", {"screened_out": (1, 0), "partial": (1, 0)}),
        (", interviews: {past: mark}", "1467", {"screened_out": (1, 0), "partial": (2, 0)}),
        (", interviews: {past: age}", "167", {"screened_out": (1, 0), "partial": (3, 0)}),
    ],
)
def test_interviews_count_by_their_status_and_by_how_far_they_got(tmp_path, wave, kept, left):
    facts = survey(tmp_path, QUESTIONS, DATA, RULES, wave=wave)
    assert facts["respondent"] == list(kept)
    assert facts.refused == left
    assert facts.read == 7


def test_partial_interviews_that_count_skipped_what_came_later(tmp_path):
    facts = survey(tmp_path, QUESTIONS, DATA, RULES, wave=", interviews: {past: used}")
    states = dict(zip(facts["respondent"], zip(facts["mark:state"], facts["age:state"], strict=True), strict=True))
    assert states["3"] == ("skipped", "skipped")
    assert states["4"] == ("answered", "skipped")


def test_without_a_status_every_interview_counts_that_got_far_enough(tmp_path):
    facts = survey(tmp_path, QUESTIONS, DATA, "{}", wave=", interviews: {past: mark}")
    assert facts["respondent"] == ["1", "4", "5", "7"]
    assert facts.refused == {"partial": (3, 0)}
    assert facts.places == ["s0.csv: 3 rows"]


@pytest.mark.parametrize("said", ["Complete", "COMPLETE", " complete "])
def test_a_status_may_be_in_the_words_of_the_study(tmp_path, said):
    data = f"respondent,s,sex\n1,{said},f\n2,Partial,m\n3,Screened out,m\n4,screened-out,f\n"
    facts = survey(tmp_path, QUESTIONS, data, "{status: s}", wave=", interviews: complete")
    assert facts["respondent"] == ["1"]
    assert facts.refused == {"partial": (1, 0), "screened_out": (2, 0)}


def test_a_row_of_which_nobody_knows_the_status_is_refused_and_told(tmp_path):
    facts = survey(tmp_path, QUESTIONS, "respondent,s,sex\n1,complete,f\n2,,m\n3,?,m\n", "{status: s}")
    assert facts["respondent"] == ["1"]
    assert facts.refused == {"unknown-code": (2, 0)}
    assert facts.places == ["s0.csv, row 3: an empty cell is no status", 's0.csv, row 4: "?" is no status']
    rows = "".join(f"{i},9,f\n" for i in range(12))
    (problem,) = fatal(tmp_path, QUESTIONS, "respondent,s,sex\n" + rows, "{status: s}")
    assert (problem.code, "screened_out" in problem.hint) == ("unknown-code", True)


def test_a_second_interview_that_was_finished_counts_where_the_first_was_not(tmp_path):
    data = "respondent,s,sex\n1,partial,f\n1,complete,m\n"
    facts = survey(tmp_path, QUESTIONS, data, "{status: s}", wave=", interviews: complete")
    assert facts["sex"] == ["m"]
    assert facts.refused == {"partial": (1, 0)}


def test_a_partial_interview_without_a_weight_is_partial_and_not_a_bad_number(tmp_path):
    data = "respondent,s,w,sex\n1,complete,1.5,f\n2,partial,,f\n3,complete,,f\n4,screened_out,,f\n5,partial,2,f\n"
    facts = survey(tmp_path, QUESTIONS, data, "{status: s, weight: w}")
    assert facts["respondent"] == ["1", "5"]
    assert facts.refused == {"partial": (1, 0), "bad-number": (1, 0), "screened_out": (1, 0)}


ODD = [("0,95", "1.234,5", 20, {}), ("0.95", "1.234,5", 19, {"bad-number": (1, 0)})]


@pytest.mark.parametrize(("usual", "odd", "kept", "refused"), ODD)
def test_one_weight_written_otherwise_costs_one_row_at_most(tmp_path, usual, odd, kept, refused):
    data = "".join(f"{i};{odd if i == 7 else usual};f\n" for i in range(20))
    facts = survey(tmp_path, QUESTIONS, f"respondent;w;sex\n{data}", "{weight: w}")
    assert len(facts["respondent"]) == kept
    assert facts.refused == refused


def test_weights_with_two_decimal_marks_are_told_by_their_column(tmp_path):
    data = "".join(f"{i};{'0.95' if i == 7 else '0,95'};f\n" for i in range(20))
    with pytest.raises(VigieError) as caught:
        survey(tmp_path, QUESTIONS, f"respondent;w;sex\n{data}", "{weight: w}")
    problem = caught.value.problems[0]
    assert (problem.code, problem.file, problem.line) == ("bad-number", "s0.csv", 2)
    assert problem.message == '19 of 20 cells in column "w" are refused; the first, "0,95", is not a number.'
    assert "`decimal: ','`" in problem.hint
    facts = survey(tmp_path, QUESTIONS, f"respondent;w;sex\n{data}", "{weight: {from: w, decimal: ','}}")
    assert (len(facts["respondent"]), facts.refused) == (19, {"bad-number": (1, 0)})


@pytest.mark.parametrize(
    ("wave", "key"), [("interviews: complete", "status:"), ("weights: as_given", "weight:")]
)  # fmt: skip
def test_a_rule_that_stands_on_a_column_needs_it_in_every_file(tmp_path, wave, key):
    text = f"study: s\ntitle: S\nquestions:\n{QUESTIONS}imports:\n  one: {{status: s, weight: w}}\n  two: {{}}\n"
    text += f"waves: [{{id: w, {wave}, files: {{survey: [FILES]}}}}]\n"
    sound = text.replace("FILES", "{path: a.csv, import: one}")
    folder = write(tmp_path, {"study.yaml": sound, "a.csv": "respondent\n", "b.csv": "respondent\n"})
    assert load_study(folder)[1] == []
    write(folder, {"study.yaml": text.replace("FILES", "{path: a.csv, import: one}, {path: b.csv, import: two}")})
    (problem,) = load_study(folder)[1]
    assert (problem.code, problem.line, '"b.csv"' in problem.message) == ("missing-key", 11, True)
    assert key in problem.hint
    assert '"two"' in problem.hint


def test_a_column_of_the_status_that_is_not_there_is_the_one_thing_told(tmp_path):
    (problem,) = fatal(tmp_path, QUESTIONS, DATA, "{status: état}")
    assert (problem.code, '"etat"' in problem.hint) == ("column-missing", True)
