"""What the survey plants: use, satisfaction, effort and expectations, with the orders of magnitude of real studies.

Between 2023 and 2024 only four things change: messaging gains 7 points of use, the phone loses 7, satisfaction with
chatbots falls, and bad experiences are told in milder words; and effort is asked in other words. 2022 was by telephone,
where people are kinder and use other channels.
"""

from __future__ import annotations

from math import comb

import numpy as np

from vigie.demo.names import Sector
from vigie.demo.population import Floats, Population
from vigie.demo.truth import (
    ALL_ANSWER,
    CHANNELS,
    MODES,
    Boxed,
    Choice,
    Favourite,
    PlantedBrand,
    Ranked,
    Rates,
    Speed,
    Story,
    SurveyTruth,
    Ticks,
)

CONTACTED = 0.80
USAGE = {"phone": 0.47, "callback": 0.03, "email": 0.43, "web_form": 0.08, "website": 0.25, "app": 0.06, "chat": 0.11,
         "chatbot": 0.13, "social": 0.06, "messaging": 0.13, "sms": 0.04, "video": 0.03, "face_to_face": 0.16,
         "mediation": 0.01, "other": 0.01}  # fmt: skip
USAGE_BEFORE: dict[str, dict[str, float]] = {
    "2023": {"phone": 0.54, "messaging": 0.06},
    "2022": {"phone": 0.60, "messaging": 0.05, "email": 0.41, "chatbot": 0.09, "face_to_face": 0.22},
}
_USE_BY_AGE: dict[str, tuple[float, ...]] = {
    "phone": (0.75, 0.88, 1.0, 1.06, 1.1), "web_form": (1.2, 1.2, 1.1, 0.9, 0.8), "chat": (1.5, 1.4, 1.1, 0.8, 0.6),
    "chatbot": (1.6, 1.4, 1.1, 0.8, 0.5), "social": (2.4, 1.7, 1.0, 0.5, 0.3), "messaging": (2.0, 1.6, 1.1, 0.7, 0.4),
    "video": (1.5, 1.5, 1.1, 0.7, 0.5), "face_to_face": (0.8, 0.8, 0.9, 1.1, 1.3), "app": (1.9, 1.6, 1.1, 0.7, 0.4),
    "sms": (1.4, 1.3, 1.1, 0.9, 0.6),
}  # fmt: skip

SATISFIED = {"phone": 0.74, "callback": 0.81, "email": 0.68, "web_form": 0.64, "website": 0.70, "app": 0.75,
             "chat": 0.76, "chatbot": 0.40, "social": 0.63, "messaging": 0.77, "sms": 0.73, "video": 0.80,
             "face_to_face": 0.85, "mediation": 0.50, "other": 0.65}  # fmt: skip
CHATBOT_BEFORE = 0.52
_EASY = {"phone": 0.59, "callback": 0.72, "email": 0.764, "web_form": 0.70, "website": 0.77, "app": 0.78,
         "chat": 0.767, "chatbot": 0.55, "social": 0.66, "messaging": 0.79, "sms": 0.76, "video": 0.72,
         "face_to_face": 0.80, "mediation": 0.35, "other": 0.60}  # fmt: skip
_RESOLVED = {"phone": 0.80, "callback": 0.82, "email": 0.70, "web_form": 0.66, "website": 0.68, "app": 0.70,
             "chat": 0.72, "chatbot": 0.50, "social": 0.60, "messaging": 0.74, "sms": 0.66, "video": 0.78,
             "face_to_face": 0.84, "mediation": 0.62, "other": 0.60}  # fmt: skip
_KINDER_ON_THE_PHONE = 0.04
_OLDER_ARE_KINDER = (-0.03, -0.02, 0.0, 0.01, 0.02)

_AGREEMENT = ("strongly", "rather", "rather_not", "not_at_all")
_HABITS = ("more", "same", "less", "never")
_IRRITATED = ("very", "rather", "little", "not")
_REASONS = {"information": 0.38, "delivery": 0.34, "technical": 0.29, "billing": 0.21, "complaint": 0.26,
            "contract": 0.17}  # fmt: skip
_PRIVACY = {"browsing": 0.20, "social_data": 0.07, "appliances": 0.20, "connected": 0.15}
_IRRITANTS = {"standard": 0.65, "waiting": 0.58, "repeating": 0.49, "saturation": 0.375, "transfers": 0.41,
              "hidden": 0.36, "paid": 0.31}  # fmt: skip
_DATA_BY_AGE = (1.5, 1.3, 1.0, 0.9, 0.74)


# agreement with each statement, and what age adds to it
_OPINIONS: dict[str, tuple[float, tuple[float, ...]]] = {
    "impersonal": (0.65, (-0.08, -0.05, 0.0, 0.02, 0.04)), "human": (0.70, (-0.10, -0.06, -0.01, 0.03, 0.06)),
    "several": (0.88, (0.03, 0.02, 0.01, -0.01, -0.02)), "image": (0.55, (0.12, 0.08, 0.02, -0.04, -0.08)),
    "social_useful": (0.42, (0.20, 0.13, 0.02, -0.07, -0.11)),
    "confidentiality": (0.94, (-0.01, 0.0, 0.0, 0.0, 0.01)), "constraint": (0.437, (0.14, 0.10, 0.02, -0.05, -0.08)),
}  # fmt: skip
_MORE_OFTEN: dict[str, tuple[float, tuple[float, ...]]] = {
    "online": (0.54, (0.06, 0.06, 0.03, -0.02, -0.06)), "remote": (0.45, (0.03, 0.03, 0.01, -0.01, -0.03)),
}  # fmt: skip
_VERY_IRRITATED: dict[str, tuple[float, tuple[float, ...]]] = {
    "saturated": (0.375, (0.0, 0.01, 0.01, 0.0, -0.01)), "voice_menu": (0.44, (-0.05, -0.02, 0.0, 0.02, 0.02)),
    "cut_off": (0.58, (0.0,) * 5), "repeated": (0.41, (0.0, 0.01, 0.01, 0.0, -0.01)),
}  # fmt: skip
_CRITERIA = {"price": 3.2, "quality": 2.9, "contact": 0.55, "delivery": 0.9, "reputation": 0.65, "ethics": 0.5,
             "proximity": 0.45}  # fmt: skip
# the mean mark 1–10 expected of the speed of each channel, and received
_SPEED = {"phone": (7.6, 5.9), "callback": (7.2, 6.6), "email": (5.8, 5.6), "web_form": (5.6, 5.1),
          "website": (7.0, 6.6), "app": (7.8, 7.1), "chat": (8.4, 7.3), "chatbot": (8.6, 6.4), "social": (7.4, 5.6),
          "messaging": (7.9, 7.2), "sms": (8.0, 6.8), "video": (7.0, 7.2), "face_to_face": (6.4, 6.9),
          "mediation": (4.6, 3.8), "other": (5.5, 5.5)}  # fmt: skip
_SAME_SPEED = 0.3
_MEDIATOR_BY_SECTOR = {"ecommerce": 2.175, "telecom": 1.9, "energy": 0.4}  # of the mean
_NAMED = 0.45
_UNLISTED = 0.12  # of those who name a brand
_NEGATIVE = {"2022": 0.69, "2023": 0.72, "2024": 0.72}  # of the experiences told
_STRONG = {"2022": 0.60, "2023": 0.60, "2024": 0.35}  # of the negative ones


def usage(wave: str) -> dict[str, float]:
    """The share of the population that used each channel, by wave."""
    return USAGE | USAGE_BEFORE.get(wave, {})


def survey_truth(
    wave: str, population: Population, sectors: tuple[Sector, ...], brands: tuple[PlantedBrand, ...]
) -> SurveyTruth:
    """Everything that one wave's answers are drawn from."""
    return SurveyTruth(
        wave=wave,
        readiness=population.readiness(MODES[wave]),
        contact=CONTACTED * _levelled(population, (1.03, 1.05, 1.04, 0.99, 0.93)),
        used=_used(wave, population),
        loops=_loops(wave, population),
        loop_dont_know={"satisfaction": np.linspace(0.02, 0.05, len(CHANNELS)),
                        "effort": np.linspace(0.03, 0.06, len(CHANNELS)), "resolution": np.zeros(len(CHANNELS))},
        recommend=_box((0, 10), 7, (0.25, 0.35, 0.22, 0.18), (0.12, 0.05, 0.08, 0.10, 0.12, 0.28, 0.25),
                       0.58 + population.spread("age", _OLDER_ARE_KINDER), swing=0.7),
        recommend_rates=Rates(refused=0.02),
        contacts=_contacts(population),
        choices=_choices(population, sectors),
        ticks=_ticks(population),
        skipped={"contacts": 0.02, "last_contact": 0.03, "story": 0.35, "other": 0.1},
        criteria=Ranked(tuple(_CRITERIA), np.array(list(_CRITERIA.values())), 3),
        speed=Speed(_marks(0), _marks(1), _SAME_SPEED),
        favourite=_favourite(population, brands),
        story=Story(_NEGATIVE[wave], 0.06, _STRONG[wave], swing=0.12),
    )  # fmt: skip


def _marks(which: int) -> Floats:
    """The marks 1 to 10 of every channel, expected (0) or received (1)."""
    return np.stack([_around(means[which]) for means in _SPEED.values()])


def _around(mean: float) -> Floats:
    """Marks from 1 to 10 as nine tosses give them, which lie around a mean."""
    chance, tosses = (mean - 1) / 9, np.arange(10)
    ways = np.array([comb(9, int(k)) for k in tosses], dtype=np.float64)
    return np.asarray(ways * chance**tosses * (1 - chance) ** (9 - tosses))


def _favourite(population: Population, brands: tuple[PlantedBrand, ...]) -> Favourite:
    """A few brands are named by many; one name in eight is on no list."""
    worth = 1.0 / np.arange(1, len(brands) + 1) ** 0.9
    chance = np.append(worth / worth.sum() * (1 - _UNLISTED), _UNLISTED)
    return Favourite(_NAMED + population.spread("age", (-0.05, -0.02, 0.01, 0.01, 0.01)), brands, chance)


def _levelled(population: Population, by_age: tuple[float, ...]) -> Floats:
    """Factors by age whose mean over the population is one."""
    factors = population.spread("age", by_age)
    return factors / float(population.share @ factors)


def _used(wave: str, population: Population) -> Floats:
    ones = (1.0,) * 5
    return np.stack(
        [used * _levelled(population, _USE_BY_AGE.get(channel, ones)) for channel, used in usage(wave).items()], axis=1
    )


def _box(
    ends: tuple[int, int],
    first_good: int,
    high: tuple[float, ...],
    low: tuple[float, ...],
    good: Floats,
    *,
    swing: float,
) -> Boxed:
    """A scale of whole numbers whose good box starts at `first_good`."""
    codes = tuple(str(mark) for mark in range(ends[0], ends[1] + 1))
    below = first_good - ends[0]
    return Boxed(codes, good, np.array((*[0.0] * below, *high)), np.array((*low, *[0.0] * len(high))), swing)


def _loops(wave: str, population: Population) -> dict[str, Boxed]:
    kinder = _KINDER_ON_THE_PHONE if MODES[wave] == "phone" else 0.0
    age = population.spread("age", _OLDER_ARE_KINDER)[:, None]
    satisfied = SATISFIED | ({} if wave == "2024" else {"chatbot": CHATBOT_BEFORE})
    marks = _box((1, 10), 7, (0.32, 0.36, 0.18, 0.14), (0.10, 0.08, 0.12, 0.17, 0.26, 0.27),
                 np.array(list(satisfied.values())) + kinder + age, swing=0.6)  # fmt: skip
    easy = np.array(list(_EASY.values()))
    if wave == "2024":
        effort = _box((1, 7), 5, (0.40, 0.35, 0.25), (0.15, 0.20, 0.25, 0.40), easy + age, swing=0.6)
    else:
        effort = _box((1, 10), 5, (0.14, 0.16, 0.22, 0.24, 0.13, 0.11), (0.20, 0.20, 0.25, 0.35),
                      easy + 0.06 + kinder / 2 + age, swing=0.6)  # fmt: skip
    resolved = Boxed(("yes", "partly", "no"), np.array(list(_RESOLVED.values())) + kinder + age,
                     np.array((0.95, 0.05, 0.0)), np.array((0.0, 0.40, 0.60)), 0.6)  # fmt: skip
    return {"satisfaction": marks, "effort": effort, "resolution": resolved}


def _contacts(population: Population) -> Floats:
    ratio = population.spread("age", (0.78, 0.77, 0.76, 0.74, 0.70))[:, None]
    chance = ratio ** np.arange(30)
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def _choices(population: Population, sectors: tuple[Sector, ...]) -> dict[str, Choice]:
    flat = (0.0,) * 5
    ids = tuple(s.id for s in sectors)
    best = 1.0 / np.arange(1, len(ids) + 1) ** 0.7
    lately = 1.0 + 0.5 * np.cos(np.arange(len(ids)))

    def choice(codes: tuple[str, ...], chances: tuple[float, ...], by_age: tuple[float, ...] = flat,
               base: str = "everyone", rates: Rates = ALL_ANSWER, *, by: str = "",
               factors: dict[str, float] | None = None, implied: str = "") -> Choice:  # fmt: skip
        return Choice(codes, _leaning(population, chances, by_age), base, rates, by, factors or {}, implied)

    human = (-0.12, -0.08, -0.02, 0.03, 0.09)
    grids = {
        f"habits_{item}": choice(_HABITS, (more, *(np.array((0.70, 0.20, 0.10)) * (1 - more))), by_age)
        for item, (more, by_age) in _MORE_OFTEN.items()
    }
    grids |= {f"opinions_{item}": _agreeing(population, agree, by_age) for item, (agree, by_age) in _OPINIONS.items()}
    grids |= {
        f"irritation_{item}": choice(_IRRITATED, (very, *(np.array((0.55, 0.30, 0.15)) * (1 - very))), by_age)
        for item, (very, by_age) in _VERY_IRRITATED.items()
    }
    among = dict(zip(ids, (lately / lately.sum()).tolist(), strict=True))
    return grids | {
        "sms_reply": choice(("minute", "hour", "day", "later", "never"), (0.48, 0.29, 0.14, 0.06, 0.03),
                            (0.20, 0.12, 0.02, -0.06, -0.11)),
        "chatbot_outcome": choice(("bot", "human", "unresolved", "abandoned"), (0.15, 0.41, 0.33, 0.11),
                                  (0.05, 0.03, 0.0, -0.02, -0.04), "used.chatbot", Rates(skipped=0.01)),
        "phone_dread": choice(("yes", "no"), (0.334, 0.666), (0.16, 0.10, 0.02, -0.05, -0.09), "used.phone",
                              Rates(dont_know=0.02)),
        "last_sector": choice(ids, tuple(lately / lately.sum()), flat, "contacted", Rates(skipped=0.01)),
        "choice": choice(_AGREEMENT, (0.49, 0.36, 0.11, 0.04), (0.04, 0.02, 0.0, -0.01, -0.01),
                         rates=Rates(dont_know=0.02)),
        "human_only": choice(("yes", "no"), (0.73, 0.27), human, rates=Rates(dont_know=0.03)),
        "personal": choice(_AGREEMENT, (0.44, 0.42, 0.10, 0.04), (0.06, 0.03, 0.0, -0.01, -0.03),
                           rates=Rates(refused=0.015)),
        "reviews": choice(("yes", "no"), (0.80, 0.20), (0.08, 0.05, 0.02, -0.02, -0.06), rates=Rates(dont_know=0.05)),
        "mediator": choice(("yes", "no", "unaware"), (0.08, 0.73, 0.19), (0.03, 0.02, 0.0, 0.0, -0.03), "contacted",
                           Rates(skipped=0.01), by="last_sector", factors=_factors(among), implied="mediation"),
        "mediation_useful": choice(("yes", "no"), (0.62, 0.38), flat, "mediator.yes"),
        "best_sector": choice(ids, tuple(best / best.sum()), flat, rates=Rates(dont_know=0.18)),
    }  # fmt: skip


def _agreeing(population: Population, agree: float, by_age: tuple[float, ...]) -> Choice:
    """A statement with which a share agrees, strongly or rather."""
    agreeing = agree + population.spread("age", by_age)
    chance = np.column_stack([agreeing * 0.45, agreeing * 0.55, (1 - agreeing) * 0.7, (1 - agreeing) * 0.3])
    return Choice(_AGREEMENT, chance, rates=Rates(dont_know=0.02))


def _factors(among: dict[str, float]) -> dict[str, float]:
    """How much more, or less, of a thing there is by sector, 1 on average over `among`."""
    told = {s: f for s, f in _MEDIATOR_BY_SECTOR.items() if s in among}
    left = sum(share for s, share in among.items() if s not in told)
    others = (1 - sum(among[s] * f for s, f in told.items())) / left
    return {s: told.get(s, others) for s in among}


def _leaning(population: Population, chances: tuple[float, ...], by_age: tuple[float, ...]) -> Floats:
    """The chance of each code by cell: the first one moves with age, the others share the rest as before."""
    first = chances[0] + population.spread("age", by_age)
    others = np.array(chances[1:])
    return np.column_stack([first, (1 - first)[:, None] * (others / others.sum())])


def _ticks(population: Population) -> dict[str, Ticks]:
    even = population.spread("age", (1.0,) * 5)
    data = _levelled(population, _DATA_BY_AGE)

    def ticks(chances: dict[str, float], factor: Floats, base: str = "everyone", *, some: bool = False) -> Ticks:
        return Ticks(tuple(chances), np.outer(factor, np.array(list(chances.values()))), base, some)

    return {
        "reasons": ticks(_REASONS, even, "contacted", some=True),
        "privacy": ticks(_PRIVACY, data),
        "irritants": ticks(_IRRITANTS, even),
    }
