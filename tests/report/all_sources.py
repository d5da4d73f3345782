"""The wave of `sample` with all four sources: delays, reviews, texts, the contact log, and every kind of indicator."""

from __future__ import annotations

import dataclasses
import random

from report import sample
from vigie.results.figures import Change, Estimate, Lineage, RankSet, Segment, figure_key
from vigie.results.methods import CoderError, Composition, Exclusion, Fieldwork
from vigie.results.rankings import League, LeagueEntry, Unranked
from vigie.results.waves import WaveResults

FACTS = (("asked_for", "solicited", 0.44), ("checked", "verified", 0.62), ("answered_to", "replied", 0.37))
CODER = "lexicon 1 (4f0c2a)"
TIMES = {"1 h": 0.08, "24 h": 0.42, "48 h": 0.55, "7 d": 0.68}
LABELS = {
    "reply": ("Réponse aux e-mails", "Replies to e-mails"),
    "first_answer": ("Première réponse", "First response"),
    "stars_mean": ("Étoiles, en moyenne", "Mean stars"),
    "stars_high": ("Avis à 4 ou 5 étoiles", "Reviews with 4 or 5 stars"),
    "stars_spread": ("Répartition des étoiles", "Distribution of stars"),
    "asked_for": ("Avis sollicités", "Solicited reviews"),
    "checked": ("Avis vérifiés", "Verified reviews"),
    "answered_to": ("Avis auxquels la marque a répondu", "Reviews that the brand answered"),
    "complaints": ("Avis négatifs", "Negative reviews"),
    "praise": ("Avis positifs", "Positive reviews"),
    "anger": ("Intensité des avis négatifs", "Intensity of negative reviews"),
    "told": ("Expériences racontées", "Experiences told"),
    "named": ("Marques citées pour leur service", "Brands named for their service"),
    "bot": ("Parcours avec le chatbot", "Journey with the chatbot"),
    "immediacy": ("Délai attendu et délai vécu", "Immediacy expected and experienced"),
    "trust": ("Tout à fait confiants", "Fully confident"),
    "priority": ("Priorités : place moyenne", "Priorities: mean place"),
    "irritation": ("Indice d’insatisfaction", "Dissatisfaction index"),
    "greeted": ("Accueil personnalisé", "Personal greeting"),
    "informed": ("Réponse exacte", "Correct answer"),
    "resolved": ("Demandes résolues", "Cases resolved"),
    "handling": ("Échanges par demande", "Contacts per case"),
    "case_end": ("Issue des demandes", "How cases end"),
}
PLATFORMS = {"avisbleu": "Avis Bleu", "etoilo": "Étoilo", "opinio": "Opinio"}
STATES = {
    "solved": ("Résolu par le chatbot", "Solved by the chatbot"),
    "handed": ("Transféré à un conseiller", "Handed to an adviser"),
    "left": ("Abandonné", "Given up"),
    "again": ("Recontacté ailleurs", "Contacted again elsewhere"),
}
ENDS = {
    "first": ("Résolue au premier contact", "Resolved at first contact"),
    "later": ("Résolue plus tard", "Resolved later"),
    "open": ("Sans solution", "Unresolved"),
}
ITEMS = {"speed": ("La rapidité", "Speed"), "human": ("Un interlocuteur humain", "A human being"),
         "clear": ("Des réponses claires", "Clear answers"), "data": ("Le respect des données", "Privacy")}  # fmt: skip
BRANDS = [sample.key(b) for brands in sample.BRANDS.values() for b in brands]
REVIEWED = BRANDS[:12]


def figure(
    indicator: str,
    expression: str,
    value: float | None,
    n: int,
    segment: Segment = (),
    *,
    source: str = "survey",
    unit: str = "share",
    half: float | None = None,
    part: str = "",
    decimals: int | None = None,
    coder: str = "",
    before: float | None = None,
    wave: str = "2024",
    published: bool = False,
    note: str = "",
    out_of: float | None = None,
) -> Estimate:
    """A figure as the engine makes it; `value` None with a base is a median that was not reached."""
    fr, en = LABELS[indicator]
    hide, fragile = {"survey": (30, 100), "mystery": (5, 30), "reviews": (10, 50), "log": (30, 100)}[source]
    flag = "ok" if published else "hidden" if n < hide else "fragile" if n < fragile else "ok"
    shown = value if flag != "hidden" else None
    if half is None:
        half = 1.96 * (max((value or 0) * (1 - min(value or 0, 1)), 0.01) / max(n, 1)) ** 0.5
    known = shown is not None and not published
    change = None
    if before is not None and shown is not None:
        apart = abs(shown - before) > half * 1.41
        change = Change("2023", shown - before, half / 1.39, 0.001 if apart else 0.4, 0.01 if apart else 0.8,
                        ("up" if shown > before else "down") if apart and flag == "ok" else "none")  # fmt: skip
    low = (shown - half) if known else None
    return Estimate(
        figure=figure_key(indicator, segment), identity=indicator, indicator=indicator, label={"fr": fr, "en": en},
        source=source, grain={"survey": "person", "mystery": "test", "reviews": "review", "log": "case"}[source],
        wave=wave, segment=segment, value=shown, unit=unit,
        decimals=decimals if decimals is not None else {"mean": 1, "hours": 1, "index": 0}.get(unit, 0),
        se=half / 1.96 if known else None, ci_low=low if low is None or unit != "share" else max(low, 0.0),
        ci_high=(shown + half) if known else None, level=0.95, n=n, n_weighted=float(n), n_effective=float(n),
        design_effect=1.0, flag=flag, part=part, change=change, published=published, out_of=out_of,
        lineage=Lineage({}, expression, "everyone", "", "", "t, Holm", () if published else ("cd" * 32,), coder=coder,
                        note=note),
    )  # fmt: skip


def results() -> WaveResults:
    """The last wave, with everything."""
    base = sample.results()
    return dataclasses.replace(
        base,
        estimates=(*base.estimates, *delays(), *reviews(), *texts(), *special(), *log(), *noted()),
        leagues=(*base.leagues, *stars_leagues(), sectors_league()),
        fieldwork=(
            *base.fieldwork,
            Fieldwork("reviews", "reviews", "2024-01-01", "2024-03-31", 4406, 4210, brands=12),
            Fieldwork("log", "log", "2024-01-01", "2024-03-31", 18230, 18044, (("phone", 9800), ("email", 6100)), 1),
        ),
        exclusions=(
            *base.exclusions,
            Exclusion("reviews", "moderation", 113, 0, ("A-0031",)),
            Exclusion("reviews", "unknown-brand", 83, 0, ("A-0042 : « Tartempion »",)),
            Exclusion("log", "bad-date", 0, 186, ("C-118 : 31/02/2024",)),
        ),
        compositions=(
            Composition("stars_mean", 4210, 12, 4.12, 3.61, 0.06, 11, ((REVIEWED[0], 1720), (REVIEWED[1], 860),
                        (REVIEWED[2], 350)), 0.61, 3.79, 3.78),
        ),
        coders=(CoderError(CODER, "stars", 3120, 0.81, 0.79, 0.83, 0.11),),
        labels={**base.labels, **labels()},
    )  # fmt: skip


def earlier() -> tuple[WaveResults, ...]:
    """A printed wave, one with survey and tests, and one with all four sources."""
    last = sample.results("2023")
    made = (*delays(), *reviews(), *texts(), *special(), *log(), *noted())
    then = tuple(
        dataclasses.replace(
            e, wave="2023", change=None, value=100.0 if e.unit == "index" else e.value and e.value * 0.95
        )
        for e in made
    )
    return printed(), sample.results("2022"), dataclasses.replace(last, estimates=(*last.estimates, *then))


def _then(e: Estimate) -> float | None:
    return 100.0 if e.unit == "index" else e.value and e.value * 0.95


def printed(wave: str = "2019") -> WaveResults:
    """A wave that exists only as printed figures."""
    source = "Rapport annuel 2019, page 12"
    some = [
        dataclasses.replace(e, wave=wave, published=True, ci_low=None, ci_high=None, se=None, change=None, n=0,
                            flag="ok", lineage=dataclasses.replace(e.lineage, note=source, inputs=()))
        for e in sample.results("2022").estimates
        if e.value is not None and e.source == "survey" and (e.indicator == "usage" or not e.segment)
    ]  # fmt: skip
    return dataclasses.replace(
        sample.results("2022"), wave=wave, previous=None, estimates=tuple(some), leagues=(), weighting=None,
        exclusions=(), questionnaire=(), fieldwork=(Fieldwork("survey", "", "", "", 0, 0, published="2019.csv"),),
        snapshot="", channel_weights=(),
    )  # fmt: skip


def delays() -> list[Estimate]:
    """Tests by e-mail and the log, by channel and brand; one brand whose median is not reached."""
    found = _delay("reply", "mystery", 1600, (), 1.0, 31.5)
    found += _delay("reply", "mystery", 1100, (("channel", "email"),), 1.02, 30.2)
    found += _delay("reply", "mystery", 500, (("channel", "web_form"),), 0.8, None)
    for i, brand in enumerate(BRANDS):
        n, median = (44 if i else 3), (20.0 + i if i < 20 else None)
        found += _delay("reply", "mystery", n, (("brand", brand),), 1.25 - i * 0.02, median)
    found += _delay("first_answer", "log", 18044, (), 1.3, 6.4)
    for channel, scale, median in (("phone", 1.45, 0.4), ("email", 1.1, 21.0), ("social", 0.9, 80.0)):
        found += _delay("first_answer", "log", 6000, (("channel", channel),), scale, median)
    return found


def _delay(indicator: str, source: str, n: int, where: Segment, scale: float, median: float | None) -> list[Estimate]:
    expression = f"time_to: {'answered_at' if source == 'mystery' else 'first_response_at'}"
    found = [
        figure(indicator, expression, min(share * scale, 0.99), n, (*where, ("within", time)), source=source,
               part="within")
        for time, share in TIMES.items()
    ]  # fmt: skip
    found.append(figure(indicator, expression, median, n, (*where, ("statistic", "median")), source=source,
                        unit="hours", half=(median or 0) * 0.12, part="statistic"))  # fmt: skip
    found.append(figure(indicator, expression, min(0.71 * scale, 0.99), n, (*where, ("statistic", "answered")),
                        source=source, part="statistic"))  # fmt: skip
    return [*found, figure(indicator, expression, 74.0, n, (*where, ("statistic", "restricted_mean")), source=source,
                           unit="hours", half=3.0, part="statistic")]  # fmt: skip


def reviews() -> list[Estimate]:
    draws = random.Random(7)
    places: list[tuple[Segment, int]] = [((), 4210)]
    places += [((("platform", p),), n) for p, n in zip(PLATFORMS, (2900, 1270, 40), strict=True)]
    places += [
        ((("brand", b),), n)
        for b, n in zip(REVIEWED, (1720, 860, 350, 300, 260, 220, 180, 140, 90, 48, 33, 9), strict=True)
    ]
    places += [((("channel", c),), n) for c, n in (("phone", 820), ("email", 610), ("chat", 44))]
    found = []
    for where, n in places:
        stars = 4.12 if not where else 3.0 + draws.random() * 1.5
        found.append(figure("stars_mean", "mean: stars", stars, n, where, source="reviews", unit="mean", decimals=2,
                            half=2.4 / n**0.5, out_of=5, before=3.78 if not where else None))  # fmt: skip
        found.append(figure("stars_high", "share: stars >= 4", stars / 5.4, n, where, source="reviews"))
        if not where or where[0][0] != "channel":
            found += [figure(i, f"share: {name} == yes", v, n, where, source="reviews") for i, name, v in FACTS]
    for star, share in zip(range(1, 6), (0.14, 0.05, 0.06, 0.19, 0.56), strict=True):
        found.append(
            figure("stars_spread", "share: stars", share, 4210, (("stars", str(star)),), source="reviews", part="stars")
        )
    return found


def texts() -> list[Estimate]:
    found = []
    places: list[tuple[Segment, int]] = [((), 3740), *(((("sector", s),), 1200) for s in sample.SECTORS)]
    for where, n in places:
        shift = 0.0 if not where else 0.05
        found.append(
            figure(
                "complaints",
                'share: polarity(text) == "negative"',
                0.31 + shift,
                n,
                where,
                source="reviews",
                coder=CODER,
            )
        )
        found.append(
            figure(
                "praise", 'share: polarity(text) == "positive"', 0.52 - shift, n, where, source="reviews", coder=CODER
            )
        )
        found.append(
            figure(
                "anger", "mean: intensity(text)", 1.9, n, where, source="reviews", unit="mean", half=0.08, coder=CODER
            )
        )
    for code, share in (("negative", 0.41), ("neutral", 0.13), ("positive", 0.38), ("not_analysable", 0.08)):
        found.append(figure("told", "funnel: negative: …", share, 610, (("state", code),), part="state", coder=CODER))
    return found


def special() -> list[Estimate]:
    """A funnel, a gap, brands named, a grid, a ranking and an index."""
    found = []
    for channel in ("", "email", "chatbot"):
        where: Segment = (("channel", channel),) if channel else ()
        for code, share in zip(STATES, (0.33, 0.29, 0.21, 0.17), strict=True):
            found.append(figure("bot", "funnel: bot_end", share, 410, (*where, ("bot_end", code)), part="bot_end"))
        found.append(figure("immediacy", "gap: (experienced) - (expected)", -0.8, 940, where, unit="mean", half=0.15))
        for code, share in (("above", 0.19), ("at", 0.28), ("below", 0.53)):
            found.append(
                figure("immediacy", "gap: (experienced) - (expected)", share, 940, (*where, ("gap", code)), part="gap")
            )
    for i, brand in enumerate(BRANDS[:24]):
        found.append(figure("named", "mentions: favourite", 0.21 / (i + 1), 1240, (("brand", brand),), part="brand"))
    for i, item in enumerate(ITEMS):
        found.append(figure("trust", "share: trust >= 4", 0.62 - 0.09 * i, 900 - i, (("trust", item),), part="trust"))
        found.append(
            figure(
                "priority",
                "mean: priorities",
                1.6 + 0.5 * i,
                1100,
                (("priorities", item),),
                unit="mean",
                half=0.09,
                part="priorities",
            )
        )
    found.append(figure("irritation", "index: anger", 108.0, 1240, unit="index", half=3.5))
    found.append(
        figure(
            "irritation", "index: anger", 2.4, 1240, (("statistic", "mean"),), unit="mean", half=0.1, part="statistic"
        )
    )
    return found


def log() -> list[Estimate]:
    found = []
    places: list[tuple[Segment, int]] = [((), 18044), ((("channel", "phone"),), 9800), ((("channel", "email"),), 6100),
                                         ((("channel", "social"),), 80), ((("topic", "bill"),), 7000),
                                         ((("topic", "move"),), 5000)]  # fmt: skip
    for where, n in places:
        found.append(figure("resolved", "share: resolved == yes", 0.81, n, where, source="log"))
        found.append(figure("handling", "mean: contacts", 1.7, n, where, source="log", unit="mean", half=0.05))
        for code, share in zip(ENDS, (0.58, 0.23, 0.19), strict=True):
            found.append(
                figure("case_end", "funnel: …", share, n, (*where, ("state", code)), source="log", part="state")
            )
    return found


def noted() -> list[Estimate]:
    places: list[tuple[Segment, int]] = [((), 7200), ((("channel", "phone"),), 4480), ((("channel", "email"),), 1600)]
    places += [((("sector", s),), 2400) for s in sample.SECTORS]
    places += [((("brand", b),), 200 if i else 4) for i, b in enumerate(BRANDS)]
    return [
        figure(i, f"share: {i} == yes", v + (len(where) and 0.03), n, where, source="mystery")
        for where, n in places
        for i, v in (("greeted", 0.74), ("informed", 0.58))
    ]


def stars_leagues() -> list[League]:
    scores = [4.61 - 0.17 * i for i in range(11)]
    halves = [0.06, 0.08, 0.12, 0.14, 0.15, 0.16, 0.18, 0.2, 0.26, 0.36, 0.42]
    entries = tuple(_entry(b, i, scores, halves, "all", 1700 // (i + 1) if i < 9 else 40)
                    for i, b in enumerate(REVIEWED[:11]))  # fmt: skip
    few = (Unranked(REVIEWED[11], 9, "min_reviews"),)
    return [League("all", "simultaneous", 0.95, 10000, 20240101, 5, None, entries, few, "first", tuple(
        e.brand for e in entries if e.possible_first), source="reviews", indicator="stars_mean")]  # fmt: skip


def sectors_league() -> League:
    scores, halves = [14.4, 13.9, 11.2], [0.3, 0.4, 0.3]
    entries = tuple(_entry(s, i, scores, halves, "sectors", 2400) for i, s in enumerate(sample.SECTORS))
    entries = tuple(dataclasses.replace(e, reaches_threshold=None) for e in entries)
    return League("sectors", "simultaneous", 0.95, 10000, 20240101, 20, None, entries, (), "tied",
                  tuple(e.brand for e in entries if e.possible_first), of="sector")  # fmt: skip


def _entry(code: str, i: int, scores: list[float], halves: list[float], family: str, n: int) -> LeagueEntry:
    low, high = scores[i] - halves[i], scores[i] + halves[i]
    better = sum(s - h > high for s, h in zip(scores, halves, strict=False))
    worse = sum(s + h < low for s, h in zip(scores, halves, strict=False))
    ranks = RankSet(1 + better, len(scores) - worse, len(scores), family)
    return LeagueEntry(code, n, scores[i], halves[i] / 1.96, low, high, "fragile" if n < 50 else "ok", ranks,
                       better == 0, None)  # fmt: skip


def labels() -> dict[str, dict[str, str]]:
    found = {f"indicator:{i}": {"fr": fr, "en": en} for i, (fr, en) in LABELS.items()}
    found |= {f"platform:{p}": {"fr": name} for p, name in PLATFORMS.items()}
    found |= {f"bot_end:{s}": {"fr": fr, "en": en} for s, (fr, en) in STATES.items()}
    found |= {f"state:case_end.{s}": {"fr": fr, "en": en} for s, (fr, en) in ENDS.items()}
    found |= {f"{q}:{i}": {"fr": fr, "en": en} for q in ("trust", "priorities") for i, (fr, en) in ITEMS.items()}
    return found | {
        "topic": {"fr": "Motif", "en": "Topic"},
        "topic:bill": {"fr": "Facture", "en": "Bill"},
        "topic:move": {"fr": "Déménagement", "en": "Moving house"},
        **{
            f"state:told.{c}": {"fr": fr}
            for c, fr in (
                ("negative", "Négatives"),
                ("neutral", "Neutres"),
                ("positive", "Positives"),
                ("not_analysable", "Non analysables"),
            )
        },
    }
