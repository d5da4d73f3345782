"""What testers note beside the marks: whether the adviser gave a name, how warm it was, sometimes a remark."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.mystery import ANSWERED, EMPTY, MEDIAN_MINUTES, SPREAD, ChannelTests
from vigie.demo.population import Floats, Ints
from vigie.demo.truth import TESTED, MysteryTruth, Truth

NAMED = np.array((0.71, 0.62, 0.55, 0.48, 0.35, 0.0))  # by tested channel; there is nobody on a website
WARMTH = np.array((3.7, 3.3, 3.1, 3.5, 3.0, 1.0))
REMARKED = 0.02
HOURS = {"1 h": 1.0, "24 h": 24.0, "48 h": 48.0, "7 d": 168.0}
# no comma, no semicolon: the file has no quotation marks
_REMARKS = (
    "Accueil souriant et réponse complète.", "Ton sec du début à la fin.",
    "La conseillère Madame Tavernier a proposé un rappel.",
    "Réponse copiée collée sans lien avec la question.", "Bonne écoute mais aucune solution proposée.",
    "Mise en attente sans explication.", "Excellent suivi avec un mail de confirmation.",
    "Il a fallu épeler trois fois le nom du scénario.", "Monsieur Guilbon a rappelé depuis le 06 39 98 41 07.",
    "Le robot a répondu hors sujet puis un humain a repris la main.", "Explications claires et patience remarquable.",
    "Interlocuteur pressé qui raccroche vite.", "Rien de particulier à signaler.",
    "Réponse envoyée depuis service.clients@exemple.fr sans signature.", "Le délai annoncé n’a pas été tenu.",
    "Très professionnel et chaleureux.",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Notes:
    """One entry a test; -2 where there is nothing to note."""

    named: Ints
    warmth: Ints
    remark: npt.NDArray[np.str_]


def draw_notes(planted: MysteryTruth, tests: ChannelTests, rng: np.random.Generator) -> Notes:
    """What is noted on the answered tests of a channel."""
    place, n = TESTED.index(tests.channel), len(tests.brand)
    heard = (tests.outcome == ANSWERED) & (tests.channel != "website")
    named = np.where(heard, (rng.random(n) < planted.named[place]).astype(np.int64), EMPTY)
    warmth = np.where(heard, 1 + rng.binomial(4, (planted.warmth[place] - 1) / 4, size=n), EMPTY)
    remarked = heard & (rng.random(n) < REMARKED)
    return Notes(named, warmth, np.where(remarked, np.array(_REMARKS)[rng.integers(len(_REMARKS), size=n)], ""))


def mystery_values(truth: Truth, wave: str) -> dict[tuple[str, str], float]:
    """The true value of every indicator on tests other than the score, by channel and whole, as tests were planned."""
    planted = truth.mystery[wave]
    reply = (planted.reply * planted.tests).sum(axis=0) / planted.tests.sum(axis=0)
    tests = planted.tests.sum(axis=0) / planted.tests.sum()
    heard = np.array([c != "website" for c in TESTED]) * tests * reply
    found = {
        ("test_answered", ""): float(tests @ reply),
        ("adviser_named", ""): float(heard @ planted.named / heard.sum()),
        ("warmth_mark", ""): float(heard @ planted.warmth / heard.sum()),
    }
    for place, channel in enumerate(TESTED):
        found["test_answered", channel] = float(reply[place])
        if channel != "website":
            found["adviser_named", channel] = float(planted.named[place])
            found["warmth_mark", channel] = float(planted.warmth[place])
    for name, hours in HOURS.items():
        by_channel = reply * _by(hours)
        found["answer_time", f"within={name}"] = float(tests @ by_channel)
        for place, channel in enumerate(TESTED):
            found["answer_time", f"{channel}/within={name}"] = float(by_channel[place])
    return found


def _by(hours: float) -> Floats:
    """The chance that an answer comes within so many hours, of the tests that get one, by channel."""
    away: list[Any] = [(np.log(hours * 60) - np.log(MEDIAN_MINUTES[c])) / SPREAD[c] for c in TESTED]
    return np.array([NormalDist().cdf(float(z)) for z in away])
