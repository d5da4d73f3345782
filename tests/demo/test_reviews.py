from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta

import numpy as np
import pytest

from vigie.demo.planting import plant
from vigie.demo.reviews import draw_reviews, review_values
from vigie.demo.truth import FIELD, SIZES, WAVES


def rows_of(folder, wave):
    text = (folder / "data" / wave / "reviews.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if wave == "2022" else ","))


@pytest.fixture(scope="module")
def large():
    return plant(SIZES["full"])


def near(share: float, expected: float, n: int) -> bool:
    return abs(share - expected) < 5 * np.sqrt(max(expected * (1 - expected), 1e-4) / n)


@pytest.mark.parametrize("wave", WAVES)
def test_reviews_agree_with_the_truth(large, wave):
    drawn, expected = draw_reviews(large, wave, np.random.default_rng(2)), review_values(large, wave)
    stars, n = drawn["stars"], len(drawn["stars"])
    assert abs(stars.mean() - expected["review_stars", ""]) < 5 * stars.std() / np.sqrt(n)
    for count in range(1, 6):
        assert near((stars == count).mean(), expected["review_share", str(count)], n)
    assert near((stars >= 4).mean(), expected["review_good", ""], n)
    assert near((stars <= 2).mean(), expected["review_bad", ""], n)
    assert near((drawn["polarity"] == 0).mean(), expected["review_negative", ""], n)
    assert near((~np.isnat(drawn["replied"])).mean(), expected["review_replied", ""], n)
    assert near(drawn["solicited"].mean(), expected["review_solicited", ""], n)
    hours = np.nan_to_num((drawn["replied"] - drawn["published"]) / np.timedelta64(1, "h"), nan=np.inf)
    for name, most in (("24 h", 24), ("48 h", 48), ("7 d", 168)) if wave != "2022" else ():
        assert near((hours <= most).mean(), expected["reply_time", f"within={name}"], n)
    for place, brand in enumerate(large.reviews[wave].brands[:20]):
        named = np.array([brand.name in text for text in drawn["text"][drawn["brand"] == place] if text])
        if len(named) >= 50:
            assert near(
                named.mean() * len(named) / (drawn["text"] != "").sum(), expected["review_mentions", brand.id], n
            )
    sector = np.array([b.sector for b in large.reviews[wave].brands])[drawn["brand"]]
    for name in set(sector):
        own = stars[sector == name]
        assert abs(own.mean() - expected["review_stars", name]) < 5 * own.std() / np.sqrt(len(own))


@pytest.mark.parametrize("wave", WAVES)
def test_intensity_is_an_index_of_the_first_wave(large, wave):
    first, drawn = (draw_reviews(large, w, np.random.default_rng(2)) for w in ("2022", wave))
    means = [2 + d["strong"][d["polarity"] == 0].mean() for d in (first, drawn)]
    assert 100 * means[1] / means[0] == pytest.approx(review_values(large, wave)["review_intensity", ""], abs=3)


def test_stars_have_the_shape_of_a_j(large):
    share = [review_values(large, "2023")["review_share", str(k)] for k in range(1, 6)]
    assert share[0] > share[1] > share[2] < share[3] < share[4]


def test_volumes_run_from_three_to_several_hundred(large):
    volumes = large.reviews["2022"].volume
    assert volumes.min() == 3
    assert volumes.max() > 300
    assert [int(large.reviews[w].volume.sum()) for w in WAVES] == [5000, 6500, 8500]


@pytest.mark.parametrize("size", SIZES)
def test_two_brands_lift_the_mean_of_the_last_wave_though_the_others_stand_still(size):
    truth = plant(SIZES[size])
    before, after = truth.reviews["2023"], truth.reviews["2024"]
    mean = lambda planted, own: float(np.average(planted.pleased[own], weights=planted.volume[own]))  # noqa: E731
    sudden = np.array([b.id in after.trap for b in after.brands])
    assert sudden.sum() == 2
    assert 0.2 < after.volume[sudden].sum() / after.volume.sum() < 0.3
    rise = review_values(truth, "2024")["review_stars", ""] - review_values(truth, "2023")["review_stars", ""]
    assert rise > 0.2
    assert not before.trap
    known = {b.id: p for b, p in zip(before.brands, before.pleased, strict=True)}
    for brand, pleased in zip(after.brands, after.pleased, strict=True):
        assert brand.id in after.trap or pleased == known.get(brand.id, pleased)
    still = mean(after, ~sudden)
    assert abs(still - mean(before, np.ones(len(before.brands), dtype=bool))) < 0.08


@pytest.mark.parametrize("wave", WAVES)
def test_files_say_what_was_drawn(folder, wave):
    rows = rows_of(folder, wave)
    record = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["waves"][wave]["reviews"]
    stars, text, state = ("Note", "Texte", "État") if wave == "2022" else ("stars", "text", "moderation")
    published = [r for r in rows if r[state] in ("publié", "published")]
    assert (len(rows), len(published)) == (record["rows"], record["published"])
    assert sum(bool(r[stars]) for r in published) == record["with_stars"] < len(published)
    assert sum(bool(r[text]) for r in published) == record["with_text"] < len(published)
    assert any(r[text] and not r[stars] for r in published)
    assert any(r[stars] and not r[text] for r in published)
    brands = [r["Marque" if wave == "2022" else "brand"] for r in rows]
    assert any("|" in b for b in brands)
    assert any(b.isupper() for b in brands)
    assert any("_" in b for b in brands)


def test_relative_dates_lead_back_into_the_field(folder):
    first, last = FIELD["2022"]
    days, known = [], {"hier": 1, "aujourd’hui": 0, "il y a une semaine": 7}
    for row in rows_of(folder, "2022"):
        said = row["Publié"]
        found = re.fullmatch(r"il y a (\d+) (jours|semaines)", said)
        ago = int(found[1]) * (7 if found[2] == "semaines" else 1) if found else known[said]
        day, month, year = (int(part) for part in row["Relevé le"].split("/"))
        if (day, month) != (31, 2):  # the one that is wrong on purpose
            days.append(date(year, month, day) - timedelta(days=ago))
    assert first <= min(days) <= max(days) <= last
    assert len(set(days)) > 50


def test_replies_come_after_the_review(large):
    drawn = draw_reviews(large, "2024", np.random.default_rng(2))
    there = ~np.isnat(drawn["replied"])
    assert np.all(drawn["replied"][there] > drawn["published"][there])
    assert np.all(drawn["lived"] <= drawn["published"].astype("datetime64[D]"))
    day = drawn["published"].astype("datetime64[D]")
    assert FIELD["2024"][0] <= day.min().astype(object) <= day.max().astype(object) <= FIELD["2024"][1]
