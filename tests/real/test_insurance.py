"""Real reviews of insurers: figures against the file read in plain Python, and the trap of a changing mix of brands."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from typing import Any

import pytest

from real import insurance
from vigie import run

pytestmark = pytest.mark.skipif(insurance.MISSING, reason="the reviews are not beside the project")


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict[str, dict[str, Any]]:
    published = run.run(insurance.write(tmp_path_factory.mktemp("insurers")))
    assert all((p.excluded_rows, p.excluded_cells, p.notes) == (0, 0, ()) for p in published)
    return {p.wave: json.loads((p.folder / "results.json").read_text(encoding="utf-8")) for p in published}


def of(year: str, *, starred: bool = True) -> list[insurance.Row]:
    return [
        r for r in insurance.rows() if r[insurance.PUBLISHED].startswith(year) and (r[insurance.STARS] or not starred)
    ]


def stars(rows: list[insurance.Row]) -> list[float]:
    return [float(r[insurance.STARS]) for r in rows]


def figure(results: dict[str, Any], indicator: str, **segment: str) -> dict[str, Any]:
    (found,) = [e for e in results["estimates"] if e["indicator"] == indicator and e["segment"] == segment]
    return found


@pytest.mark.parametrize("year", insurance.YEARS)
def test_stars_and_shares_are_those_of_the_file(ran, year):
    given = stars(of(year))
    n, mean = len(given), sum(given) / len(given)
    found = figure(ran[year], "stars")
    assert (found["n"], found["value"]) == (n, pytest.approx(mean, rel=1e-12))
    spread = math.sqrt(sum((x - mean) ** 2 for x in given) / (n - 1) / n)  # every author wrote once
    assert found["se"] == pytest.approx(spread, rel=1e-9)
    assert figure(ran[year], "happy")["value"] == pytest.approx(sum(x >= 4 for x in given) / n, rel=1e-12)
    for star, count in Counter(given).items():
        assert figure(ran[year], "given", stars=str(int(star)))["value"] == pytest.approx(count / n, rel=1e-12)


@pytest.mark.parametrize("year", insurance.YEARS)
def test_insurers_are_ranked_by_their_mean_stars_where_they_have_enough(ran, year):
    codes = {name: code for code, name in insurance.insurers().items()}
    by_brand: dict[str, list[float]] = defaultdict(list)
    for row in of(year):
        by_brand[codes[row[insurance.BRAND].strip()]].append(float(row[insurance.STARS]))
    (league,) = [item for item in ran[year]["leagues"] if item["family"] == "sector:insurance"]
    ranked = {e["brand"]: e for e in league["entries"]}
    assert (league["source"], league["of"]) == ("reviews", "brand")
    assert all(entry["score"] == pytest.approx(sum(by_brand[b]) / len(by_brand[b])) for b, entry in ranked.items())
    assert {b for b, given in by_brand.items() if len(given) >= 10 and len(set(given)) > 1} == set(ranked)
    assert all(1 <= e["rank"]["low"] <= e["rank"]["high"] <= len(ranked) for e in ranked.values())


def test_two_insurers_bring_most_reviews_of_the_last_year(ran):
    """The mean rises by 1.3 stars; the mean over insurers by 0.25: two of them suddenly write three reviews in five."""
    rows = of("2021")
    largest = Counter(r[insurance.BRAND].strip() for r in rows).most_common(2)
    (mix,) = ran["2021"]["compositions"]
    assert [n for _, n in mix["largest"][:2]] == [n for _, n in largest]
    assert mix["two_largest"] == pytest.approx(sum(n for _, n in largest) / len(rows))
    assert 0.59 < mix["two_largest"] < 0.61
    assert mix["overall"] == pytest.approx(sum(stars(rows)) / len(rows))
    assert mix["overall"] - mix["within"] > 1.2
    (before,) = ran["2020"]["compositions"]
    assert before["two_largest"] < 0.25
    assert mix["overall"] - before["overall"] > 4 * (mix["within"] - before["within"])


@pytest.mark.parametrize("year", insurance.YEARS)
def test_what_texts_are_read_to_say_agrees_with_the_stars(ran, year):
    """On the reviews of the wave; the error on texts that nobody had read is measured apart."""
    (coder,) = ran[year]["coders"]
    rows = [r for r in of(year) if float(r[insurance.STARS]) != 3 and r[insurance.TEXT].strip()]
    assert coder["n"] == len(rows)
    assert 0.8 < coder["ci_low"] < coder["balanced_accuracy"] < coder["ci_high"] < 1
    read = {name: figure(ran[year], name) for name in ("negative_of_unhappy", "negative_of_happy", "negative")}
    assert read["negative_of_unhappy"]["value"] > 0.85
    assert read["negative_of_happy"]["value"] < 0.25
    assert all(e["lineage"]["coder"] == coder["coder"] for e in read.values())


def test_reviews_of_other_years_are_left_out_and_counted(ran):
    for year in insurance.YEARS:
        (left,) = [e for e in ran[year]["exclusions"] if e["reason"] == "outside_wave"]
        assert left["rows"] == len(insurance.rows()) - len(of(year, starred=False))
