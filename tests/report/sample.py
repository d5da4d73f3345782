"""Three waves of an invented observatory, as the engine would hand them over: every case that a report must show."""

from __future__ import annotations

import dataclasses
import random

from vigie.results.figures import Change, Estimate, Lineage, RankSet, Segment, figure_key
from vigie.results.methods import Exclusion, Fieldwork, MarginLine, WeightingDiagnostics, Wording
from vigie.results.rankings import League, LeagueEntry, Unranked
from vigie.results.waves import WaveResults

Z = 1.96
CHANNELS = {
    "email": ("E-mail", "E-mail"),
    "phone": ("Téléphone", "Phone"),
    "web_form": ("Formulaire web", "Web form"),
    "messaging": ("Messagerie", "Messaging"),
    "chat": ("Tchat", "Chat"),
    "face_to_face": ("Face à face", "Face to face"),
    "chatbot": ("Chatbot", "Chatbot"),
    "social": ("Réseaux sociaux", "Social networks"),
    "video": ("Visio", "Video call"),
}
INDICATORS = {
    "contacted": ("Ont contacté un service client", "Contacted a customer service", "any(used)", "everyone"),
    "channels": ("Nombre moyen de canaux", "Mean number of channels", "count(used)", "any(used)"),
    "nps": ("Recommandation (NPS)", "Recommendation (NPS)", "recommend", "any(used)"),
    "usage": ("Utilisé", "Used", "used", "everyone"),
    "satisfied": ("Satisfaits", "Satisfied", "satisfaction >= 7", "everyone"),
    "effort": ("Effort faible", "Low effort", "effort <= 2", "everyone"),
    "mystery_score": ("Note mystère", "Mystery score", "score", "everyone"),
    "gender": ("Vous êtes", "You are", "sex", "everyone"),
    "marks": ("Clarté des réponses", "Clarity of the answers", "mark", "everyone"),
    "mean_mark": ("Clarté, en moyenne", "Mean clarity", "mean: mark", "everyone"),
    "sector": ("Secteur du dernier contact", "Sector of the last contact", "sector_used", "any(used)"),
}
USAGE = {
    "email": (52, 52, 57),
    "phone": (66, 61, 54),
    "web_form": (40, 43, 44),
    "messaging": (9, 12, 19),
    "chat": (16, 17, 17),
    "face_to_face": (20, 18, 17),
    "chatbot": (8, 11, 15),
    "social": (8, 8, 7),
    "video": (2, 2, 2),
}
SATISFIED = {
    "email": (60, 60, 61),
    "phone": (62, 63, 58),
    "web_form": (63, 64, 66),
    "messaging": (74, 75, 76),
    "chat": (80, 81, 78),
    "face_to_face": (88, 89, 88),
    "chatbot": (42, 40, 41),
    "social": (71, 73, 69),
    "video": (60, 70, 81),
}
MYSTERY = {
    "email": (12.5, 12.7, 12.9),
    "phone": (13.7, 13.9, 13.8),
    "web_form": (11.4, 11.5, 11.7),
    "messaging": (13.2, 13.6, 14.5),
    "chat": (14.3, 14.4, 14.6),
    "chatbot": (7.9, 8.1, 8.4),
    "social": (11.7, 11.6, 11.2),
}
SECTORS = {"energy": ("Énergie", "Energy"), "banking": ("Banque", "Banking"), "travel": ("Voyage", "Travel")}
BRANDS = {
    "energy": [
        "Ondine",
        "Maison Cabestan",
        "Télécime",
        "Amarre Énergie",
        "Ponant",
        "Hauban",
        "Misaine Gaz",
        "Sillage",
        "Escale Électrique",
        "Artimon",
        "Boussole",
        "Grand Largue",
    ],
    "banking": [
        "Crédit Sextant",
        "Banque Vergue",
        "Caisse du Gréement",
        "Mutuelle Étrave",
        "Banque du Ponton",
        "Crédit Carène",
        "Épargne Drisse",
        "Comptoir Safran",
        "Banque Tangon",
    ],
    "travel": [
        "Voyages Spinnaker",
        "Écoute & Cap",
        "Croisières Bâbord",
        "Hôtels Tribord",
        "Agence Roulis",
        "Tangage Tours",
        "Foc Évasion",
        "Vacances Génois",
        "Club Dérive",
        "Gîtes Haubans",
        "Rail Bleu",
        "Autocars Cale",
        "Vol Nord",
        "Ferry Quille",
        "Camping Ancre",
    ],
}
WAVES = ("2022", "2023", "2024")


def results(wave: str = "2024") -> WaveResults:
    """One wave; the last has everything."""
    t = WAVES.index(wave)
    previous = WAVES[t - 1] if t else None
    return WaveResults(
        study="observatory",
        title={"fr": "Observatoire de la relation client", "en": "Customer relations observatory"},
        wave=wave,
        previous=previous,
        version="0.1.0",
        languages=("fr", "en"),
        population={"fr": "Résidents en France de 18 ans et plus", "en": "Residents of France aged 18 and over"},
        hide=30,
        fragile=100,
        estimates=tuple(_estimates(t)),
        leagues=tuple(_leagues()),
        weighting=_weighting(),
        exclusions=(
            Exclusion("survey", "duplicate-id", 3, 0, ("1042", "1187", "2044")),
            Exclusion("survey", "unknown-code", 0, 12, ("ligne 88 : « 9 » pour age",)),
            Exclusion("survey", "keep", 41, 0, ()),
            Exclusion("mystery", "incomplete_test", 57, 0, ("T-00412", "T-00977")),
        ),
        fieldwork=(
            Fieldwork("survey", "web", f"{wave}-01-08", f"{wave}-01-26", 1284, 1240),
            Fieldwork(
                "mystery",
                "mystery",
                f"{wave}-01-08",
                f"{wave}-03-15",
                7257,
                7200,
                (("phone", 4480), ("email", 1600), ("chat", 320)),
                36,
            ),
        ),
        questionnaire=_questionnaire(),
        banner=("sex", "age"),
        channel_weights=(("phone", 0.45, 0.012), ("email", 0.3, 0.011), ("chat", 0.25, 0.009)),
        labels=_labels(),
        snapshot="9f2c4d7be1a05c3388d1",
    )


def earlier() -> tuple[WaveResults, ...]:
    return results("2022"), results("2023")


def replace(**changes: object) -> WaveResults:
    """The last wave with something else in it."""
    return dataclasses.replace(results(), **changes)


def estimate(
    indicator: str,
    value: float,
    n: int,
    segment: Segment = (),
    *,
    unit: str = "share",
    t: int = 2,
    half: float | None = None,
    before: float | None = None,
    source: str = "survey",
    looped: bool = False,
    broken: str = "",
    hide: int = 30,
    fragile: int = 100,
    out_of: float | None = None,
    decimals: int = 0,
    part: str = "",
) -> Estimate:
    """A figure with an interval, the flag of its base, and the verdict that its change deserves."""
    fr, en, expression, base = INDICATORS[indicator]
    hidden = n < hide
    flag = "hidden" if hidden else "fragile" if n < fragile else "ok"
    if half is None:
        half = Z * (max(value * (1 - value), 0.01) / max(n, 1)) ** 0.5
    identity = f"{indicator}-{'b' if t == 2 and broken else 'a'}"
    return Estimate(
        figure=figure_key(identity, segment),
        identity=identity,
        indicator=indicator,
        label={"fr": fr, "en": en},
        source=source,
        grain="channel" if looped else "test" if source == "mystery" else "person",
        wave=WAVES[t],
        segment=segment,
        value=None if hidden else value,
        unit=unit,
        decimals=decimals,
        se=None if hidden else half / Z,
        ci_low=None if hidden else value - half,
        ci_high=None if hidden else value + half,
        level=0.95,
        n=n,
        n_weighted=float(n),
        n_effective=n * 0.88,
        design_effect=1.14,
        flag=flag,
        out_of=out_of,
        part=part,
        lineage=Lineage(
            _question(indicator),
            expression,
            base,
            "",
            "raking" if source == "survey" else "",
            "t, Holm",
            ("ab" * 32,),
        ),
        change=_change(value, before, half, t, broken, flag),
    )


def _change(value: float, before: float | None, half: float, t: int, broken: str, flag: str) -> Change | None:
    if not t:
        return Change("", None, None, None, None, "untested", "no_previous")
    if broken:
        return Change(WAVES[t - 1], None, None, None, None, "break", broken)
    if before is None or flag == "hidden":
        return Change(WAVES[t - 1], None, None, None, None, "untested", "small_base")
    se = half / Z * 2**0.5
    z = (value - before) / se
    p = 0.001 if abs(z) > 2.4 else 0.4
    verdict = "none" if abs(z) < 2.4 or flag == "fragile" else "up" if z > 0 else "down"
    return Change(WAVES[t - 1], value - before, se, p, p * 2, verdict)


def _estimates(t: int) -> list[Estimate]:
    found = [
        estimate("contacted", (0.78, 0.79, 0.80)[t], 1240, t=t, before=(None, 0.78, 0.79)[t]),
        estimate(
            "channels", (2.3, 2.4, 2.5)[t], 992, t=t, unit="mean", decimals=1, half=0.06, before=(None, 2.3, 2.4)[t]
        ),
        estimate("nps", (0.05, 0.04, -0.03)[t], 992, t=t, unit="nps", half=0.05, broken="scale" if t == 2 else ""),
    ]
    for channel in CHANNELS:
        where: Segment = (("channel", channel),)
        n = int(USAGE[channel][t] * 9.92)
        found.append(_share("usage", USAGE, channel, t, 992, where, part="channel"))
        found.append(_share("satisfied", SATISFIED, channel, t, n, where, looped=True))
        easy = {c: tuple(v + 8 for v in values) for c, values in SATISFIED.items()}
        found.append(_share("effort", easy, channel, t, n, where, looped=True, broken="wording" if t == 1 else ""))
        if channel in MYSTERY:
            score, past = MYSTERY[channel][t], MYSTERY[channel][t - 1] if t else None
            found.append(
                estimate(
                    "mystery_score",
                    score,
                    900,
                    where,
                    t=t,
                    unit="score",
                    decimals=1,
                    half=0.25,
                    before=past,
                    source="mystery",
                    hide=5,
                    fragile=30,
                    out_of=20,
                )
            )
    for question, codes in {"sex": ("f", "m"), "age": ("a1", "a2", "a3")}.items():
        for i, code in enumerate(codes):
            n = (640, 600)[i] if question == "sex" else (380, 820, 28)[i]
            found.append(estimate("contacted", 0.78 + 0.02 * i, n, ((question, code),), t=t, before=0.78))
            found.append(
                estimate(
                    "channels",
                    2.4 + 0.1 * i,
                    n,
                    ((question, code),),
                    t=t,
                    unit="mean",
                    decimals=1,
                    half=0.1,
                    before=2.3,
                )
            )
    for i, sector in enumerate(SECTORS):
        found.append(estimate("sector", 0.41 - 0.12 * i, 992, (("sector_used", sector),), t=t, part="sector_used"))
    for code, share in (("f", 0.52), ("m", 0.48)):  # a question of the banner has its own answers too
        found.append(estimate("gender", share, 1240, (("sex", code),), t=t, part="sex"))
        found += [estimate("gender", share, 400, (("sex", code), ("age", a)), t=t, part="sex") for a in ("a1", "a2")]
    for mark in range(1, 6):
        found.append(
            estimate("marks", (0.1, 0.004, 0.296, 0.4, 0.2)[mark - 1], 990, (("mark", str(mark)),), t=t, part="mark")
        )
    found.append(estimate("mean_mark", 3.6, 990, unit="mean", decimals=1, half=0.1, t=t))
    return found


def _share(
    indicator: str, values: dict[str, tuple[int, ...]], channel: str, t: int, n: int, where: Segment, **more: object
) -> Estimate:
    past = values[channel][t - 1] / 100 if t else None
    return estimate(
        indicator,
        min(values[channel][t], 97) / 100,
        n,
        where,
        t=t,
        before=past,
        out_of=10 if indicator == "satisfied" else None,
        **more,
    )


def _leagues() -> list[League]:
    draws = random.Random(4)
    top = {"energy": 16.4, "banking": 17.6, "travel": 12.4}
    step = {"energy": 0.35, "banking": 0.6, "travel": 0.3}
    verdicts = {"energy": "tied", "banking": "first", "travel": "none"}
    found, everyone = [], []
    for sector, brands in BRANDS.items():
        scores = [
            top[sector] - (1.1 if sector == "banking" and i else 0) - step[sector] * i for i in range(len(brands))
        ]
        halves = [0.45 + draws.random() * 0.35 for _ in brands]
        entries = [_entry(i, b, scores, halves, f"sector:{sector}", 8 if i == 5 else 200) for i, b in enumerate(brands)]
        winners = tuple(e.brand for e in entries if e.possible_first)
        verdict = verdicts[sector]
        unranked = (Unranked("dormant", 3, "min_tests"),) if sector == "energy" else ()
        found.append(
            League(
                f"sector:{sector}",
                "simultaneous",
                0.95,
                10000,
                20240101,
                20,
                12,
                tuple(entries),
                unranked,
                verdict,
                winners if verdict != "none" else (),
            )
        )
        everyone += list(zip(brands, scores, halves, strict=True))
    everyone.sort(key=lambda item: -item[1])
    scores, halves = [s for _, s, _ in everyone], [h for _, _, h in everyone]
    entries = [_entry(i, b, scores, halves, "all", 200) for i, (b, _, _) in enumerate(everyone)]
    return [
        *found,
        League("all", "marginal", 0.95, 10000, 20240101, 20, 12, tuple(entries), (), "tied", (entries[0].brand,)),
    ]


def _entry(i: int, brand: str, scores: list[float], halves: list[float], family: str, n: int) -> LeagueEntry:
    low, high = scores[i] - halves[i], scores[i] + halves[i]
    better = sum(s - h > high for s, h in zip(scores, halves, strict=True))
    worse = sum(s + h < low for s, h in zip(scores, halves, strict=True))
    reaches = "yes" if low > 12 else "no" if high < 12 else "unsure"
    return LeagueEntry(
        key(brand),
        n,
        scores[i],
        halves[i] / Z,
        low,
        high,
        "fragile" if n < 30 else "ok",
        RankSet(1 + better, len(scores) - worse, len(scores), family),
        better == 0,
        reaches,
        ("chat",) if i == 3 else (),
    )


def key(brand: str) -> str:
    return "".join(c for c in brand.lower() if c.isalnum())


def _weighting() -> WeightingDiagnostics:
    lines = [
        ("sex", "f", 640, 0.516, 0.522, 0.522),
        ("sex", "m", 600, 0.484, 0.478, 0.478),
        ("age", "a1", 380, 0.306, 0.262, 0.262),
        ("age", "a2", 820, 0.661, 0.349, 0.349),
        ("age", "a3", 28, 0.023, 0.389, 0.389),
    ]
    return WeightingDiagnostics(
        "raking",
        tuple(MarginLine(*line) for line in lines),
        1240,
        1088.0,
        1.14,
        0.41,
        2.87,
        (0.5, 0.6, 0.8, 0.95, 1.2, 1.7, 2.4),
        0.012,
        6,
        "margins/2024.csv",
    )


def _question(indicator: str) -> dict[str, str]:
    asked = {
        "usage": "Au cours des 12 derniers mois, par quels moyens avez-vous contacté un service client ?",
        "satisfied": "Êtes-vous satisfait de vos contacts par {channel} ?",
        "effort": "Vous a-t-il fallu beaucoup d’efforts par {channel} ?",
        "nps": "Recommanderiez-vous ce service client ?",
        "sector": "Dans quel secteur était votre dernier contact ?",
    }
    return {"fr": asked[indicator]} if indicator in asked else {}


def _questionnaire() -> tuple[Wording, ...]:
    options = tuple((c, {"fr": fr, "en": en}) for c, (fr, en) in CHANNELS.items())
    return (
        Wording("used", "multiple", _question("usage"), options, "everyone", changed=False),
        Wording("satisfaction", "scale", _question("satisfied"), (), "any(used)", changed=False),
        Wording("sex", "single", {"fr": "Vous êtes", "en": "You are"}, (), "everyone", changed=False),
        Wording("mark", "scale", {"fr": "Les réponses étaient-elles claires ?"}, (), "everyone", changed=False),
        Wording("recommend", "scale", _question("nps"), (), "any(used)", changed=True),
    )


def _labels() -> dict[str, dict[str, str]]:
    found = {f"channel:{c}": {"fr": fr, "en": en} for c, (fr, en) in CHANNELS.items()}
    found |= {f"sector:{s}": {"fr": fr, "en": en} for s, (fr, en) in SECTORS.items()}
    found |= {f"sector_used:{s}": {"fr": fr, "en": en} for s, (fr, en) in SECTORS.items()}
    found |= {f"indicator:{i}": {"fr": fr, "en": en} for i, (fr, en, _, _) in INDICATORS.items()}
    found |= {f"brand:{key(b)}": {"fr": b} for brands in BRANDS.values() for b in brands}
    found |= {
        "brand:dormant": {"fr": "Gaz Dormant"},
        "sex": {"fr": "Sexe", "en": "Sex"},
        "age": {"fr": "Âge", "en": "Age"},
    }
    found |= {"sex:f": {"fr": "Femmes", "en": "Women"}, "sex:m": {"fr": "Hommes", "en": "Men"}}
    found |= {"age:a1": {"fr": "18-34 ans", "en": "18-34"}, "age:a2": {"fr": "35-54 ans", "en": "35-54"}}
    found |= {
        "age:a3": {"fr": "55 ans et plus", "en": "55 and over"},
        "used": {"fr": "Canaux utilisés", "en": "Channels used"},
    }
    found |= {f"mark:{k}": {"fr": str(k), "en": str(k)} for k in range(1, 6)}
    found |= {"sector_used": {"fr": "Secteur du dernier contact", "en": "Sector of the last contact"}}
    return found
