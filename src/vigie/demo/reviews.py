"""Online reviews: what authors think of each brand, what they write, and the files in which it comes.

Stars are in the shape of a J: an author is pleased or not, and the stars follow. In the last wave two brands ask their
pleased customers for reviews: many come, and the mean of all reviews rises though no other brand has changed.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.population import Floats, Ints
from vigie.demo.telling import NAMING, NEGATIVE, POLARITIES, Mask, Texts, tell, titles
from vigie.demo.truth import FIELD, PlantedBrand, ReviewTruth, Truth
from vigie.demo.values import MILD

PLATFORMS = ("avis-phare", "la-criee", "vigie-clients")
PLATFORM_SHARE = np.array((0.52, 0.30, 0.18))
MODERATION = ("published", "refused", "pending")
MODERATED = np.array((0.955, 0.03, 0.015))
STARS_PLEASED = np.array((0.02, 0.03, 0.06, 0.23, 0.66))
STARS_NOT = np.array((0.65, 0.17, 0.08, 0.06, 0.04))
POLARITY_BY_STARS = np.array(  # negative, neutral, positive
    ((0.93, 0.04, 0.03), (0.85, 0.10, 0.05), (0.45, 0.25, 0.30), (0.10, 0.12, 0.78), (0.03, 0.05, 0.92))
)
WITHOUT_STARS, WITHOUT_TEXT, ENGLISH, TWO_BRANDS, VERIFIED = 0.05, 0.12, 0.10, 0.01, 0.62
REPLY_MEDIAN_HOURS, REPLY_SPREAD = 30.0, 1.2
FEWEST = 3  # reviews of a brand
_TRAP_SHARE = 0.12  # of the wave's reviews, for each of the two brands
_TRAP_PLEASED = 0.95
_TRAP_PLACES = (0.2, 0.3)  # among the brands from the most to the least reviewed


def review_truth(
    wave: str, total: int, brands: tuple[PlantedBrand, ...], lasting: tuple[str, ...], seed: int
) -> ReviewTruth:
    """What is true of a wave's reviews; `lasting` brands stand in all waves, in the order of their volume."""
    rng = np.random.default_rng((seed, 5))
    pleased_of = dict(zip(lasting, rng.uniform(0.35, 0.72, len(lasting)), strict=True))
    place = {brand: k for k, brand in enumerate(lasting)}
    order = np.array([place.get(b.id, len(lasting)) for b in brands])
    worth = 1.0 / (1.0 + order)
    pleased = np.array([pleased_of.get(b.id, 0.5) for b in brands])
    trap = tuple(lasting[int(share * len(lasting))] for share in _TRAP_PLACES) if wave == "2024" else ()
    sudden = np.array([b.id in trap for b in brands])
    volume = np.zeros(len(brands), dtype=np.int64)
    volume[sudden] = round(_TRAP_SHARE * total)
    left = total - int(volume.sum())
    shared = np.where(sudden, 0.0, worth)
    volume += np.where(sudden, 0, np.maximum(FEWEST, (left * shared / shared.sum()).astype(np.int64)))
    volume[int(np.argmin(order))] += total - int(volume.sum())
    return ReviewTruth(
        wave, brands, volume, np.where(sudden, _TRAP_PLEASED, pleased), solicited=np.array((0.30, 0.15, 0.55)),
        strong=np.array((0.70, 0.40, 0.15, 0.10, 0.10)) - (0.15 if wave == "2024" else 0.0) * np.array((1, 1, 0, 0, 0)),
        replied=np.array((0.46, 0.30, 0.58)), trap=trap,
    )  # fmt: skip


def stars_of(pleased: Floats) -> Floats:
    """The chance of each number of stars, brand by brand."""
    return np.asarray(pleased[:, None] * STARS_PLEASED + (1 - pleased)[:, None] * STARS_NOT)


def draw_reviews(truth: Truth, wave: str, rng: np.random.Generator) -> dict[str, npt.NDArray[Any]]:
    """The reviews of a wave, one entry each; stars and texts are there even where files leave them out."""
    planted = truth.reviews[wave]
    brand: Ints = rng.permutation(np.repeat(np.arange(len(planted.brands)), planted.volume))
    n = len(brand)
    pleased = rng.random(n) < planted.pleased[brand]
    stars = np.where(pleased, _pick(STARS_PLEASED, n, rng), _pick(STARS_NOT, n, rng))
    polarity = (np.cumsum(POLARITY_BY_STARS, axis=1)[stars, :-1] <= rng.random((n, 1))).sum(axis=1)
    strong = (polarity == NEGATIVE) & (rng.random(n) < planted.strong[stars])
    spot = rng.random(n)
    platform = _pick(PLATFORM_SHARE, n, rng)
    second = np.where(rng.random(n) < TWO_BRANDS, rng.integers(len(planted.brands), size=n), brand)
    english = rng.random(n) < ENGLISH
    names = np.array([b.name for b in planted.brands], dtype=object)
    text, title = _words(polarity, strong, english, names[brand], rng)
    published, replied = _moments(wave, planted, platform, rng)
    silent = (spot >= WITHOUT_STARS) & (spot < WITHOUT_STARS + WITHOUT_TEXT)
    return {
        "brand": brand, "second": second, "stars": stars + 1, "no_stars": spot < WITHOUT_STARS,
        "text": np.where(silent, "", text), "title": np.where(silent, "", title), "polarity": polarity,
        "strong": strong, "english": english, "platform": platform, "moderation": _pick(MODERATED, n, rng),
        "solicited": rng.random(n) < planted.solicited[platform], "verified": rng.random(n) < VERIFIED,
        "author": rng.integers(1, round(n * 6), size=n), "published": published, "replied": replied,
        "lived": published.astype("datetime64[D]") - rng.integers(0, 40, size=n).astype("timedelta64[D]"),
        "dated": rng.random(n) < 0.9,
    }  # fmt: skip


def _pick(chance: Floats, n: int, rng: np.random.Generator) -> Ints:
    return np.asarray(np.searchsorted(np.cumsum(chance)[:-1], rng.random(n), side="right"))


def _words(polarity: Ints, strong: Mask, english: Mask, brand: Texts, rng: np.random.Generator) -> tuple[Texts, Texts]:
    text, title = np.full(len(polarity), "", dtype=object), np.full(len(polarity), "", dtype=object)
    for language, own in (("fr", ~english), ("en", english)):
        text[own] = tell(polarity[own], strong[own], language, rng, brand=brand[own]).text
        title[own] = titles(polarity[own], language, rng)
    return text, title


def _moments(wave: str, planted: ReviewTruth, platform: Ints, rng: np.random.Generator) -> tuple[Any, Any]:
    """When reviews were published, within the field, and when brands replied; "not a time" where they did not."""
    n = len(platform)
    first, last = (np.datetime64(day, "D") for day in FIELD[wave])
    day = first + rng.integers(0, (last - first).astype(int) + 1, size=n).astype("timedelta64[D]")
    published = day.astype("datetime64[s]") + rng.integers(6 * 3600, 23 * 3600, size=n).astype("timedelta64[s]")
    hours = np.exp(rng.normal(np.log(REPLY_MEDIAN_HOURS), REPLY_SPREAD, size=n))
    after = published + (1 + hours * 3600).astype("timedelta64[s]")
    replied = rng.random(n) < planted.replied[platform]
    return published, np.where(replied, after, np.datetime64("NaT", "s"))


def review_values(truth: Truth, wave: str) -> dict[tuple[str, str], float]:
    """The true value of every indicator on reviews, given how many each brand has."""
    planted = truth.reviews[wave]
    weight = planted.volume / planted.volume.sum()
    stars = stars_of(planted.pleased)
    whole = weight @ stars
    found = {
        ("review_stars", ""): float(whole @ np.arange(1, 6)),
        ("review_good", ""): float(whole[3:].sum()), ("review_bad", ""): float(whole[:2].sum()),
        ("review_replied", ""): float(PLATFORM_SHARE @ planted.replied),
        ("review_solicited", ""): float(PLATFORM_SHARE @ planted.solicited), ("review_verified", ""): VERIFIED,
        ("review_negative", ""): float(whole @ POLARITY_BY_STARS[:, NEGATIVE]),
        ("review_intensity", ""): 100 * _intensity(truth, wave) / _intensity(truth, min(truth.reviews)),
    }  # fmt: skip
    found |= {("review_share", str(k + 1)): float(share) for k, share in enumerate(whole)}
    found |= {("review_replied", p): float(r) for p, r in zip(PLATFORMS, planted.replied, strict=True)}
    found |= {("review_solicited", p): float(r) for p, r in zip(PLATFORMS, planted.solicited, strict=True)}
    found |= {("review_mentions", b.id): NAMING * float(w) for b, w in zip(planted.brands, weight, strict=True)}
    if wave != min(truth.reviews):  # the first collector knew the day of publication only
        for name, hours in (("24 h", 24.0), ("48 h", 48.0), ("7 d", 168.0)):
            by = NormalDist().cdf(float(np.log(hours / REPLY_MEDIAN_HOURS)) / REPLY_SPREAD)
            found |= {
                ("reply_time", f"{p}/within={name}"): float(r) * by
                for p, r in zip(PLATFORMS, planted.replied, strict=True)
            }
            found["reply_time", f"within={name}"] = float(PLATFORM_SHARE @ planted.replied) * by
    for sector in dict.fromkeys(b.sector for b in planted.brands):
        own = np.array([b.sector == sector for b in planted.brands])
        part = (weight * own) @ stars / weight[own].sum()
        found["review_stars", sector] = float(part @ np.arange(1, 6))
        found["review_good", sector] = float(part[3:].sum())
        found["review_negative", sector] = float(part @ POLARITY_BY_STARS[:, NEGATIVE])
    return found


def _intensity(truth: Truth, wave: str) -> float:
    """The mean strength of the negative texts, from 1 to 3."""
    planted = truth.reviews[wave]
    negative = (planted.volume @ stars_of(planted.pleased)) * POLARITY_BY_STARS[:, NEGATIVE]
    return MILD + float(negative @ planted.strong / negative.sum())


def review_record(truth: Truth, wave: str) -> dict[str, Any]:
    """What was planted in the reviews of a wave, brand by brand, and the two that mislead the mean."""
    planted = truth.reviews[wave]
    means = stars_of(planted.pleased) @ np.arange(1, 6)
    listed = zip(planted.brands, planted.volume.tolist(), means.tolist(), strict=True)
    others = np.array([b.id not in planted.trap for b in planted.brands])
    return {
        "brands": {b.id: {"sector": b.sector, "reviews": n, "stars": m} for b, n, m in listed},
        "trap": {"brands": list(planted.trap), "share": float(planted.volume[~others].sum() / planted.volume.sum()),
                 "stars_of_the_others": float(planted.volume[others] @ means[others] / planted.volume[others].sum())},
        "without_stars": WITHOUT_STARS, "without_text": WITHOUT_TEXT, "english": ENGLISH, "two_brands": TWO_BRANDS,
        "polarity_by_stars": {str(k + 1): dict(zip(POLARITIES, row, strict=True))
                              for k, row in enumerate(POLARITY_BY_STARS.tolist())},
    }  # fmt: skip
