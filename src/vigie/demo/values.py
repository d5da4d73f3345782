"""True values: what a study of the whole population, or of infinitely many tests, would find.

Each survey indicator is a ratio of two sums over the cells, so its truth is exact, for everyone and for any part of
the population. Each mystery score is an expectation over marks, written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from vigie.demo.population import MARGINS, Floats
from vigie.demo.ticking import count_distribution, unconditional
from vigie.demo.truth import CHANNELS, MIN_TESTS, OUT_OF, TESTED, Ranked, SurveyTruth, Truth

Key = tuple[str, str]  # an indicator and its segment: a channel, an option, or nothing
Moment = tuple[Key, Floats, Floats]  # numerator and denominator by cell

# What an indicator of a looped question adds up, over the codes of the question.
_MARKS: dict[str, tuple[str, range | None]] = {
    "satisfied": ("satisfaction", range(7, 11)),
    "very_satisfied": ("satisfaction", range(9, 11)),
    "dissatisfied": ("satisfaction", range(1, 5)),
    "satisfaction_mark": ("satisfaction", None),  # none: the mark itself
    "easy": ("effort", range(5, 11)),
    "high_effort": ("effort", range(1, 5)),
}
# indicator: question, and the codes that count
_CHOSEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "bot_alone": ("chatbot_outcome", ("bot",)),
    "bot_then_human": ("chatbot_outcome", ("human",)),
    "bot_resolved": ("chatbot_outcome", ("bot", "human")),
    "bot_failed": ("chatbot_outcome", ("unresolved", "abandoned")),
    "dread_phone": ("phone_dread", ("yes",)),
    "want_choice": ("choice", ("strongly", "rather")),
    "human_advisers_only": ("human_only", ("yes",)),
    "want_personal": ("personal", ("strongly", "rather")),
    "reviews_matter": ("reviews", ("yes",)),
    "mediation": ("mediator", ("yes",)),
    "mediation_helped": ("mediation_useful", ("yes",)),
    "best_retail": ("best_sector", ("retail",)),
    "sms_within_minute": ("sms_reply", ("minute",)),
}
# indicator: grid, and the codes that count, item by item
_GRIDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "more_often": ("habits", ("more",)),
    "agree": ("opinions", ("strongly", "rather")),
    "very_irritated": ("irritation", ("very",)),
}
FIRST_ON_THE_WEB = "2023"  # where the index of intensity is 100: by telephone the question was another one
MILD = 2  # the strength of a negative text, from 1 to 3; in strong words it is one more
MEDIATED_SECTORS = ("ecommerce", "telecom", "energy")  # the sectors of which the use of mediators is told
_DONT_KNOW_IN_BASE = frozenset({"reviews"})


def true_values(truth: Truth, wave: str, domain: tuple[str, str] | None = None) -> dict[Key, float]:
    """The true value of every survey indicator; `domain` is a variable and the category to stay within."""
    share = truth.population.share
    if domain is not None:
        share = share * truth.population.within(*domain)
    found: dict[Key, float] = {}
    for key, over, under in moments(truth, wave):
        base = float(share @ under)
        if base > 0:
            found[key] = float(share @ over) / base
    return found


def domains() -> list[tuple[str, str]]:
    """The parts of the population for which truths are written: every category of the margins."""
    return [(variable, category) for variable, categories in MARGINS.items() for category in categories]


def moments(truth: Truth, wave: str) -> Iterator[Moment]:
    """Numerator and denominator by cell of every survey indicator."""
    planted = truth.survey[wave]
    yield from _use(truth, planted)
    yield from _evaluations(planted)
    yield from _opinions(planted)
    yield from _statements(planted)
    yield from _outcomes(planted)
    yield from _mediation(planted)
    yield from _speed(planted)
    yield from _named(planted)
    yield from _lists(planted)


def base_chance(planted: SurveyTruth, base: str) -> Floats:
    """The chance of being asked a question, by cell: `everyone`, `contacted`, or `question.code`."""
    if base == "everyone":
        return np.ones_like(planted.contact)
    if base == "contacted":
        return planted.contact
    question, code = base.split(".")
    if question == "used":
        return np.asarray(planted.used[:, CHANNELS.index(code)])
    filtering = planted.choices[question]
    chosen = filtering.chance[:, filtering.codes.index(code)]
    return np.asarray(base_chance(planted, filtering.base) * filtering.rates.answered * chosen)


def _use(truth: Truth, planted: SurveyTruth) -> Iterator[Moment]:
    contact, used, ones = planted.contact, planted.used, np.ones_like(planted.contact)
    draws = unconditional(used / contact[:, None])
    counts = count_distribution(draws)
    yield ("contacted", ""), contact, ones
    yield ("channels_number", ""), used.sum(axis=1), contact
    yield ("multichannel", ""), contact * counts[:, 3:].sum(axis=1), contact
    met = [CHANNELS.index("phone"), CHANNELS.index("face_to_face")]
    nothing = np.prod(1 - draws, axis=1)
    neither = (np.prod(1 - draws[:, met], axis=1) - nothing) / (1 - nothing)
    yield ("voice_or_visit", ""), contact * (1 - neither), contact
    young = (truth.population.within("age", "a1") | truth.population.within("age", "a2")).astype(float)
    yield ("messaging_young", ""), young * used[:, CHANNELS.index("messaging")], young
    for place, channel in enumerate(CHANNELS):
        yield ("usage", channel), used[:, place], ones
        yield ("usage_contacters", channel), used[:, place], contact
    yield ("usage", "none"), 1 - contact, ones
    yield ("usage_contacters", "none"), 0 * contact, contact
    many = np.arange(1, planted.contacts.shape[1] + 1)
    yield ("contacts_number", ""), contact * (planted.contacts @ many), contact
    yield ("frequent", ""), contact * planted.contacts[:, 4:].sum(axis=1), contact
    yield ("told", ""), contact * (1 - planted.skipped["story"]), contact


def _evaluations(planted: SurveyTruth) -> Iterator[Moment]:
    for indicator, (question, box) in _MARKS.items():
        loop = planted.loops[question]
        marks = np.array([int(code) for code in loop.codes])
        value = marks.astype(float) if box is None else np.isin(marks, box).astype(float)
        yield from _by_channel(planted, indicator, question, loop.distribution() @ value)
    outcome = planted.loops["resolution"].distribution()
    yield from _by_channel(planted, "resolved", "resolution", outcome[..., 0])
    yield from _by_channel(planted, "unresolved", "resolution", outcome[..., 2])
    marks = np.arange(11)
    score = planted.recommend.distribution() @ ((marks >= 9).astype(float) - (marks <= 6))
    yield ("recommendation", ""), planted.contact * score, planted.contact


def _by_channel(planted: SurveyTruth, indicator: str, question: str, value: Floats) -> Iterator[Moment]:
    # "don't know" depends on the channel alone, so it leaves numerator and denominator alike
    answered = 1 - planted.loop_dont_know[question]
    for place, channel in enumerate(CHANNELS):
        base = planted.used[:, place] * answered[place]
        yield (indicator, channel), base * value[:, place], base


def _opinions(planted: SurveyTruth) -> Iterator[Moment]:
    for indicator, (question, codes) in _CHOSEN.items():
        choice = planted.choices[question]
        chosen = choice.chance[:, [choice.codes.index(code) for code in codes]].sum(axis=1)
        asked = base_chance(planted, choice.base)
        in_base = choice.rates.answered + (choice.rates.dont_know if question in _DONT_KNOW_IN_BASE else 0.0)
        yield (indicator, ""), asked * choice.rates.answered * chosen, asked * in_base


def _statements(planted: SurveyTruth) -> Iterator[Moment]:
    for indicator, (grid, codes) in _GRIDS.items():
        for question in (q for q in planted.choices if q.startswith(f"{grid}_")):
            choice = planted.choices[question]
            chosen = choice.chance[:, [choice.codes.index(code) for code in codes]].sum(axis=1)
            yield (indicator, question.removeprefix(f"{grid}_")), chosen, np.ones_like(chosen)


def _outcomes(planted: SurveyTruth) -> Iterator[Moment]:
    """How exchanges with a chatbot end: every state, and the bot's own part of what is resolved."""
    choice = planted.choices["chatbot_outcome"]
    asked = base_chance(planted, choice.base)
    for place, code in enumerate(choice.codes):
        yield ("chatbot_funnel", code), asked * choice.chance[:, place], asked
    resolved = choice.chance[:, [choice.codes.index("bot"), choice.codes.index("human")]]
    yield ("bot_direct", ""), asked * resolved[:, 0], asked * resolved.sum(axis=1)


def _mediation(planted: SurveyTruth) -> Iterator[Moment]:
    mediator, sector = planted.choices["mediator"], planted.choices["last_sector"]
    for code in (c for c in MEDIATED_SECTORS if c in sector.codes):
        asked = base_chance(planted, sector.base) * sector.chance[:, sector.codes.index(code)]
        yield (f"mediation_{code}", ""), asked * mediator.chance[:, 0] * mediator.factors[code], asked


def _speed(planted: SurveyTruth) -> Iterator[Moment]:
    """What is expected of each channel, and how far what comes lies from it."""
    rule, marks = planted.speed, np.arange(1, 11)
    for place, channel in enumerate(CHANNELS):
        base, before, after = planted.used[:, place], rule.expected[place], rule.received[place]
        yield ("expect_fast", channel), base * before[marks >= 8].sum(), base
        together = (1 - rule.same) * np.outer(before, after)
        gap = marks[None, :] - marks[:, None]
        yield ("immediacy_gap", channel), base * float((together * gap).sum()), base
        for name, there in (("above", gap > 0), ("at", gap == 0), ("below", gap < 0)):
            share = float(together[there].sum()) + (rule.same if name == "at" else 0.0)
            yield ("immediacy_gap", f"{channel}/{name}"), base * share, base


def _named(planted: SurveyTruth) -> Iterator[Moment]:
    """Favourite brands, and the criteria by which brands are chosen."""
    favourite, ones = planted.favourite, np.ones_like(planted.contact)
    yield ("favourite_named", ""), favourite.named, ones
    for brand, chance in zip((*(b.id for b in favourite.brands), "unlisted"), favourite.chance, strict=True):
        yield ("favourite", brand), favourite.named * chance, favourite.named
    ranked = planted.criteria
    places = _places(ranked)
    last = len(ranked.codes) + 1.0  # where all that was not ranked stands
    for code, chance in zip(ranked.codes, places, strict=True):
        kept = float(chance.sum())
        yield ("criterion_first", code), ones * chance[0], ones
        yield ("criterion_kept", code), ones * kept, ones
        mean = float(chance @ np.arange(1, len(chance) + 1)) + (1 - kept) * last
        yield ("criterion_place", code), ones * mean, ones


def _places(ranked: Ranked) -> Floats:
    """The chance of each option to stand at each place: every order written out."""
    found = np.zeros((len(ranked.codes), ranked.places))
    for order in permutations(range(len(ranked.codes)), ranked.places):
        left, chance = float(ranked.worth.sum()), 1.0
        for option in order:
            chance *= ranked.worth[option] / left
            left -= ranked.worth[option]
        found[list(order), range(ranked.places)] += chance
    return found


def told_values(truth: Truth, wave: str) -> dict[Key, float]:
    """What was planted in the experiences told; an automatic reading finds it with its own error."""
    story, first = truth.survey[wave].story, truth.survey[FIRST_ON_THE_WEB].story
    return {
        ("story_negative", ""): story.negative,
        ("story_intensity", ""): 100 * (MILD + story.strong) / (MILD + first.strong),
    }


def _lists(planted: SurveyTruth) -> Iterator[Moment]:
    for indicator, question in (("reason", "reasons"), ("data_access", "privacy"), ("irritant", "irritants")):
        ticks = planted.ticks[question]
        asked = base_chance(planted, ticks.base)
        for place, code in enumerate(ticks.codes):
            yield (indicator, code), asked * ticks.chance[:, place], asked
        if not ticks.some:
            yield (indicator, "none"), asked * np.prod(1 - ticks.chance, axis=1), asked


def channel_scores(truth: Truth, wave: str) -> Floats:
    """The expected score of a test, brand × tested channel, out of 20; NaN where the brand was not tested there."""
    planted = truth.mystery[wave]
    scores = np.full(planted.reply.shape, np.nan)
    for place, channel in enumerate(TESTED):
        grid, level = truth.grids[channel], planted.level[:, place, :]
        answered = level @ grid.dimension_weight
        expected = level[:, grid.dimension]
        expected = expected + expected * (1 - expected) * grid.hardness
        left = expected * np.where(grid.needs_reply, 0.0, grid.weight)  # unanswered: what needs a reply scores zero
        unanswered = np.zeros(len(level))
        for d, weight in enumerate(grid.dimension_weight):
            own = grid.dimension == d
            unanswered += weight * left[:, own].sum(axis=1) / grid.weight[own].sum()
        reply = planted.reply[:, place]
        scores[:, place] = OUT_OF * (reply * answered + (1 - reply) * unanswered)
    return np.where(planted.tests > 0, scores, np.nan)


def channel_weights(truth: Truth, wave: str) -> Floats:
    """The true weights of the tested channels: use by the population, adding up to one."""
    used = truth.population.share @ truth.survey[wave].used
    found = used[[CHANNELS.index(channel) for channel in TESTED]]
    return np.asarray(found / found.sum())


def true_scores(truth: Truth, wave: str) -> dict[str, float]:
    """The true score of every brand out of 20; a channel that a brand lacks leaves its weight to the others."""
    by_channel = channel_scores(truth, wave)
    weights = np.where(np.isnan(by_channel), 0.0, channel_weights(truth, wave))
    totals = (np.nan_to_num(by_channel) * weights).sum(axis=1) / weights.sum(axis=1)
    return {brand.id: float(total) for brand, total in zip(truth.mystery[wave].brands, totals, strict=True)}


def true_ranks(truth: Truth, wave: str) -> dict[str, tuple[int, int]]:
    """The true rank of every ranked brand in its sector, first and last of those it shares; ties share them all."""
    planted = truth.mystery[wave]
    scores = true_scores(truth, wave)
    tested = zip(planted.brands, planted.tests.sum(axis=1), strict=True)
    ranked = {brand.id: brand.sector for brand, tests in tested if tests >= MIN_TESTS}
    found: dict[str, tuple[int, int]] = {}
    for brand, sector in ranked.items():
        rivals = [round(scores[other], 9) for other, s in ranked.items() if s == sector]
        own = round(scores[brand], 9)
        better, not_worse = sum(r > own for r in rivals), sum(r >= own for r in rivals)
        found[brand] = (better + 1, not_worse)
    return found
