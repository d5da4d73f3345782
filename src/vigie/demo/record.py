"""What was planted and what the files hold, source by source: the content of truth.json."""

from __future__ import annotations

from typing import Any

from vigie.demo.desk import desk_values
from vigie.demo.experience import importance
from vigie.demo.mystery import INVALID_RATE
from vigie.demo.notes import mystery_values
from vigie.demo.reviews import review_record, review_values
from vigie.demo.truth import TESTED, THRESHOLD, WAVES, Truth
from vigie.demo.values import (
    Key,
    channel_scores,
    channel_weights,
    domains,
    told_values,
    true_ranks,
    true_scores,
    true_values,
)


def truth_record(truth: Truth, size: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was planted and what the files hold, for comparison with what a run finds."""
    return {
        "seed": truth.seed, "size": size, "threshold": THRESHOLD, "sectors": truth.cases,
        "changes_2023_2024": {"up": [["usage", "messaging"], ["messaging_young", ""]],
                              "down": [["usage", "phone"], ["satisfied", "chatbot"], ["story_intensity", ""],
                                       ["case_abandoned", "phone"]],
                              "break": ["easy", "high_effort"],
                              "misleading": [["review_stars", ""]]},  # two brands bring more and better reviews
        "drivers": {"why_satisfied": importance()},
        "waves": {wave: {source: planted | rows[wave][source] for source, planted in _sources(truth, wave).items()}
                  for wave in WAVES},
    }  # fmt: skip


def _sources(truth: Truth, wave: str) -> dict[str, dict[str, Any]]:
    return {
        "survey": _survey_record(truth, wave),
        "mystery": _mystery_record(truth, wave) | {"values": _by_indicator(mystery_values(truth, wave))},
        "reviews": review_record(truth, wave) | {"values": _by_indicator(review_values(truth, wave))},
        "log": {"values": _by_indicator(desk_values(truth, wave))},
    }


def _survey_record(truth: Truth, wave: str) -> dict[str, Any]:
    parts = {f"{variable}={category}": _nested(truth, wave, (variable, category)) for variable, category in domains()}
    whole = true_values(truth, wave) | told_values(truth, wave)
    return {"values": _by_indicator(whole), "domains": parts}


def _nested(truth: Truth, wave: str, domain: tuple[str, str]) -> dict[str, dict[str, float]]:
    return _by_indicator(true_values(truth, wave, domain))


def _by_indicator(values: dict[Key, float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (indicator, segment), value in values.items():
        found.setdefault(indicator, {})[segment] = value
    return found


def _mystery_record(truth: Truth, wave: str) -> dict[str, Any]:
    planted, scores, ranks = truth.mystery[wave], true_scores(truth, wave), true_ranks(truth, wave)
    by_channel = channel_scores(truth, wave)
    return {
        "channel_weights": dict(zip(TESTED, channel_weights(truth, wave).tolist(), strict=True)),
        "invalid_rate": INVALID_RATE,
        "brands": {
            brand.id: {
                "sector": brand.sector,
                "score": scores[brand.id],
                "rank": list(ranks[brand.id]) if brand.id in ranks else None,
                "tests": int(planted.tests[place].sum()),
                "channels": {
                    c: {"score": float(by_channel[place, j]), "reply": float(planted.reply[place, j])}
                    for j, c in enumerate(TESTED) if planted.tests[place, j]
                },
            }
            for place, brand in enumerate(planted.brands)
        },
    }  # fmt: skip
