"""Real contact logs run whole: figures against the files read in plain Python, waits against a curve written apart."""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from real import contact_centre as centre
from vigie import run

pytestmark = pytest.mark.skipif(centre.MISSING, reason="the logs are not beside the project")

HOUR = 3600.0
DESKS = {"helpdesk": (centre.HELPDESK, centre.HELPDESK_KINDS), "incidents": (centre.INCIDENTS, centre.INCIDENT_KINDS)}


def results(folder: Path) -> dict[str, Any]:
    (published,) = run.run(folder)
    return json.loads((published.folder / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    return centre.write(tmp_path_factory.mktemp("calls"), centre.calls(), centre.CALLS)


@pytest.fixture(scope="module")
def calls(study) -> dict[str, Any]:
    return results(study)


@pytest.fixture(scope="module", params=DESKS)
def desk(request, tmp_path_factory) -> tuple[dict[str, Any], Path, dict[str, str]]:
    data, kinds = DESKS[request.param]
    folder = centre.write(tmp_path_factory.mktemp("desk"), centre.desk(request.param, data, kinds), data)
    return results(folder), data, kinds


def figure(ran: dict[str, Any], indicator: str, **segment: str) -> dict[str, Any]:
    (found,) = [e for e in ran["estimates"] if e["indicator"] == indicator and e["segment"] == segment]
    return found


def of_topic(name: str = "") -> list[list[Any]]:
    _, rows = centre.table()
    return [row for row in rows if not name or row[centre.TOPIC] == name]


def segments() -> dict[str, dict[str, str]]:
    """The whole and every topic: its words, and the segment of its figures."""
    return {"": {}} | {name: {"topic": code} for code, name in centre.topics().items()}


def said(rows: list[list[Any]], column: int, cell: str = "Y") -> int:
    return sum(row[column] == cell for row in rows)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_calls_are_answered_abandoned_and_resolved_as_the_file_tells(calls):
    assert calls["exclusions"] == []
    whole = {name: figure(calls, name) for name in ("answered", "abandoned", "resolved", "resolved_if_answered")}
    counts = {name: (round(e["value"] * e["n"]), e["n"]) for name, e in whole.items()}
    assert counts == {
        "answered": (4054, 5000), "abandoned": (946, 5000), "resolved": (3646, 5000),
        "resolved_if_answered": (3646, 4054),
    }  # fmt: skip
    for name, segment in segments().items():
        rows = of_topic(name)
        answered, resolved = said(rows, centre.ANSWERED), said(rows, centre.RESOLVED)
        for indicator, value in (
            ("answered", answered / len(rows)), ("abandoned", 1 - answered / len(rows)),
            ("resolved", resolved / len(rows)), ("resolved_if_answered", resolved / answered),
        ):  # fmt: skip
            assert figure(calls, indicator, **segment)["value"] == pytest.approx(value, rel=1e-12)


def test_satisfaction_waits_and_talks_have_the_means_of_the_file(calls):
    for name, segment in segments().items():
        rows = [row for row in of_topic(name) if row[centre.ANSWERED] == "Y"]
        marks, waits = ([float(row[k]) for row in rows if row[k] != ""] for k in (centre.MARK, centre.SPEED))
        found = figure(calls, "satisfaction", **segment)
        assert (found["n"], found["value"]) == (len(marks), pytest.approx(mean(marks), rel=1e-12))
        assert figure(calls, "seconds_waited", **segment)["value"] == pytest.approx(mean(waits), rel=1e-9)
    talks = [row[centre.TALK] for row in of_topic() if row[centre.ANSWERED] == "Y"]
    seconds = [t.hour * 3600 + t.minute * 60 + t.second for t in talks]
    assert figure(calls, "seconds_handled")["value"] == pytest.approx(mean(seconds), rel=1e-9)
    given = Counter(row[centre.MARK] for row in of_topic() if row[centre.MARK] != "")
    for mark, count in given.items():
        share = figure(calls, "marks", mark=f"{mark:.0f}")
        assert share["value"] == pytest.approx(count / given.total(), rel=1e-12)


def test_months_are_waves_of_the_calls_opened_in_them(tmp_path):
    released = run.run(centre.write(tmp_path, centre.calls(monthly=True), centre.CALLS))
    before: dict[str, Any] | None = None
    for published in released:
        ran = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
        rows = [row for row in of_topic() if row[centre.DAY].startswith(published.wave)]
        share = figure(ran, "answered")
        n, answered = len(rows), said(rows, centre.ANSWERED)
        assert (share["n"], share["value"]) == (n, pytest.approx(answered / n, rel=1e-12))
        (left,) = ran["exclusions"]
        assert (left["reason"], left["rows"]) == ("outside_wave", 5000 - n)
        if before is not None:
            change = share["change"]
            assert change["difference"] == pytest.approx(answered / n - before["value"], abs=1e-12)
            assert change["se"] == pytest.approx(math.hypot(share["se"], before["se"]), rel=1e-9)
            assert change["verdict"] == "none"  # of the months, none differs from the one before by two errors
            assert abs(change["difference"]) < 2 * change["se"]
        before = share
    assert [p.wave for p in released] == list(centre.months()) == ["2021-01", "2021-02", "2021-03"]


Curve = list[tuple[float, float]]  # hours, share still waiting from then on


def curve(waits: list[tuple[float, bool]]) -> Curve:
    """Kaplan and Meier's estimate: at each time, the share still waiting; ends of observation leave after answers."""
    ending: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for time, answered in waits:
        ending[time][0 if answered else 1] += 1
    left, waiting, steps = len(waits), 1.0, []
    for time in sorted(ending):
        answered, gone = ending[time]
        waiting *= 1 - answered / left
        left -= answered + gone
        steps.append((time, waiting))
    return steps


def answered_by(steps: Curve, time: float) -> float:
    return 1 - next((share for at, share in reversed(steps) if at <= time), 1.0)


def middle(steps: Curve) -> float:
    """When fewer than half still wait; the middle of the time during which it is exactly half."""
    below = next(at for at, share in steps if share < 0.5 - 1e-9)
    half = next((at for at, share in steps if abs(share - 0.5) < 1e-9), below)
    return (half + below) / 2


def area(steps: Curve, until: float) -> float:
    """The mean wait up to a time: what lies below the curve."""
    total, before, share = 0.0, 0.0, 1.0
    for at, after in [(at, s) for at, s in steps if at < until] + [(until, 0.0)]:
        total, before, share = total + share * (at - before), at, after
    return total


def check(ran: dict[str, Any], name: str, steps: Curve, within: dict[str, float], **segment: str) -> None:
    for label, time in within.items():
        found = figure(ran, name, within=label, **segment)
        assert found["value"] == pytest.approx(answered_by(steps, time), rel=1e-9)
    longest = max(within.values())
    for statistic, value in (
        ("median", middle(steps)), ("answered", answered_by(steps, longest)), ("restricted_mean", area(steps, longest)),
    ):  # fmt: skip
        assert figure(ran, name, statistic=statistic, **segment)["value"] == pytest.approx(value, rel=1e-9)


def test_waits_of_all_calls_follow_the_curve_and_not_those_of_the_answered_alone(calls):
    """Of calls given up the file tells no wait: they are never answered, and count at every time."""
    rows, never = of_topic(), 1e6
    within = {label: float(label.removesuffix(" s")) / HOUR for label in centre.WITHIN}
    for name, segment in segments().items():
        waits = [
            (row[centre.SPEED] / HOUR, True) if row[centre.ANSWERED] == "Y" else (never, False)
            for row in of_topic(name)
        ]
        check(calls, "waiting", curve(waits), within, **segment)
    answered = [row[centre.SPEED] for row in rows if row[centre.ANSWERED] == "Y"]
    alone = sum(s <= 120 for s in answered) / len(answered)
    assert figure(calls, "waiting", within="120 s")["value"] < alone - 0.17


def texts(path: Path) -> list[str]:
    """All that a file of a release says: cells of Parquet, parts of a workbook, pages without their embedded fonts."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return [str(path.name), str(table.schema), *(str(v) for c in table.columns for v in c.unique().to_pylist())]
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    return [re.sub(r"base64,[A-Za-z0-9+/=]+", "", path.read_text(encoding="utf-8"))]


def test_no_agent_is_named_in_any_file_that_is_written(study, calls):
    assert calls["estimates"]
    names = centre.agents()
    assert len(names) == 8
    named = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r"|Agent)\b")
    files = [p for p in (study / "out").rglob("*") if p.is_file()]
    assert {p.suffix for p in files} >= {".parquet", ".xlsx", ".html", ".json"}
    assert sum(len(text) for p in files for text in texts(p)) > 100_000
    assert {p.name: found[0] for p in files for text in texts(p) if (found := named.findall(text))} == {}
    assert any(named.search(text) for text in texts(study / "log.xlsx"))  # it can be found where it is


def test_what_the_numbers_of_events_are_assumed_to_be_stands_on_where_they_stand():
    """Of the help desk: 96 cases in 100 begin with 1, all end with 6. Incidents end with 5 or, later still, with 9."""
    first, last = centre.ends(centre.HELPDESK)
    assert (first.total(), first.most_common(1)[0][0], set(last)) == (3804, "1", {"6"})
    assert first["1"] / first.total() > 0.95
    first, last = centre.ends(centre.INCIDENTS)
    assert first.total() == 7554
    assert [number for number, _ in last.most_common(2)] == ["5", "9"]
    assert (last["5"] + last["9"]) / last.total() > 0.93


def histories(data: Path, kinds: dict[str, str]) -> dict[str, list[tuple[str, datetime]]]:
    """The events of each case by kind, from its opening on where it has one."""
    found = {}
    for case, listed in centre.events(data).items():
        told = [(kinds.get(e.number, "message"), e.at) for e in listed]
        opened = min((at for kind, at in told if kind == "opened"), default=told[0][1])
        found[case] = [(kind, at) for kind, at in told if at >= opened]
    return found


def test_contacts_per_case_are_counted_from_the_opening_on(desk):
    ran, data, kinds = desk
    cases = histories(data, kinds)
    contacts = [sum(kind in ("opened", "message") for kind, _ in told) for told in cases.values()]
    found = figure(ran, "contacts")
    assert (found["n"], found["value"]) == (len(cases), pytest.approx(mean(contacts), rel=1e-12))
    once = figure(ran, "one_contact")["value"]
    assert once == pytest.approx(sum(n <= 1 for n in contacts) / len(contacts), rel=1e-12)
    early = sum(map(len, centre.events(data).values())) - sum(map(len, cases.values()))
    assert [e["rows"] for e in ran["exclusions"]] == ([early] if early else [])


def test_the_time_to_the_resolution_follows_the_curve(desk):
    """A case is resolved by its last such event; one that never was waits until the last moment of all."""
    ran, data, kinds = desk
    cases = histories(data, kinds)
    resolved = {c: [at for kind, at in told if kind == "resolved"] for c, told in cases.items()}
    share = figure(ran, "resolved")
    assert share["value"] == pytest.approx(sum(map(bool, resolved.values())) / len(cases), rel=1e-12)
    ends = [at for told in cases.values() for kind, at in told if kind in ("resolved", "closed")]
    last = max([*ends, *(told[0][1] for told in cases.values())])
    waits = [
        ((max(resolved[c], default=last) - told[0][1]).total_seconds() / HOUR, bool(resolved[c]))
        for c, told in cases.items()
    ]
    within = {label: float(label.removesuffix(" d")) * 24 for label in centre.DAYS}
    check(ran, "resolution", curve(waits), within)
    if not all(answered for _, answered in waits):  # to leave the others out makes it look faster
        alone = [time for time, answered in waits if answered]
        assert figure(ran, "resolution", within="30 d")["value"] < sum(t <= 720 for t in alone) / len(alone) - 0.1
