"""`vigie table` and `vigie rank` as a person meets them: aligned text or JSON, bad input with a remedy."""

from __future__ import annotations

import json

import pytest

from small import command, tiny


@pytest.fixture
def study(tmp_path):
    return tiny(tmp_path / "study")


def test_a_table_is_aligned_text_with_bases_and_a_footer(study, monkeypatch, capsys):
    said = command(monkeypatch, "table", study, "--rows", "used", "--columns", "sex,age", "--language", "en")
    out = capsys.readouterr().out
    assert said.code == 0
    lines = out.splitlines()
    rows = [line for line in lines if line.startswith(("Telephone", "E-mail", "Chat", "n, unweighted"))]
    assert len(rows) >= 3
    ends = {line.rstrip().rfind("%") for line in rows if "%" in line}
    assert len(ends) <= 2, "figures end beneath each other, letters follow them"
    assert any("Letters name the categories" in line for line in lines)
    assert any(line.startswith("Base:") for line in lines)


def test_json_stands_alone_on_standard_output(study, monkeypatch, capsys):
    said = command(monkeypatch, "table", study, "--rows", "used", "--columns", "sex", "--json")
    found = json.loads(capsys.readouterr().out)
    assert said.code == 0
    assert [head["variable"] for head in found["columns"]] == ["", "sex", "sex"]
    assert all(len(line["cells"]) == 3 for line in found["lines"])
    assert found["adjust"] == "holm"


def test_several_tables_are_printed_one_after_the_other_and_a_list_as_json(study, monkeypatch, capsys):
    command(monkeypatch, "table", study, "--rows", "all", "--columns", "sex", "--language", "en")
    assert capsys.readouterr().out.count("Letters name the categories") > 2
    command(monkeypatch, "table", study, "--rows", "used,age", "--columns", "sex", "--json")
    assert [t["rows"] for t in json.loads(capsys.readouterr().out)] == ["used", "age"]


def test_the_unadjusted_table_says_so(study, monkeypatch, capsys):
    command(
        monkeypatch, "table", study, "--rows", "used", "--columns", "sex", "--adjust", "none", "--language", "en",
        "--filter", "any(used)",
    )  # fmt: skip
    out = capsys.readouterr().out
    assert "Not corrected for the number of pairs" in out
    assert "Filter: any(used)." in out


@pytest.mark.parametrize(
    ("compare", "language", "says"),
    [
        ("rest", "en", ["+ and - mark", "over the columns of one line"]),
        ("rest", "fr", ["+ et - signalent", "sur les colonnes d’une ligne"]),
        ("agency", "en", ["Letters name", "Not corrected for the number of pairs", "that of tabulation programs"]),
        ("agency", "fr", ["Les lettres désignent", "celui des logiciels de tris"]),
    ],
)
def test_the_footer_names_the_comparison(study, monkeypatch, capsys, compare, language, says):
    command(
        monkeypatch, "table", study, "--rows", "used", "--columns", "sex", "--compare", compare, "--language", language,
    )  # fmt: skip
    out = capsys.readouterr().out
    assert [text for text in says if text not in out] == []
    command(monkeypatch, "table", study, "--rows", "used", "--columns", "sex", "--compare", compare, "--json")
    assert json.loads(capsys.readouterr().out)["compare"] == compare


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (("--rows", "usde", "--columns", "sex"), "unknown-name", 'Did you mean "used"?'),
        (("--rows", "used", "--columns", "sexe"), "unknown-name", 'Did you mean "sex"?'),
        (("--rows", "used", "--columns", "sex", "--wave", "2042"), "nothing-to-run", "There are: 2024."),
        (("--rows", "used", "--columns", "sex", "--filter", "sexe == f"), "expression", 'Did you mean "sex"?'),
        (("--rows", "used", "--columns", "sex", "--adjust", "hlm"), "usage", 'Did you mean "holm"?'),
        (("--rows", "used", "--columns", "sex", "--compare", "agncy"), "usage", 'Did you mean "agency"?'),
        (("--rows", "used", "--columns", "sex", "--source", "log"), "nothing-to-run", "files"),
    ],
)
def test_bad_input_ends_with_the_nearest_name_and_exit_1(study, monkeypatch, arguments, code, hint):
    said = command(monkeypatch, "table", study, *arguments)
    assert said.code == 1
    assert [p.code for p in said.problems] == [code]
    assert hint in said.problems[0].hint


def test_a_league_is_printed_with_its_rank_intervals(study, monkeypatch, capsys):
    said = command(monkeypatch, "rank", study, "--language", "en")
    out = capsys.readouterr().out
    assert said.code == 0
    assert "Rank" in out
    assert "Intervals and rank sets at 95%." in out


def test_ranks_as_json_are_those_of_the_run(study, monkeypatch, capsys):
    command(monkeypatch, "rank", study, "--json")
    found = json.loads(capsys.readouterr().out)
    command(monkeypatch, "run", study, "--formats", "html")
    published = json.loads((study / "out" / "2024" / "current" / "results.json").read_text(encoding="utf-8"))
    mystery = [one for one in published["leagues"] if (one["of"], one["source"]) == ("brand", "mystery")]
    assert found == mystery


def test_channels_are_ranked_by_their_mystery_scores(study, monkeypatch, capsys):
    command(monkeypatch, "rank", study, "--by", "channel", "--json")
    (league,) = json.loads(capsys.readouterr().out)
    assert (league["of"], league["family"]) == ("channel", "channels")
    named = {e["brand"] for e in (*league["entries"], *league["unranked"])}
    assert named == {"phone", "email"}
    scores = [e["score"] for e in league["entries"]]
    assert scores == sorted(scores, reverse=True)
    assert all(1 <= e["rank"]["low"] <= e["rank"]["high"] <= len(scores) for e in league["entries"])


def test_a_wave_without_tests_or_reviews_has_no_league(study, monkeypatch):
    said = command(monkeypatch, "rank", study, "--source", "reviews")
    assert said.code == 1
    assert said.problems[0].code == "nothing-to-run"


def test_the_first_language_of_the_reports_is_spoken(study, monkeypatch, capsys):
    command(monkeypatch, "table", study, "--rows", "used", "--columns", "sex", "--language", "fr")
    assert "n, non pondéré" in capsys.readouterr().out


def test_tests_have_tables_too(study, monkeypatch, capsys):
    command(monkeypatch, "table", study, "--source", "mystery", "--rows", "outcome", "--columns", "channel", "--json")
    found = json.loads(capsys.readouterr().out)
    lines = (study / "data" / "2024" / "tests.csv").read_text(encoding="utf-8").splitlines()
    head, *cells = [line.split(",") for line in lines if line]
    at = {name: i for i, name in enumerate(head)}
    email = [row[at["outcome"]] for row in cells if row[at["channel"]] == "email"]
    (column,) = (k for k, h in enumerate(found["columns"]) if h["code"] == "email")
    assert found["columns"][column]["n"] == len(email)
    shown = [line["cells"][column] for line in found["lines"]]
    (answered,) = (cell for cell in shown if cell["segment"]["outcome"] == "answered")
    assert answered["value"] == pytest.approx(email.count("answered") / len(email))
