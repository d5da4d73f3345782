"""Estimates of every indicator from drawn answers, written apart from the truth that they are compared with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vigie.demo.survey import EMPTY, Columns
from vigie.demo.truth import CHANNELS

BEFORE = {"satisfied": ("satisfaction", 7, 10), "very_satisfied": ("satisfaction", 9, 10),
          "dissatisfied": ("satisfaction", 1, 4), "easy": ("effort", 5, 10)}  # fmt: skip
SINGLE = {
    "bot_alone": ("chatbot_outcome", {"bot"}), "bot_then_human": ("chatbot_outcome", {"human"}),
    "bot_failed": ("chatbot_outcome", {"unresolved", "abandoned"}), "dread_phone": ("phone_dread", {"yes"}),
    "want_choice": ("choice", {"strongly", "rather"}), "human_advisers_only": ("human_only", {"yes"}),
    "want_personal": ("personal", {"strongly", "rather"}), "reviews_matter": ("reviews", {"yes"}),
    "mediation": ("mediator", {"yes"}), "mediation_helped": ("mediation_useful", {"yes"}),
    "best_retail": ("best_sector", {"retail"}),
}  # fmt: skip


def estimates(drawn: Columns, weight: np.ndarray) -> Iterator[tuple[tuple[str, str], float, float, int]]:
    """Key, estimate, standard error and base of each indicator."""
    for key, value, base, factor in _observations(drawn):
        w, x = (weight * factor)[base], value[base].astype(float)
        if not len(x):
            continue
        mean = float(w @ x / w.sum())
        yield key, mean, float(np.sqrt((w**2) @ (x - mean) ** 2) / w.sum()), len(x)


def _observations(drawn: Columns) -> Iterator[tuple[tuple[str, str], np.ndarray, np.ndarray, np.ndarray]]:
    used = np.column_stack([drawn[f"used.{c}"] == 1 for c in CHANNELS])
    count = used.sum(axis=1)
    ones, everyone, contacted = np.ones(len(count)), np.ones(len(count), dtype=bool), count > 0
    spoke = (drawn["used.phone"] == 1) | (drawn["used.face_to_face"] == 1)
    young = np.isin(drawn["age"], ["a1", "a2"])
    told = contacted & (drawn["contacts"] != EMPTY)
    marked = contacted & (drawn["recommend"] >= 0) & (drawn["recommend"] <= 10)
    nps = (drawn["recommend"] >= 9).astype(int) - (drawn["recommend"] <= 6)
    yield from (
        (("contacted", ""), contacted, everyone, ones),
        (("channels_number", ""), count, contacted, ones),
        (("multichannel", ""), count >= 3, contacted, ones),
        (("voice_or_visit", ""), spoke, contacted, ones),
        (("messaging_young", ""), drawn["used.messaging"] == 1, young, ones),
        (("contacts_number", ""), drawn["contacts"], told, ones),
        (("frequent", ""), drawn["contacts"] >= 5, told, ones),
        (("told", ""), drawn["story"] != "", contacted, ones),
        (("recommendation", ""), nps, marked, ones),
    )
    for option in (*CHANNELS, "none"):
        yield ("usage", option), drawn[f"used.{option}"] == 1, everyone, ones
        yield ("usage_contacters", option), drawn[f"used.{option}"] == 1, contacted, ones
    yield from _looped(drawn, count)
    for indicator, (question, codes) in SINGLE.items():
        given = ~np.isin(drawn[question], ["", "rf", *([] if question == "reviews" else ["dk"])])
        yield (indicator, ""), np.isin(drawn[question], list(codes)), given, ones
    for indicator, question in (("reason", "reasons"), ("data_access", "privacy"), ("irritant", "irritants")):
        for name in (n for n in drawn if n.startswith(f"{question}.")):
            yield (indicator, name.split(".")[1]), drawn[name] == 1, drawn[name] != EMPTY, ones


def _looped(drawn: Columns, eligible: np.ndarray):
    asked = np.column_stack([drawn[f"resolution.{c}"] != "" for c in CHANNELS]).sum(axis=1)
    factor = eligible / np.maximum(asked, 1)
    for channel in CHANNELS:
        for indicator, (question, low, high) in BEFORE.items():
            mark = drawn[f"{question}.{channel}"]
            yield (indicator, channel), (mark >= low) & (mark <= high), (mark >= 1) & (mark <= 10), factor
        mark = drawn[f"satisfaction.{channel}"]
        yield ("satisfaction_mark", channel), mark, (mark >= 1) & (mark <= 10), factor
        outcome = drawn[f"resolution.{channel}"]
        yield ("resolved", channel), outcome == "yes", outcome != "", factor
        yield ("unresolved", channel), outcome == "no", outcome != "", factor
