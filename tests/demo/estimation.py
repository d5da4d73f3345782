"""Estimates of every indicator from drawn answers, written apart from the truth that they are compared with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

import numpy as np

from vigie.demo.survey import EMPTY, Columns
from vigie.demo.truth import CHANNELS

BEFORE = {"satisfied": ("satisfaction", 7, 10), "very_satisfied": ("satisfaction", 9, 10),
          "dissatisfied": ("satisfaction", 1, 4), "easy": ("effort", 5, 10), "high_effort": ("effort", 1, 4),
          "expect_fast": ("speed_expected", 8, 10)}  # fmt: skip
SINGLE = {
    "bot_alone": ("chatbot_outcome", {"bot"}), "bot_then_human": ("chatbot_outcome", {"human"}),
    "bot_failed": ("chatbot_outcome", {"unresolved", "abandoned"}), "dread_phone": ("phone_dread", {"yes"}),
    "want_choice": ("choice", {"strongly", "rather"}), "human_advisers_only": ("human_only", {"yes"}),
    "want_personal": ("personal", {"strongly", "rather"}), "reviews_matter": ("reviews", {"yes"}),
    "mediation": ("mediator", {"yes"}), "mediation_helped": ("mediation_useful", {"yes"}),
    "best_retail": ("best_sector", {"retail"}), "bot_resolved": ("chatbot_outcome", {"bot", "human"}),
    "sms_within_minute": ("sms_reply", {"minute"}),
}  # fmt: skip


GRIDS = {"more_often": ("habits", {"more"}), "agree": ("opinions", {"strongly", "rather"}),
         "very_irritated": ("irritation", {"very"})}  # fmt: skip


def estimates(
    drawn: Columns, weight: np.ndarray, brands: dict[str, str]
) -> Iterator[tuple[tuple[str, str], float, float, int]]:
    """Key, estimate, standard error and base of each indicator; `brands` has the names by id."""
    for key, value, base, factor in (*_observations(drawn), *_favourites(drawn, brands)):
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
    yield from _sectors_and_bots(drawn, ones)
    for indicator, (grid, codes) in GRIDS.items():
        for name in (n for n in drawn if n.startswith(f"{grid}_")):
            yield (
                (indicator, name.removeprefix(f"{grid}_")),
                np.isin(drawn[name], list(codes)),
                drawn[name] != "dk",
                ones,
            )
    ranked = np.column_stack([drawn[f"criteria_{place}"] for place in (1, 2, 3)])
    options = np.unique(ranked)
    for option in options:
        named = ranked == option
        place = np.where(named.any(axis=1), named.argmax(axis=1) + 1, len(options) + 1)
        yield ("criterion_first", option), place == 1, everyone, ones
        yield ("criterion_kept", option), place <= 3, everyone, ones
        yield ("criterion_place", option), place, everyone, ones
    for indicator, question in (("reason", "reasons"), ("data_access", "privacy"), ("irritant", "irritants")):
        for name in (n for n in drawn if n.startswith(f"{question}.")):
            yield (indicator, name.split(".")[1]), drawn[name] == 1, drawn[name] != EMPTY, ones


def _sectors_and_bots(drawn: Columns, ones: np.ndarray):
    for sector in {"ecommerce", "telecom", "energy"} & set(drawn["last_sector"]):
        asked = (drawn["last_sector"] == sector) & (drawn["mediator"] != "")
        yield (f"mediation_{sector}", ""), drawn["mediator"] == "yes", asked, ones
    outcome = drawn["chatbot_outcome"]
    for state in ("bot", "human", "unresolved", "abandoned"):
        yield ("chatbot_funnel", state), outcome == state, outcome != "", ones
    yield ("bot_direct", ""), outcome == "bot", np.isin(outcome, ["bot", "human"]), ones


def _favourites(drawn: Columns, brands: dict[str, str]):
    """The brand named, found again in what was written, whatever its accents, capitals and slips."""
    by_name = {folded(name): brand for brand, name in brands.items()}
    written, place = np.unique(drawn["favourite"], return_inverse=True)
    meant = np.array([by_name.get(_nearest(folded(text), by_name), "unlisted") for text in written])[place]
    ones, named = np.ones(len(meant)), drawn["favourite"] != ""
    yield ("favourite_named", ""), named, np.ones(len(meant), dtype=bool), ones
    for brand in (*brands, "unlisted"):
        yield ("favourite", brand), meant == brand, named, ones


def folded(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKD", text) if c.isalpha() and not unicodedata.combining(c)
    ).lower()


def _nearest(text: str, names) -> str:
    whole = next((name for name in names if text.startswith(name)), "")
    return whole or next(iter(get_close_matches(text, names, n=1, cutoff=0.93)), "")


def _looped(drawn: Columns, eligible: np.ndarray):
    asked = np.column_stack([drawn[f"resolution.{c}"] != "" for c in CHANNELS]).sum(axis=1)
    factor = eligible / np.maximum(asked, 1)
    for channel in CHANNELS:
        for indicator, (question, low, high) in BEFORE.items():
            mark = drawn[f"{question}.{channel}"]
            yield (indicator, channel), (mark >= low) & (mark <= high), (mark >= 1) & (mark <= 10), factor
        before, after = drawn[f"speed_expected.{channel}"], drawn[f"speed_received.{channel}"]
        both = (before >= 1) & (after >= 1)
        yield ("immediacy_gap", channel), after - before, both, factor
        for part, there in (("above", after > before), ("at", after == before), ("below", after < before)):
            yield ("immediacy_gap", f"{channel}/{part}"), there, both, factor
        mark = drawn[f"satisfaction.{channel}"]
        yield ("satisfaction_mark", channel), mark, (mark >= 1) & (mark <= 10), factor
        outcome = drawn[f"resolution.{channel}"]
        yield ("resolved", channel), outcome == "yes", outcome != "", factor
        yield ("unresolved", channel), outcome == "no", outcome != "", factor
