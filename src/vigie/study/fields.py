"""What every test, review and case has, whatever the study: the names that expressions over a source may use.

They are questions like those of a survey, so that one language and one engine serve all four sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from vigie.results.figures import Source
from vigie.study.questions import Battery, Category, Date, Multiple, Numeric, Open, Question, Scale, ScaleEnds, Single

YES, NO = "yes", "no"
_YES_NO = {YES: {"fr": "Oui", "en": "Yes"}, NO: {"fr": "Non", "en": "No"}}
MOMENTS: dict[Source, tuple[str, ...]] = {  # where time begins, then where it may end
    "mystery": ("sent_at", "acknowledged_at", "answered_at", "censored_at"),
    "reviews": ("published_on", "replied_at"),
    "log": ("opened_at", "first_response_at", "resolved_at", "abandoned_at", "closed_at"),
}
GRAIN: dict[Source, str] = {"survey": "person", "mystery": "test", "reviews": "review", "log": "case"}


def _yes_no(name: str, fr: str, en: str) -> Question:
    return Single(kind="single", id=name, label={"fr": fr, "en": en}, options=_YES_NO)


def _listed(name: str, options: str, fr: str, en: str) -> Question:
    return Single.model_validate({"kind": "single", "id": name, "label": {"fr": fr, "en": en}, "options": options})


def _number(name: str, fr: str, en: str, unit: Mapping[str, str] | None = None) -> Question:
    return Numeric(kind="numeric", id=name, label={"fr": fr, "en": en}, minimum=0, unit=dict(unit) if unit else None)


def _category(name: str, fr: str, en: str) -> Question:
    return Category(kind="category", id=name, label={"fr": fr, "en": en})


_BRAND = (_listed("brand", "brands", "Marque", "Brand"), _listed("sector", "sectors", "Secteur", "Sector"))
_CHANNEL = _listed("channel", "channels", "Canal", "Channel")
_HOURS = {"fr": "heures", "en": "hours"}
_OUTCOMES = {"answered": {"fr": "Réponse", "en": "Answered"}, "unanswered": {"fr": "Sans réponse", "en": "Unanswered"}}


@cache
def _fields(source: Source, stars: int) -> Mapping[str, Question]:
    found: dict[Source, tuple[Question, ...]] = {
        "mystery": (
            *_BRAND, _CHANNEL,
            Single(kind="single", id="outcome", label={"fr": "Issue du test", "en": "Outcome"}, options=_OUTCOMES),
            _category("scenario", "Scénario", "Scenario"), _category("slot", "Créneau", "Time slot"),
            _number("score", "Note du test", "Score of the test"),
        ),
        "reviews": (
            *_BRAND, _CHANNEL,
            Scale(kind="scale", id="stars", label={"fr": "Étoiles", "en": "Stars"},
                  scale=ScaleEnds.model_validate({"from": 1, "to": stars, "low": {"fr": "La plus mauvaise note", "en":
                                                  "Worst"}, "high": {"fr": "La meilleure note", "en": "Best"}})),
            _category("platform", "Plateforme", "Platform"), _yes_no("solicited", "Avis sollicité", "Solicited"),
            _yes_no("verified", "Avis vérifié", "Verified"), _yes_no("replied", "Réponse de la marque", "Replied to"),
            Date(kind="date", id="published", label={"fr": "Publication", "en": "Published"}),
            Date(kind="date", id="experienced", label={"fr": "Expérience", "en": "Experienced"}),
            Open(kind="open", id="text", label={"fr": "Texte de l’avis", "en": "Text of the review"}),
        ),
        "log": (
            *_BRAND, _CHANNEL,
            Multiple(kind="multiple", id="channels", label={"fr": "Canaux empruntés", "en": "Channels taken"},
                     options="channels"),
            _yes_no("answered", "Réponse", "Answered"), _yes_no("resolved", "Résolu", "Resolved"),
            _yes_no("abandoned", "Abandonné", "Abandoned"),
            _yes_no("changed", "Changement de canal", "Changed channel"),
            _yes_no("reopened", "Rouvert", "Reopened"), _number("contacts", "Échanges", "Contacts"),
            _number("transfers", "Transferts", "Transfers"),
            _number("wait", "Attente avant réponse", "Wait until answered", _HOURS),
            _number("handling", "Durée de traitement", "Handling time", _HOURS),
        ),
    }  # fmt: skip
    return MappingProxyType({q.id: q for q in found[source]})


def fields(source: Source, stars: int = 5) -> dict[str, Question]:
    """The fields of a source other than the survey."""
    return dict(_fields(source, stars))


def unfolded(questions: Iterable[Question]) -> dict[str, Question]:
    """Questions by id, each item of a grid as a question of its own."""
    return {q.id: q for given in questions for q in (given.questions() if isinstance(given, Battery) else [given])}
