"""A real survey with a weight per respondent, against the textbook's formulas written out in plain Python."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from real import leisure
from vigie import run

pytestmark = pytest.mark.skipif(leisure.MISSING, reason="the survey's file is not beside the project")

Value = Callable[[leisure.Row], float | None]  # a person's value; None where he or she is not in the base


@dataclass(frozen=True)
class Direct:
    """A weighted mean of some people, with its linearised standard error over everyone interviewed."""

    value: float
    se: float
    n: int
    n_effective: float


def direct(rows: list[leisure.Row], value: Value) -> Direct:
    """θ = Σwy / Σw over the base; V = n/(n - 1) Σ(t - t̄)², t = w(y - θ)/Σw in the base and 0 outside, over all n."""
    given = [(float(r[leisure.WEIGHT]), value(r)) for r in rows]
    inside = [(w, y) for w, y in given if y is not None]
    total = math.fsum(w for w, _ in inside)
    theta = math.fsum(w * y for w, y in inside) / total
    t = [w * (y - theta) / total if y is not None else 0.0 for w, y in given]
    centre = math.fsum(t) / len(t)
    variance = len(t) / (len(t) - 1) * math.fsum((x - centre) ** 2 for x in t)
    return Direct(theta, math.sqrt(variance), len(inside), total**2 / math.fsum(w * w for w, _ in inside))


def is_(column: str, text: str) -> Value:
    return lambda row: float(row[column] == text) if row[column] else None


def number(column: str) -> Value:
    return lambda row: float(row[column]) if row[column] else None


def among(value: Value, column: str, text: str) -> Value:
    return lambda row: value(row) if row[column] == text else None


@dataclass(frozen=True)
class Ran:
    rows: list[leisure.Row]
    estimates: list[dict[str, Any]]
    page: str

    def at(self, indicator: str, **segment: str) -> dict[str, Any]:
        (found,) = [e for e in self.estimates if e["indicator"] == indicator and e["segment"] == segment]
        return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Ran:
    folder = tmp_path_factory.mktemp("leisure")
    leisure.write_study(folder)
    (published,) = run.run(folder)
    assert (published.excluded_rows, published.excluded_cells, published.notes) == (0, 0, ())
    results = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
    page = (published.folder / "report.fr.html").read_text(encoding="utf-8")
    return Ran(leisure.rows(), results["estimates"], page)


def agrees(found: dict[str, Any], wanted: Direct) -> None:
    assert found["n"] == wanted.n
    assert [found["value"], found["se"], found["n_effective"]] == pytest.approx(
        [wanted.value, wanted.se, wanted.n_effective], rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("name", [name for name in leisure.SINGLES if name != leisure.BANNER])
def test_shares_of_a_single_question_carry_the_weights(ran, name):
    column = leisure.SINGLES[name]
    for code, text in leisure.labels(ran.rows, column).items():
        agrees(ran.at(f"share_{name}", **{name: code}), direct(ran.rows, is_(column, text)))


def test_shares_of_a_multiple_question_carry_the_weights(ran):
    for code, column in enumerate(leisure.LEISURE, start=1):
        yes = max(r[column] for r in ran.rows)  # of the two words that the column holds, the one that means yes
        agrees(ran.at("share_leisure", leisure=f"o{code}"), direct(ran.rows, is_(column, yes)))


@pytest.mark.parametrize("name", leisure.NUMBERS)
def test_means_carry_the_weights(ran, name):
    agrees(ran.at(f"mean_{name}"), direct(ran.rows, number(leisure.NUMBERS[name])))


def test_a_group_of_the_banner_is_a_domain_of_the_whole_sample(ran):
    groups = leisure.labels(ran.rows, "occup")
    assert len(groups) == 7
    for code, text in groups.items():
        wanted = direct(ran.rows, among(number("age"), "occup", text))
        agrees(ran.at("mean_age", occupation=code), wanted)


def test_a_count_of_options_has_its_own_base(ran):
    def chosen(row):
        return sum(row[c] == max(r[c] for r in ran.rows[:60]) for c in leisure.LEISURE) or None

    agrees(ran.at("mean_leisure"), direct(ran.rows, chosen))


def test_weights_change_the_figures(ran):
    text = leisure.labels(ran.rows, "sexe")["o1"]
    plain = sum(r["sexe"] == text for r in ran.rows) / len(ran.rows)
    found = ran.at("share_sex", sex="o1")
    assert found["value"] != pytest.approx(plain, abs=0.001)
    assert 1.2 < found["design_effect"] < 3


def test_a_report_on_weighted_figures_does_not_call_them_unweighted(ran):
    assert ran.at("mean_age")["lineage"]["weighting"] != ""
    assert "non redressée" not in ran.page
