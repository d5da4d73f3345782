"""Columns against the rest of their variable, and columns as tabulation programs compare them."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import pytest
from scipy.special import stdtr

from line import study_folder
from overlapping_channels import write_channels
from reference_people import REFERENCE, STUDY, TOTALS, margins_csv, write_people
from vigie import run
from vigie.engine.against_rest import _beside
from vigie.errors import VigieError
from vigie.stats.design import Design
from vigie.stats.estimates import covariance
from vigie.stats.sums import sums

TABLES = json.loads((REFERENCE / "tables.json").read_text(encoding="utf-8"))
CLOSE = 1e-6  # of a p-value: on either side of it lie the levels at which a mark is there, and is not


def marks(study, rows, column, label, **more):
    """What stands beside the figures of one line in the columns of one variable, by code."""
    made = run.table(study, rows, [column], **more)
    (line,) = (line for line in made.lines if line.label["en"] == label)
    return {h.code: c.letters for h, c in zip(made.columns, line.cells, strict=True) if h.variable}


def around(p) -> tuple[float, float]:
    """Levels of confidence at which a test with this p-value is just significant, and just not."""
    return float(1 - p * (1 + CLOSE)), float(1 - p * (1 - CLOSE))


@pytest.fixture
def segmented(tmp_path):
    """The reference's people in segments: a study of them at a level of confidence, raked or not."""
    write_people(tmp_path)
    (tmp_path / "margins.csv").write_text(margins_csv(TOTALS), encoding="utf-8")

    def study(design: str, level: float = 0.95):
        text = STUDY.replace("fragile: 2}", f"fragile: 2, level: {level!r}}}")
        raked = "weighting: {everyone: {margins: margins.csv}}\n" if design == "raked" else ""
        (tmp_path / "study.yaml").write_text(text + raked, encoding="utf-8")
        return run.load(tmp_path)

    return study


@pytest.mark.parametrize("design", ["plain", "raked"])
@pytest.mark.parametrize(("question", "line"), [("x", "Mean"), ("y", "One")])
def test_a_column_against_the_rest_agrees_with_r(segmented, design, question, line):
    want = TABLES["rest"][design]
    for segment, (gap, _, p) in zip(want["segments"], want[question], strict=True):
        found = [
            marks(segmented(design, level), question, "segment", line, compare="rest", adjust="none")[segment]
            for level in around(p)
        ]
        sign = "+" if gap > 0 else "-"
        assert found == [sign, f"({sign})" if p < 0.1 else ""], segment


def test_the_signs_of_a_line_are_adjusted_over_its_columns(segmented):
    # p = 0.019, 0.0017 and 0.13: times 2, 3 and 1 after Holm
    found = marks(segmented("plain"), "x", "segment", "Mean", compare="rest")
    assert found == {"north": "+", "south": "-", "west": "", "east": "", "center": ""}
    found = marks(segmented("plain", 0.97), "x", "segment", "Mean", compare="rest")
    assert (found["north"], found["south"]) == ("(+)", "-")
    found = marks(segmented("plain", 0.97), "x", "segment", "Mean", compare="rest", adjust="none")
    assert (found["north"], found["south"]) == ("+", "-")


@pytest.fixture
def channels(tmp_path):
    """The reference's people, who used e-mail, telephone, or both: a study of them at a level of confidence."""
    more = {"happy": "yes_no", "listed": ("email", "phone", "chat")}
    return lambda level: run.load(write_channels(tmp_path, level, **more))


def test_an_option_is_compared_with_those_who_answered_without_it(channels, reference):
    p = reference("columns_overlap.json")["apart"]["p"]
    found = [
        marks(channels(level), "content", "used", "content", compare="rest", adjust="none")["email"]
        for level in around(p)
    ]
    assert found == ["+", "(+)"]


def test_two_channels_are_each_the_rest_of_the_other(channels, reference):
    r = reference("columns_overlap.json")["channels"]
    p = 2 * stdtr(669, -abs(r["diff"] / r["se"]))
    found = [marks(channels(level), "happy", "channel", "Happy", compare="rest", adjust="none") for level in around(p)]
    assert found == [{"email": "+", "phone": "-"}, {"email": "(+)", "phone": "(-)"}]


def test_the_rest_of_several_channels_is_all_their_evaluations_together(near):
    draw = np.random.default_rng(5)
    u = (draw.random((200, 3)) < 0.6) * draw.integers(1, 3, (200, 1))
    v, d, group = u * draw.random((200, 3)), draw.uniform(0.5, 2, 200), draw.integers(0, 4, 200)
    others = 1 - np.eye(3)
    beside = _beside(sums(group, 4, d, u, v, cross=True), others)
    whole = sums(group, 4, d, np.hstack([u, u @ others]), np.hstack([v, v @ others]), cross=True)
    design = Design.of(stratum=[0, 0, 1, 1])
    for found, want in zip(*(covariance(s, design, np.ones(4, dtype=bool)) for s in (beside, whole)), strict=True):
        near(found, want)


class Rows:
    """The people of the reference, and the agencies' test of whoever used e-mail and telephone, from their rows."""

    def __init__(self, reference):
        rows = reference("columns_overlap.csv")
        self.weight, self.mark = dict(zip(rows["id"], rows["w"], strict=True)), defaultdict(dict)
        for person, channel, mark in zip(rows["id"], rows["ch"], rows["s"], strict=True):
            self.mark[person][channel] = mark

    def t(self, answer, *, overlap=True):
        """The statistic and its degrees of freedom; `answer` of a person for a channel."""
        email, phone = ({i for i, said in self.mark.items() if c in said} for c in ("email", "phone"))
        (p, W, e), (q, U, f) = (self._column(who, answer, c) for who, c in ((email, "email"), (phone, "phone")))
        both = sorted(email & phone)
        w = np.array([self.weight[i] for i in both])
        V = np.cov([[answer(i, c) for i in both] for c in ("email", "phone")], aweights=w)
        shared = 2 * V[0, 1] / np.sqrt(V[0, 0] * V[1, 1]) * w.sum() ** 2 / (w @ w) / (e * f) if overlap else 0.0
        m = (W * p + U * q) / (W + U)
        return (q - p) / np.sqrt(m * (1 - m) * (1 / e + 1 / f - shared) * (e + f) / (e + f - 1)), e + f - 1

    def _column(self, who, answer, channel):
        """Share, weighted base and effective base."""
        w, x = np.array([(self.weight[i], answer(i, channel)) for i in sorted(who)]).T
        return (w @ x) / w.sum(), w.sum(), w.sum() ** 2 / (w @ w)


def test_the_agencies_letters_of_channels_are_those_of_the_reference(channels, reference):
    rows = Rows(reference)
    t, df = rows.t(lambda person, channel: rows.mark[person][channel])
    assert [t, df] == pytest.approx([-2.37396423883, 808.077449752426])
    found = [
        marks(channels(level), "happy", "channel", "Happy", compare="agency")
        for level in around(2 * stdtr(df, t))
    ]  # fmt: skip
    assert found == [{"email": "B", "phone": ""}, {"email": "b", "phone": ""}]
    alone, _ = rows.t(lambda person, channel: rows.mark[person][channel], overlap=False)
    assert alone == pytest.approx(-2.213642506239)


def test_the_agencies_letters_of_an_option_know_who_chose_both(channels, reference):
    rows = Rows(reference)
    t, df = rows.t(lambda person, _: rows.mark[person].get("email", rows.mark[person].get("phone")))
    found = [
        marks(channels(level), "content", "used", "content", compare="agency")
        for level in around(2 * stdtr(df, t))
    ]  # fmt: skip
    assert [one["email"] for one in found] == ["B", ""]


def test_a_table_says_how_its_columns_were_compared(channels):
    made = {c: run.table(channels(0.95), "overall", ["used"], compare=c) for c in ("columns", "rest", "agency")}
    assert [(t.compare, t.adjust) for t in made.values()] == [
        ("columns", "holm"), ("rest", "holm"), ("agency", "none"),
    ]  # fmt: skip
    assert [[h.letter for h in t.columns[1:]] for t in made.values()] == [
        ["A", "B", "C"],
        ["", "", ""],
        ["A", "B", "C"],
    ]
    tests = [t.lines[0].cells[1].lineage.test for t in made.values()]
    assert tests == ["t, Holm", "t, Holm", "t on effective bases"]
    values = [[[c.value for c in line.cells] for line in t.lines] for t in made.values()]
    assert values[0] == values[1] == values[2]


def test_agencies_test_no_means(segmented):
    lettered = marks(segmented("plain"), "x", "segment", "Mean", compare="columns", adjust="none")
    assert any(lettered.values())
    assert not any(marks(segmented("plain"), "x", "segment", "Mean", compare="agency").values())


CASES = """
study: cases
title: Cases
languages: [en]
channels: [phone, email, chat]
waves: [{id: w, files: {log: log.csv}}]
"""


@pytest.fixture
def cases(tmp_path):
    """Cases of three channels: 40 of 50, 20 of 50 and 30 of 50 were resolved."""
    rows = [
        f"{channel}{i},{channel},2024-01-01,{'yes' if i < resolved else 'no'}"
        for channel, resolved in (("phone", 40), ("email", 20), ("chat", 30)) for i in range(50)
    ]  # fmt: skip
    log = "\n".join(["case,channel,at,resolved", *rows]) + "\n"
    return run.load(study_folder(tmp_path, {"study.yaml": CASES, "log.csv": log}))


def test_cases_are_compared_with_the_rest_too(cases):
    # 80 % against 50 % of 100: t = 4.0; 40 % against 70 %: t = -3.6; 60 % against 60 %
    made = run.table(cases, "resolved", ["channel"], source="log", compare="rest")
    signs = {h.code: made.lines[0].cells[k].letters for k, h in enumerate(made.columns)}
    assert signs == {"": "", "phone": "+", "email": "-", "chat": ""}


def test_the_agencies_test_is_for_surveys(cases):
    with pytest.raises(VigieError, match="compares columns of a survey"):
        run.table(cases, "resolved", ["channel"], source="log", compare="agency")
