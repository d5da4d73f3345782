from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime

import numpy as np
import pytest

from vigie.demo.desk import CHANNELS, CODES, KINDS, TOPICS, desk_values, draw_events
from vigie.demo.truth import WAVES

CASES = 30_000


def told(planted, cases):
    """Each case as a log tells it: its events in order, as kinds, moments and channels; and its topic."""
    case, kind, at, channel, topic = draw_events(planted, cases, np.random.default_rng(21))
    names, channels = list(KINDS), list(CODES)
    found = defaultdict(list)
    for c, k, moment, where in zip(case.tolist(), kind.tolist(), at, channel.tolist(), strict=True):
        found[c].append((names[k], moment, channels[where]))
    return found, dict(zip(case.tolist(), np.array(list(TOPICS))[topic].tolist(), strict=True))


@pytest.mark.parametrize("wave", WAVES)
def test_the_log_agrees_with_the_truth(truth, wave):
    cases, topic = told(truth.desk[wave], CASES)
    expected = desk_values(truth, wave)
    groups = defaultdict(list)
    for case, events in cases.items():
        for code in TOPICS:
            groups["case_topic", code].append(topic[case] == code)
        assert events[0][0] == "opened"
        opened, first = events[0][1], events[0][2]
        kinds = [k for k, _, _ in events]
        response = next((m for k, m, _ in events if k == "first_response"), None)
        hours = np.inf if response is None else (response - opened) / np.timedelta64(1, "h")
        for channel in ("", first):
            groups["case_answered", channel].append(response is not None)
            groups["case_abandoned", channel].append("abandoned" in kinds)
            groups["case_resolved", channel].append("resolved" in kinds)
            if response is not None:
                groups["case_changed", channel].append(len({c for *_, c in events}) > 1)
            if "abandoned" in kinds:
                continue
            for name, most in (("1 h", 1), ("24 h", 24), ("48 h", 48), ("7 d", 168)):
                part = "/".join([*([channel] if channel else []), f"within={name}"])
                groups["first_response_time", part].append(hours <= most)
        if response is not None:
            groups["web_to_store", ""].append({"web_form", "face_to_face"} <= {c for *_, c in events})
        if "resolved" in kinds:
            groups["case_reopened", ""].append("reopened" in kinds)
    assert set(groups) == set(expected)
    for key, seen in groups.items():
        error = np.sqrt(max(expected[key] * (1 - expected[key]), 1e-4) / len(seen))
        assert abs(np.mean(seen) - expected[key]) < 5 * error, key


def test_an_abandoned_contact_has_no_answer_and_a_reopened_case_was_resolved_before(truth):
    for events in told(truth.desk["2024"], 4_000)[0].values():
        kinds = [k for k, _, _ in events]
        if "abandoned" in kinds:
            assert kinds == ["opened", "abandoned"]
        if "reopened" in kinds:
            assert kinds.index("resolved") < kinds.index("reopened")
        moments = [m for _, m, _ in events]
        assert moments == sorted(moments)


def test_some_cases_go_from_the_web_to_the_phone_and_to_the_shop(truth):
    journeys = [tuple(dict.fromkeys(c for *_, c in events)) for events in told(truth.desk["2024"], 4_000)[0].values()]
    assert journeys.count(("web_form", "phone", "face_to_face")) > 20
    assert {j[0] for j in journeys} == set(CHANNELS)


def test_the_file_has_the_codes_of_the_tool(folder):
    text = (folder / "data" / "2023" / "log.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert {r["evenement"] for r in rows} == {*KINDS.values(), "???"}
    assert {r["canal"] for r in rows} == set(CODES.values())
    assert len({r["ticket"] for r in rows if r["ticket"]}) == 600
    wrong = [r for r in rows if r["horodatage"] == "2024-02-31 10:00:00"]
    assert len(wrong) == 1
    moments = [datetime.fromisoformat(r["horodatage"]) for r in rows if r not in wrong]
    assert moments == sorted(moments)
