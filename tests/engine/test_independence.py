"""Whether the answers to a question go with a banner variable: the test of a whole table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from line import study_folder
from reference_people import NEAR, REFERENCE, STUDY, TABLES, TOTALS, margins_csv, write_people
from vigie import run
from vigie.engine.independence import independences
from vigie.report.terminal import table_text
from vigie.stats.crosstabs import crosstabs
from vigie.stats.design import Design
from vigie.stats.independence import rao_scott
from vigie.stats.sums import sums

WANT = json.loads((REFERENCE / "tables.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "rows", "raked"), TABLES)
def test_a_table_as_a_whole_agrees_with_r(tmp_path, name, rows, raked):
    write_people(tmp_path)
    (tmp_path / "margins.csv").write_text(margins_csv(TOTALS), encoding="utf-8")
    weighting = "weighting: {everyone: {margins: margins.csv}}\n" if raked else ""
    (tmp_path / "study.yaml").write_text(STUDY + weighting, encoding="utf-8")
    (test,) = run.table(run.load(tmp_path), rows, ["segment"]).independence
    assert test.variable == "segment"
    assert [test.F, test.ndf, test.ddf, test.p] == pytest.approx(WANT["independence"][name], **NEAR)


ASKED = """
study: asked
title: Asked
languages: [en]
channels: [phone, email]
questions:
  - {id: sex, kind: single, label: {en: Sex, fr: Sexe}, options: {f: Women, m: Men}}
  - {id: town, kind: single, label: {en: Town, fr: Ville}, options: {big: Big, small: Small}}
  - {id: likes, kind: single, label: Likes, options: {y: Yes, n: No},
     dont_know: {code: "?", label: Don't know, in_base: true}}
  - {id: mark, kind: scale, label: Mark, scale: {from: 1, to: 3, low: l, high: h}}
  - {id: used, kind: multiple, label: Used, options: channels}
  - {id: happy, kind: single, label: Happy, per: {channel: used}, options: {y: Yes, n: No}}
waves: [{id: w, files: {survey: survey.csv}}]
"""


@pytest.fixture
def asked(tmp_path):
    """200 people: women like it more often, in towns of both sizes alike; 20 do not know."""
    lines = ["respondent,sex,town,likes,mark,used.phone,used.email,happy.phone,happy.email"]
    for i in range(200):
        sex, town = "fm"[i % 2], ("big", "small")[i // 2 % 2]
        likes = "?" if i % 10 == 9 else "y" if i % 100 < (70 if sex == "f" else 30) else "n"
        lines.append(f"{i},{sex},{town},{likes},{i % 3 + 1},1,1,{'yn'[i % 2]},y")
    return run.load(study_folder(tmp_path, {"study.yaml": ASKED, "survey.csv": "\n".join(lines) + "\n"}))


def test_each_banner_variable_of_one_answer_has_its_test(asked):
    made = run.table(asked, "likes", ["town", "used", "sex"])
    assert [test.variable for test in made.independence] == ["town", "sex"]
    town, sex = made.independence
    assert town.p > 0.1
    assert sex.p < 0.001


def test_who_does_not_know_is_no_category_of_it(asked):
    (everyone,) = run.table(asked, "likes", ["sex"]).independence
    (answered,) = run.table(asked, "likes", ["sex"], where="answered(likes)").independence
    assert [everyone.F, everyone.p] == pytest.approx([answered.F, answered.p])


def test_marks_are_categories(asked):
    (test,) = run.table(asked, "mark", ["sex"]).independence
    assert test.ndf == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(("rows", "columns"), [("used", ["sex"]), ("happy", ["sex"]), ("likes", ["used"])])
def test_answers_that_do_not_exclude_each_other_are_not_tested_so(asked, rows, columns):
    assert run.table(asked, rows, columns).independence == ()


def test_a_table_of_too_few_people_is_not_tested(asked):
    assert run.table(asked, "mark", ["sex"], where="likes == n").independence
    assert run.table(asked, "mark", ["sex"], where="dont_know(likes)").independence == ()  # 20 people in six cells


def test_a_cell_whose_negative_weights_outweigh_the_others_is_no_table_to_test():
    # of the first column, 100 people have weights of their own, which the linear method may set below zero
    said = np.repeat(np.eye(2)[[0, 1, 1, 0, 1]], [600, 500, 100, 700, 400], axis=0)
    made = sums(np.repeat([0, 1, 2], [1100, 100, 1100]), 3, np.ones(2300), np.ones_like(said), said)
    members = np.array([[True, True, False], [False, False, True]])
    for factor, tests in ((1.0, 1), (-5.5, 0)):
        design = Design.of(stratum=[0, 0, 0], cell=[0, 1, 2], g=[1.0, factor, 1.0])
        assert len(list(independences("x", made, design, members, {"y": range(2)}))) == tests


def test_the_footer_tells_it_in_words(asked):
    made = run.table(asked, "likes", ["sex", "town"])
    p = made.independence[1].p
    assert "“Sex”: answers differ beyond chance, p < 0.001 (Rao-Scott)." in table_text(made, "en")
    assert f"“Town”: no difference beyond chance, p = {p:.3f} (Rao-Scott)." in table_text(made, "en")
    french = "".join(" " if c.isspace() else c for c in table_text(made, "fr"))
    assert "« Sexe » : les réponses diffèrent au-delà du hasard, p < 0,001 (Rao-Scott)." in french


def test_tables_that_are_thinner_than_those_tested_would_say_too_much():
    draw = np.random.default_rng(11)

    def wrong(n, rows, columns, tables=300):
        """The shares of tables of nothing but chance that are significant at 5 %, of those told and of all."""
        told, all_ = [], []
        row, column = draw.dirichlet(np.full(rows, 2.0)), draw.dirichlet(np.full(columns, 4.0))
        for _ in range(tables):
            said = np.eye(rows)[draw.choice(rows, n, p=row)]
            made = sums(draw.choice(columns, n, p=column), columns, draw.gamma(2, 1, n) + 0.2, np.ones_like(said), said)
            design, members = Design.trivial(columns), np.eye(columns, dtype=bool)
            (table,) = crosstabs(made, design, members, [range(rows)])
            all_.append(rao_scott(table.shares, table.cov, n, n - 1).p < 0.05)
            told += [t.p < 0.05 for _, t in independences("x", made, design, members, {"y": range(rows)})]
        return told, np.mean(all_)

    thin, among_thin = wrong(300, 10, 6)
    assert not thin
    assert among_thin > 0.1
    enough, among_enough = wrong(1500, 5, 4)
    assert len(enough) == 300
    assert among_enough < 0.085
