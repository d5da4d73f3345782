from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from vigie.collect.ledger import Ledger
from vigie.collect.log import read_log
from vigie.collect.mystery import read_tests
from vigie.collect.reviews import read_reviews
from vigie.collect.survey import read_survey
from vigie.demo.export import REASON_LABELS, REGION_LABELS
from vigie.demo.folder import write_demo
from vigie.demo.truth import CHANNELS, FIELD, MODES, PUBLISHED, TESTED, WAVES
from vigie.errors import VigieError
from vigie.study.loading import load_study

FILES = {
    "study.yaml", "truth.json", "brands.csv", "instruments/2022.yaml", "instruments/2023.yaml",
    *(f"grids/{name}.yaml" for name in ("phone", "writing", "chat", "social", "website")),
    *(f"margins/{wave}.csv" for wave in WAVES),
    *(f"data/{wave}/{name}.csv" for wave in WAVES for name in ("survey", "tests", "reviews", "log")),
    f"data/{PUBLISHED}/figures.csv",
}  # fmt: skip


REPLIED_WHEN = {"reply_time"}  # the first collector knew the day of publication only


def contents(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.fixture(scope="module")
def study(folder):
    loaded, problems = load_study(folder)
    assert not problems
    return loaded


@pytest.fixture(scope="module")
def planted(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(folder, tmp_path):
    said = []
    again = write_demo(tmp_path / "again", size="small", progress=said.append)
    other = write_demo(tmp_path / "other", size="small", seed=7)
    assert contents(again) == contents(folder)
    assert {n for n, h in contents(other).items() if contents(folder)[n] != h} >= {"truth.json", "data/2024/survey.csv"}
    assert len(said) > len(WAVES)


def test_every_file_is_there_and_nothing_else(folder):
    assert set(contents(folder)) == FILES


def test_unknown_sizes_and_places_are_told(tmp_path):
    with pytest.raises(VigieError, match="small, full"):
        write_demo(tmp_path, size="huge")
    (tmp_path / "taken").write_text("")
    with pytest.raises(VigieError, match="cannot be written"):
        write_demo(tmp_path / "taken", size="small")


def test_the_study_loads_without_a_problem(study):
    assert list(study.waves) == [PUBLISHED, *WAVES]
    assert {s for w in WAVES for s in study.waves[w].by_source} == {"survey", "mystery", "reviews", "log"}
    assert tuple(study.header.channels) == CHANNELS
    assert tuple(study.grids) == TESTED
    assert {w: study.waves[w].mode for w in WAVES} == MODES
    assert {w: study.waves[w].field for w in WAVES} == FIELD


@pytest.mark.parametrize("size", ["small", "full"])
def test_every_indicator_has_its_truth_and_every_truth_its_indicator(tmp_path, size):
    folder = write_demo(tmp_path / size, size=size)
    study, problems = load_study(folder)
    assert not problems
    for wave, sources in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["waves"].items():
        for source, record in sources.items():
            own = {i.id for i in study.indicators.values() if i.source == source}
            assert set(record["values"]) == own - (REPLIED_WHEN if wave == "2022" else set())
            assert own


def test_truths_are_given_for_every_channel_and_every_option(study, planted):
    values = planted["waves"]["2024"]["survey"]["values"]
    for indicator in (i for i in study.indicators.values() if i.source == "survey"):
        listed = next(
            (
                q
                for q in (indicator.share, indicator.mean, indicator.funnel, indicator.mentions)
                if isinstance(q, str) and study.options(study.questions.get(q, study.questions["story"]))
            ),
            None,
        )
        if indicator.by == ["channel"]:
            parts = {s.split("/")[0] for s in values[indicator.id]}
            assert parts == set(CHANNELS)
        elif indicator.by:
            assert set(values[indicator.id]) == set(study.batteries[indicator.by[0]].items)
        elif listed is not None:
            assert set(values[indicator.id]) <= set(study.options(study.questions[listed]))
            assert len(values[indicator.id]) > 1
        else:
            assert set(values[indicator.id]) == {""}


def test_labels_in_the_telephone_file_are_those_of_the_study(study):
    for question, labels in (("reasons", REASON_LABELS), ("region", REGION_LABELS)):
        assert labels == {code: texts["fr"] for code, texts in study.questions[question].options.items()}


def test_brands_of_the_truth_are_those_of_the_list(study, planted):
    for wave, record in planted["waves"].items():
        standing = {b.brand: b.sector for b in study.brands if b.stands(study.waves[wave].field[0])}
        assert {b: r["sector"] for b, r in record["mystery"]["brands"].items()} == standing


def test_files_have_the_rows_that_the_truth_counts(folder, planted):
    for wave in WAVES:
        record = planted["waves"][wave]
        rows = lambda name: len((folder / "data" / wave / name).read_bytes().splitlines()) - 1  # noqa: B023, E731
        assert rows("survey.csv") == record["survey"]["rows"]
        assert rows("tests.csv") == record["mystery"]["rows"]
        assert (
            rows("reviews.csv")
            == record["reviews"]["rows"]
            == sum(b["reviews"] for b in record["reviews"]["brands"].values())
        )
        assert rows("log.csv") == record["log"]["rows"]
        assert record["mystery"]["rows"] == sum(b["tests"] for b in record["mystery"]["brands"].values())


def test_mistakes_stand_where_the_truth_says(folder, planted):
    for wave in WAVES:
        for name, source in (("survey", "survey"), ("tests", "mystery"), ("reviews", "reviews"), ("log", "log")):
            path = folder / "data" / wave / f"{name}.csv"
            text = path.read_text(encoding="cp1252" if (wave, name) == ("2022", "survey") else "utf-8")
            table = list(csv.DictReader(text.splitlines(), delimiter=";" if wave == "2022" or name == "log" else ","))
            mistakes = planted["waves"][wave][source]["mistakes"]
            assert len({m["line"] for m in mistakes}) == len(mistakes) >= 3
            assert all(table[m["line"] - 2][m["column"]] == m["cell"] for m in mistakes)


@pytest.mark.parametrize("wave", WAVES)
def test_intake_finds_the_planted_mistakes_and_no_others(study, planted, wave):
    record = planted["waves"][wave]
    survey, tests = Ledger("survey"), Ledger("mystery")
    people, read = read_survey(study, study.waves[wave], survey)
    assert read == record["survey"]["rows"]
    lost = {m["problem"] for m in record["survey"]["mistakes"]} & {"missing-id", "duplicate-id"}
    assert people["respondents"].num_rows == record["survey"]["kept"] - len(lost)
    contacts, _ = read_tests(study, study.waves[wave], tests)
    assert contacts["tests"].num_rows > 0
    aside = {"keep": record["survey"]["rows"] - record["survey"]["kept"]}
    assert counted(survey) == expected(record["survey"]["mistakes"]) | aside
    aside = {"invalid_outcome": record["mystery"]["sound"]["invalid"]}
    assert counted(tests) == expected(record["mystery"]["mistakes"]) | aside


@pytest.mark.parametrize("wave", WAVES)
def test_intake_of_reviews_and_of_the_log_finds_the_planted_mistakes_and_no_others(study, planted, wave):
    record = planted["waves"][wave]
    reviews, log = Ledger("reviews"), Ledger("log")
    opinions, read = read_reviews(study, study.waves[wave], reviews)
    assert read == record["reviews"]["rows"]
    lost = {"unknown-brand", "bad-date", "duplicate-id", "missing-id"}
    rows = {e.reason: e.rows for e in reviews.exclusions() if e.rows}
    aside = {"moderation": record["reviews"]["rows"] - record["reviews"]["published"]}
    assert rows == dict.fromkeys(lost, 1) | aside
    assert {e.reason for e in reviews.exclusions() if e.cells} == {"bad-number", "bad-date"}
    kept = len(set(opinions["reviews"]["review"].to_pylist()))
    assert kept == record["reviews"]["published"] - len(lost)
    cases, read = read_log(study, study.waves[wave], log)
    assert read == record["log"]["rows"]
    assert cases["cases"].num_rows == record["log"]["cases"]
    assert counted(log) == expected(record["log"]["mistakes"])


def test_what_the_files_hold_of_people_does_not_reach_the_facts(study, folder):
    """Authors, agents, names, numbers and addresses stand in the files, and in no table made of them."""
    raw = (folder / "data" / "2024" / "reviews.csv").read_text(encoding="utf-8")
    assert raw.count("06 39 98") > 3
    assert raw.count("@exemple.fr") > 3
    opinions, _ = read_reviews(study, study.waves["2024"], Ledger("reviews"))
    cases, _ = read_log(study, study.waves["2024"], Ledger("log"))
    text = " ".join(t for t in opinions["verbatims"]["text"].to_pylist() if t)
    assert len(text) > 20_000
    for private in ("06 39 98", "@exemple.fr", "@example.org"):
        assert private not in text
    assert not any(str(a).startswith("u") for a in opinions["reviews"]["author"].to_pylist())
    assert not any("agent" in str(cell) for t in cases.values() for c in t.columns for cell in c.unique().to_pylist())


def counted(ledger: Ledger) -> dict[str, int]:
    return {e.reason: e.rows + e.cells for e in ledger.exclusions()}


def expected(mistakes) -> dict[str, int]:
    problems = [m["problem"] for m in mistakes]
    return {problem: problems.count(problem) for problem in problems}
