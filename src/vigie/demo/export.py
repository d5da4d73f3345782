"""Survey answers as the files of two institutes: cells of text by column, in the order of the file.

The web panel exports the study's own names and codes. The telephone institute of 2022 has its own: question numbers,
labels in place of codes, several answers in one cell, French dates and decimal commas.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.survey import EMPTY, HIDDEN, Columns
from vigie.demo.truth import CHANNELS, FIELD, Truth

Cells = dict[str, list[str]]
COMPLETE, PARTIAL, SCREENED_OUT = 3, 2, 1
KEPT_QUESTIONS = ("sex", "age", "region", "used", "reasons")  # what a partial interview holds
LOOPS = ("satisfaction", "effort", "resolution", "speed_expected", "speed_received")

REGION_LABELS = {"idf": "Île-de-France", "nw": "Nord-Ouest", "ne": "Nord-Est", "sw": "Sud-Ouest", "se": "Sud-Est"}
REASON_LABELS = {
    "information": "Demander une information", "delivery": "Suivre une commande ou une livraison",
    "technical": "Signaler un problème technique", "billing": "Comprendre une facture",
    "complaint": "Faire une réclamation", "contract": "Modifier ou résilier un contrat",
}  # fmt: skip
_IRRITANT_CODES = {"standard": "A", "waiting": "B", "repeating": "C", "saturation": "D", "transfers": "E",
                   "hidden": "F", "paid": "G", "none": "Z"}  # fmt: skip
_YES_NO = {"yes": "1", "no": "2", "dk": "9"}
_AGREEMENT = {"strongly": "1", "rather": "2", "rather_not": "3", "not_at_all": "4", "rf": "8", "dk": "9"}
# question of the study: column of the telephone file, and its codes there
_TELEPHONE_CODES: dict[str, tuple[str, dict[str, str]]] = {
    "chatbot_outcome": ("Q16", {"bot": "1", "human": "2", "unresolved": "3", "abandoned": "4"}),
    "phone_dread": ("Q17", _YES_NO),
    "choice": ("Q18", _AGREEMENT),
    "human_only": ("Q19", _YES_NO),
    "personal": ("Q20", _AGREEMENT),
    "reviews": ("Q22", _YES_NO),
    "mediator": ("Q23", {"yes": "1", "no": "2", "unaware": "3"}),
    "mediation_useful": ("Q24", _YES_NO),
    "sms_reply": ("Q30", {"minute": "1", "hour": "2", "day": "3", "later": "4", "never": "5"}),
}
# grid of the study: column of each item there, what stands for the items, and the codes
_TELEPHONE_GRIDS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "habits": ("Q31", ("online", "remote"), {"more": "1", "same": "2", "less": "3", "never": "4"}),
    "opinions": ("Q32", ("impersonal", "human", "several", "image", "social_useful", "confidentiality", "constraint"),
                 _AGREEMENT),
    "irritation": ("Q33", ("saturated", "voice_menu", "cut_off", "repeated"),
                   {"very": "1", "rather": "2", "little": "3", "not": "4"}),
}  # fmt: skip
_CRITERIA = ("price", "quality", "contact", "delivery", "reputation", "ethics", "proximity")


def cells(values: npt.NDArray[Any]) -> list[str]:
    """Values as text: -1 and "not a time" are empty."""
    if values.dtype.kind == "M":
        return ["" if text == "NaT" else text for text in np.datetime_as_string(values).tolist()]
    if values.dtype.kind in "iu":
        return ["" if number == EMPTY else str(number) for number in values.tolist()]
    return [str(text) for text in values.tolist()]


def paradata(wave: str, status: npt.NDArray[np.int64], rng: np.random.Generator) -> dict[str, npt.NDArray[Any]]:
    """When interviews began, how long they took, and how they ended."""
    n = len(status)
    first = np.datetime64(FIELD[wave][0], "s")
    second = rng.integers(0, 19, size=n) * 86_400 + rng.integers(9 * 3600, 20 * 3600, size=n)
    seconds = np.exp(rng.normal(np.log(720), 0.35, size=n)).astype(np.int64)
    start = first + second.astype("timedelta64[s]")
    return {"start": start, "seconds": np.where(status == COMPLETE, seconds, seconds // 4), "status": status}


def interrupted(drawn: Columns, status: npt.NDArray[np.int64]) -> Columns:
    """Answers without what people who did not finish were never asked."""
    kept = {*KEPT_QUESTIONS, *HIDDEN}
    return {
        name: values if name.split(".")[0] in kept else _where_complete(values, status)
        for name, values in drawn.items()
    }


def _where_complete(values: npt.NDArray[Any], status: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    empty: Any = {"i": EMPTY, "M": np.datetime64("NaT")}.get(values.dtype.kind, "")
    return np.where(status == COMPLETE, values, empty)


def web_panel(wave: str, drawn: Columns, about: dict[str, npt.NDArray[Any]]) -> Cells:
    """The file of the web panel."""
    n = len(about["status"])
    found: Cells = {
        "record": [f"W{wave[2:]}-{number:05d}" for number in range(1, n + 1)],
        "status": cells(about["status"]),
        "start": [text.replace("T", " ") for text in cells(about["start"])],
        "seconds": cells(about["seconds"]),
    }
    return found | {name: cells(values) for name, values in drawn.items() if name not in HIDDEN}


def telephone(wave: str, truth: Truth, drawn: Columns, about: dict[str, npt.NDArray[Any]]) -> Cells:
    """The file of the telephone institute."""
    text = {name: cells(values) for name, values in drawn.items()}
    n = len(about["status"])
    ages = {f"a{i}": str(i) for i in range(1, 6)}
    found: Cells = {
        "ID": [f"T{wave[2:]}-{number:05d}" for number in range(1, n + 1)],
        "statut": cells(about["status"]),
        "POIDS": [f"{weight:.4f}".replace(".", ",") for weight in drawn["weight"]],
        "DEBUT": [_french_time(start) for start in cells(about["start"])],
        "DUREE": [f"{seconds / 60:.1f}".replace(".", ",") for seconds in about["seconds"].tolist()],
        "Q1": _recoded(text["sex"], {"f": "Femme", "m": "Homme"}),
        "Q2": _recoded(text["age"], ages),
        "Q3": _recoded(text["region"], REGION_LABELS),
    }
    for number, channel in zip((*range(1, len(CHANNELS) + 1), 99), (*CHANNELS, "none"), strict=True):
        found[f"Q7r{number}"] = _recoded(text[f"used.{channel}"], {"1": "Oui", "0": "Non"})
    found["Q7autre"] = text["used.other.text"]
    found["Q8"] = _joined(text, "reasons", REASON_LABELS)
    for question, column in zip(LOOPS, ("Q9", "Q10", "Q11", "Q28", "Q29"), strict=True):
        codes = {"yes": "1", "partly": "2", "no": "3"} if question == "resolution" else None
        for place, channel in enumerate(CHANNELS, start=1):
            values = text[f"{question}.{channel}"]
            found[f"{column}r{place}"] = _recoded(values, codes) if codes else values
    return found | _telephone_opinions(truth, text)


def _telephone_opinions(truth: Truth, text: Cells) -> Cells:
    sectors = {sector.id: str(place) for place, sector in enumerate(truth.sectors, start=1)}
    reached = [any_ == "0" for any_ in text["used.none"]]
    found: Cells = {
        "Q12": text["recommend"],
        # asked and not answered: this institute writes NR
        "Q13": ["NR" if asked and not told else told for asked, told in zip(reached, text["contacts"], strict=True)],
        "Q14": [_french_day(day) for day in text["last_contact"]],
        "Q15": _recoded(text["last_sector"], sectors),
    }
    for question, (column, codes) in _TELEPHONE_CODES.items():
        found[column] = _recoded(text[question], codes)
    for number, code in enumerate(("browsing", "social_data", "appliances", "connected", "none"), start=1):
        found[f"Q21r{number}"] = text[f"privacy.{code}"]
    found["Q25"] = _joined(text, "irritants", _IRRITANT_CODES)
    found["Q26"] = _recoded(text["best_sector"], sectors | {"dk": "99"})
    found["Q27"] = text["story"]
    for grid, (column, items, codes) in _TELEPHONE_GRIDS.items():
        for number, item in enumerate(items, start=1):
            found[f"{column}_{number}"] = _recoded(text[f"{grid}_{item}"], codes)
    for number, option in enumerate(_CRITERIA, start=1):  # the place of each option, in a column per option
        found[f"Q34r{number}"] = _place(text, option)
    found["Q35"] = text["favourite"]
    return found


def _place(text: Cells, option: str) -> list[str]:
    places = [text[f"criteria_{place}"] for place in (1, 2, 3)]
    return [next((str(k) for k, named in enumerate(row, start=1) if named == option), "")
            for row in zip(*places, strict=True)]  # fmt: skip


def _recoded(values: Sequence[str], codes: dict[str, str]) -> list[str]:
    return [codes[value] if value else "" for value in values]


def _joined(text: Cells, question: str, names: dict[str, str]) -> list[str]:
    """The options ticked, in one cell."""
    columns = [text[f"{question}.{code}"] for code in names]
    return ["|".join(itertools.compress(names.values(), (cell == "1" for cell in row)))
            for row in zip(*columns, strict=True)]  # fmt: skip


def _french_day(day: str) -> str:
    return "/".join(reversed(day.split("-"))) if day else ""


def _french_time(moment: str) -> str:
    day, _, hour = moment.partition("T")
    return f"{_french_day(day)} {hour[:5]}"
