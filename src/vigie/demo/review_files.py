"""Reviews as files: one row per review, in the export of a collector of 2022 and in that of the years after.

The first one had French headers and dates such as "il y a 3 jours", which count from the day of collection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.mistakes import Mistake
from vigie.demo.population import Ints
from vigie.demo.reviews import MODERATION, PLATFORMS, draw_reviews
from vigie.demo.tables import lines, table
from vigie.demo.telling import NEGATIVE, POLARITIES
from vigie.demo.truth import FIELD, Truth

Drawn = dict[str, npt.NDArray[Any]]
Columns = dict[str, list[str]]
COLLECTED_EVERY = 14  # days
_REPLIES = ("Bonjour, nous vous remercions de votre avis.", "Bonjour, écrivez-nous en message privé.",
            "Merci, nous transmettons aux équipes concernées.")  # fmt: skip
_ETATS = dict(zip(MODERATION, ("publié", "refusé", "en attente"), strict=True))


def write_reviews(path: Path, truth: Truth, wave: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draws and writes the reviews of a wave; says what the file holds."""
    drawn = draw_reviews(truth, wave, rng)
    early = wave == min(truth.reviews)
    columns = _collector(truth, wave, drawn, rng) if early else _export(truth, wave, drawn, rng)
    mistakes = _spoil(columns, drawn, rng, early=early)
    table(path, lines(columns), delimiter=";" if early else ",")
    published, texts = drawn["moderation"] == 0, drawn["text"] != ""
    words = drawn["polarity"][published & texts]
    return {
        "rows": len(texts), "published": int(published.sum()),
        "with_stars": int((published & ~drawn["no_stars"]).sum()), "with_text": int((published & texts).sum()),
        "polarity_drawn": {p: float((words == k).mean()) for k, p in enumerate(POLARITIES)},
        "strong_drawn": float(drawn["strong"][published & texts & (drawn["polarity"] == NEGATIVE)].mean()),
        "mistakes": [m.record() for m in mistakes],
    }  # fmt: skip


def _brands(truth: Truth, wave: str, drawn: Drawn, rng: np.random.Generator) -> list[str]:
    """Brands as platforms write them: by name, id or alias; two of them in one cell where a review is about both."""
    brands, aliases = truth.reviews[wave].brands, {r.id: r.aliases for r in truth.brand_rows}
    forms = np.array([[b.name, b.id, b.name.upper(), aliases[b.id] or b.name] for b in brands], dtype=object)
    way = rng.choice(4, size=len(drawn["brand"]), p=(0.62, 0.18, 0.08, 0.12))
    first, second = forms[drawn["brand"], way], forms[drawn["second"], 0]
    return _cells(np.where(drawn["brand"] == drawn["second"], first, first + "|" + second))


def _export(truth: Truth, wave: str, drawn: Drawn, rng: np.random.Generator) -> Columns:
    """The collector of 2023 and after: names of the study, dates as they are."""
    n = len(drawn["brand"])
    yes_no = np.array(("no", "yes"), dtype=object)
    return {
        "review": [f"A{wave[2:]}-{number:06d}" for number in range(1, n + 1)],
        "brand": _brands(truth, wave, drawn, rng),
        "stars": np.where(drawn["no_stars"], "", drawn["stars"].astype(str)).tolist(),
        "title": drawn["title"].tolist(), "text": drawn["text"].tolist(),
        "author": [f"u{number:06d}" for number in drawn["author"].tolist()],
        "platform": np.array(PLATFORMS)[drawn["platform"]].tolist(),
        "solicited": yes_no[drawn["solicited"].astype(int)].tolist(),
        "verified": yes_no[drawn["verified"].astype(int)].tolist(),
        "moderation": np.array(MODERATION)[drawn["moderation"]].tolist(),
        "experience_on": _days(drawn["lived"], drawn["dated"]),
        "published_on": _moments(drawn["published"]),
        "replied": yes_no[(~np.isnat(drawn["replied"])).astype(int)].tolist(),
        "replied_at": _moments(drawn["replied"]),
    }  # fmt: skip


def _collector(truth: Truth, wave: str, drawn: Drawn, rng: np.random.Generator) -> Columns:
    """The collector of 2022: French headers and codes, publication told from the day of collection."""
    n = len(drawn["brand"])
    day = drawn["published"].astype("datetime64[D]")
    first = np.datetime64(FIELD[wave][0], "D")
    rounds = (day - first).astype(int) // COLLECTED_EVERY + 1
    collected = first + (rounds * COLLECTED_EVERY).astype("timedelta64[D]")
    ago = (collected - day).astype(int)  # from 1 to 14 days
    reply = np.array(_REPLIES, dtype=object)[rng.integers(len(_REPLIES), size=n)]
    oui = np.array(("non", "oui"), dtype=object)
    return {
        "Avis": [f"A{wave[2:]}-{number:06d}" for number in range(1, n + 1)],
        "Marque": _brands(truth, wave, drawn, rng),
        "Note": np.where(drawn["no_stars"], "", drawn["stars"].astype(str)).tolist(),
        "Titre": drawn["title"].tolist(), "Texte": drawn["text"].tolist(),
        "Auteur": [f"u{number:06d}" for number in drawn["author"].tolist()],
        "Site": np.array(PLATFORMS)[drawn["platform"]].tolist(),
        "Sollicité": oui[drawn["solicited"].astype(int)].tolist(),
        "Vérifié": oui[drawn["verified"].astype(int)].tolist(),
        "État": np.array(list(_ETATS.values()))[drawn["moderation"]].tolist(),
        "Vécu le": ["/".join(reversed(d.split("-"))) if d else "" for d in _days(drawn["lived"], drawn["dated"])],
        "Publié": np.array([_ago(k) for k in range(COLLECTED_EVERY + 1)], dtype=object)[ago].tolist(),
        "Relevé le": ["/".join(reversed(d.split("-"))) for d in np.datetime_as_string(collected).tolist()],
        "Réponse": np.where(np.isnat(drawn["replied"]), "", reply).tolist(),
        "Répondu le": [_french(moment) for moment in _moments(drawn["replied"])],
    }  # fmt: skip


def _french(moment: str) -> str:
    day, _, time = moment.partition(" ")
    return f"{'/'.join(reversed(day.split('-')))} {time}" if day else ""


def _ago(days: int) -> str:
    """How long ago, as platforms write it."""
    if days < 2:
        return ("aujourd’hui", "hier")[days]
    if days % 7 == 0:
        return "il y a une semaine" if days == 7 else f"il y a {days // 7} semaines"
    return f"il y a {days} jours"


def _days(days: npt.NDArray[Any], there: npt.NDArray[np.bool_]) -> list[str]:
    return _cells(np.where(there, np.datetime_as_string(days), ""))


def _moments(moments: npt.NDArray[Any]) -> list[str]:
    text = np.char.replace(np.datetime_as_string(moments), "T", " ")
    return _cells(np.where(np.isnat(moments), "", text))


def _cells(values: npt.NDArray[Any]) -> list[str]:
    return [str(value) for value in values.tolist()]


def _spoil(columns: Columns, drawn: Drawn, rng: np.random.Generator, *, early: bool) -> list[Mistake]:
    """Spoils a few cells in place, each in a published review of its own that has stars and a text."""
    key, brand, stars, day = ("Avis", "Marque", "Note", "Relevé le") if early else ("review", "brand", "stars",
                                                                                  "published_on")  # fmt: skip
    rows: Ints = rng.permutation(
        np.flatnonzero((drawn["moderation"] == 0) & ~drawn["no_stars"] & (drawn["text"] != ""))
    )[:6]
    later = int(rows.argmax())
    rows[[3, later]] = rows[[later, 3]]  # the review that bears a known id again stands after it
    wrong = ((brand, "Enseigne Sans Nom", "unknown-brand"), (stars, "7", "bad-number"),
             (day, "31/02/2022" if early else "2024-02-31 10:00:00", "bad-date"),
             (key, columns[key][int(rows[5])], "duplicate-id"), (key, "", "missing-id"))  # fmt: skip
    found = []
    for row, (column, cell, problem) in zip(rows.tolist(), wrong, strict=False):
        found.append(Mistake(row + 2, columns[key][row], column, cell, problem))
        columns[column][row] = cell
    return found
