"""What one brand's reader sees of a wave: nothing of rivals beyond what is published, however figures are combined."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from small import tiny
from vigie import run
from vigie.report.reduced import OTHERS, WHOLE, names_shown, others, reduced
from vigie.results.decoding import from_json
from vigie.results.encoding import to_json
from vigie.results.figures import RankSet
from vigie.results.rankings import CellScore, Disclosure, League, LeagueEntry

CHANNELS = {"phone": 0.5, "email": 0.3, "chat": 0.2}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tiny(tmp_path_factory.mktemp("reduced") / "tiny")
    return from_json((run.run(folder, formats=["html"])[-1].folder / "results.json").read_bytes())


def league(scores: dict[str, dict[str, float]], names="all", brands=3, **of):
    """A wave's leagues and cells, of brands with a score on some channels."""
    entries = []
    for place, (brand, on) in enumerate(scores.items(), 1):
        total = sum(CHANNELS[c] for c in on)
        score = sum(CHANNELS[c] * v for c, v in on.items()) / total
        ranks = RankSet(place, place, len(scores), "sector:s")
        absent = tuple(c for c in CHANNELS if c not in on)
        entries.append(LeagueEntry(brand, 30, score, 0.3, score - 1, score + 1, "ok", ranks, place == 1, None, absent))
    made = League(
        "sector:s", "simultaneous", 0.95, 1000, 1, 20.0, None, tuple(entries), (), "first", (entries[0].brand,)
    )
    cells = tuple(CellScore(b, c, 10, v, 0.5) for b, on in scores.items() for c, v in on.items())
    weights = tuple((c, w, 0.0) for c, w in CHANNELS.items())
    return {
        "leagues": (made,),
        "cells": cells,
        "channel_weights": weights,
        "disclose": Disclosure(brands, names),
        **of,
    }


def test_only_figures_of_the_reader_s_brand_and_of_no_brand_are_left(whole):
    brands = {e.at("brand") for e in whole.estimates} - {None}
    own, *rivals = sorted(brands)
    seen = reduced(replace(whole, disclose=Disclosure(names="none")), [own])
    assert {e.at("brand") for e in seen.estimates} <= {None, own}
    assert not [e for e in seen.estimates if e.source != "survey" and e.at("brand") is None]
    assert not [e for e in seen.estimates if e.at("sector")]
    text = to_json(replace(seen, exclusions=()))
    for rival in rivals:
        assert f'"{rival}"' not in text
        assert whole.labels[f"brand:{rival}"]["fr"] not in text


@pytest.mark.parametrize(
    ("names", "shown"), [("all", {"a", "b", "c", "d"}), ("winners", {"a"}), (2, {"a", "b"}), ("none", set())]
)
def test_the_study_says_whose_place_is_public(whole, names, shown):
    scores = {b: {"phone": 10.0 - k} for k, b in enumerate("abcd")}
    results = replace(whole, **league(scores, names))
    assert names_shown(results) == shown
    (found,) = reduced(results, ["d"]).leagues
    assert {e.brand for e in found.entries} == shown | {"d"}


def test_a_mean_of_others_leaves_the_reader_out_and_needs_three(whole):
    scores = {b: {"phone": 10.0 + k} for k, b in enumerate("abcd")}
    results = replace(whole, **league(scores, "none"))
    (mean, phone) = others(results, "a")
    assert (mean.brand, mean.channel, mean.n) == (OTHERS, WHOLE, 90)
    assert mean.score == pytest.approx((11 + 12 + 13) / 3)
    assert phone.score == pytest.approx(mean.score)
    few = replace(whole, **league({b: scores[b] for b in "abc"}, "none"))
    assert others(few, "a") == []


def test_a_mean_of_others_counts_the_weights_that_all_share(whole):
    """√(w′ Cov w) over three others, Cov being their own variances and what an error of the weights moves in all."""
    scores = {b: {"phone": 14.0 + k, "email": 8.0 - k} for k, b in enumerate("abcd")}
    told = league(scores, "none")
    (made,) = told["leagues"]
    W = np.array([[0.01, -0.002], [-0.002, 0.02]])
    slopes = np.array([[on["phone"] - on["email"], on["email"] - on["phone"]] for on in scores.values()]) / 4
    cov = np.diag([0.09] * 4) + slopes @ W @ slopes.T
    entries = tuple(
        replace(e, se=float(np.sqrt(cov[k, k])), slopes=tuple(slopes[k].tolist())) for k, e in enumerate(made.entries)
    )
    made = replace(made, entries=entries, weights_cov=tuple(map(tuple, W.tolist())))
    results = replace(whole, **told | {"leagues": (made,)})
    w = np.array([0, 1, 1, 1]) / 3
    by_channel = {c.channel: c.se for c in others(results, "a")}
    assert by_channel[WHOLE] == pytest.approx(float(np.sqrt(w @ cov @ w)))
    assert by_channel["phone"] == pytest.approx(0.5 / 3**0.5)  # tests of one channel share nothing
    seen = reduced(results, ["a"])
    assert {e.slopes for e in seen.leagues[0].entries} == {()}  # these would tell scores by channel
    assert seen.leagues[0].weights_cov == ()
    assert [c.se for c in seen.cells if (c.brand, c.channel) == (OTHERS, WHOLE)] == [by_channel[WHOLE]]


def test_a_league_that_an_older_release_wrote_has_no_slopes(whole):
    told = json.loads(to_json(replace(whole, **league({b: {"phone": 10.0} for b in "abcd"}, "none"))))
    for one in told["leagues"]:
        del one["weights_cov"]
        for e in one["entries"]:
            del e["slopes"]
    (mean, *_) = others(from_json(json.dumps(told)), "a")
    assert mean.se == pytest.approx(0.3 / 3**0.5)


def test_nobody_can_subtract_a_winner_whose_score_is_public(whole):
    scores = {b: {"phone": 10.0 - k, "email": 8.0} for k, b in enumerate("abc")} | {"d": {"phone": 3.0, "email": 4.0}}
    results = replace(whole, **league(scores, 2, brands=2))  # a and b are public: the mean of a, b and c would tell c
    assert [c.channel for c in others(results, "d")] == ["phone"]
    assert WHOLE in [c.channel for c in others(replace(results, **league(scores, "none")), "d")]


def test_a_score_on_a_channel_that_is_too_small_to_show_is_a_secret_all_the_same(whole):
    scores = {b: {"phone": 10.0 - k, "email": 8.0} for k, b in enumerate("abc")} | {"d": {"phone": 3.0, "email": 4.0}}
    results = replace(whole, **league(scores, 2, brands=2))
    shown = tuple(c for c in results.cells if c.channel == "phone")
    # a and b are public and c's is on phone and e-mail: with the mean over all channels c's score would follow
    assert [c.channel for c in others(replace(results, cells=shown), "d")] == ["phone"]


@given(
    st.lists(st.sets(st.sampled_from(list(CHANNELS)), min_size=1), min_size=2, max_size=6),
    st.sampled_from(["all", "winners", "none", 1, 2]), st.integers(2, 4),
)  # fmt: skip
def test_no_rival_s_score_follows_from_what_a_reader_is_told(whole, has, names, least):
    scores = {f"b{k}": dict.fromkeys(sorted(on), 10.0 + k) for k, on in enumerate(has)}
    results = replace(whole, **league(scores, names, least))
    told, public = others(results, "b0"), names_shown(results)
    atoms = [(b, c) for b, on in scores.items() if b != "b0" for c in on]
    if not atoms:
        assert told == []
        return

    def row(brand: str, channel: str = WHOLE):
        on = scores[brand] if channel == WHOLE else [channel]
        total = sum(CHANNELS[c] for c in on)
        return np.array([CHANNELS[c] / total if b == brand and c in on else 0.0 for b, c in atoms])

    rows = [row(b) for b in public if b != "b0"]
    before = np.linalg.matrix_rank(np.array(rows)) if rows else 0
    open_ = {k for k in atoms if rows and np.linalg.matrix_rank(np.array([*rows, row(*k)])) == before}
    for cell in told:
        on = [b for b in scores if b != "b0" and (cell.channel == WHOLE or cell.channel in scores[b])]
        assert len(on) >= least
        rows.append(np.mean([row(b, cell.channel) for b in on], axis=0))
    rank = np.linalg.matrix_rank(np.array(rows)) if rows else 0
    secrets = [row(*k) for k in atoms if k not in open_] + [row(b) for b in scores if b != "b0" and b not in public]
    for secret in secrets:
        if rows and not (rows and any(np.allclose(secret, row(*k)) for k in open_)):
            assert np.linalg.matrix_rank(np.array([*rows, secret]), tol=1e-8) > rank
