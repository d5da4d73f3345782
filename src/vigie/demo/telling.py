"""Telling: texts of experiences put together from authored sentences, in the registers in which people write.

The sentences stand in `templates/tales.*.txt`, under their polarity and strength. A text is an opening, a body, perhaps
a second sentence, an ending, and sometimes something that should not be there: a name, a telephone number, an address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.demo.population import Ints

Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
NEGATIVE, NEUTRAL, POSITIVE = range(3)
POLARITIES = ("negative", "neutral", "positive")
VARIANTS = 5  # of a sentence with something to fill in
MIXED = {NEGATIVE: 0.18, POSITIVE: 0.15}  # texts that praise and blame, by what they come to
NAMING = 0.15  # texts that say the brand's name, where it is given
PERSONAL = 0.07  # texts with somebody's name, number or address
_REGISTERS = (0.62, 0.13, 0.10, 0.05, 0.10)  # plain, without accents, small letters, capitals, as in an SMS
_SMS = {"qu’": "k ", "que ": "ke ", "c’est": "cé", "quand": "qd", "pour": "pr", "vous": "vs", "toujours": "tjs",
        "avec": "avc", "beaucoup": "bcp", "jamais": "jms", "tout ": "tt ", "problème": "pb", "rendez-vous": "rdv",
        "service client": "sav", "please": "pls", "you ": "u ", "thank": "thx"}  # fmt: skip
_SURNAMES = ("Berthelin", "Castagnol", "Delvaire", "Fournelle", "Guilbon", "Hamzaoui", "Jourdanne", "Kerverec",
             "Lamoureux", "Marchandeau", "Nguyen", "Ouedraogo", "Pellegrin", "Rousselin", "Tavernier",
             "Vauclair")  # fmt: skip
_FIRST = ("amina", "claire", "david", "elise", "hugo", "ines", "julien", "karim", "lea", "marc", "nadia", "paul")


@dataclass(frozen=True, eq=False, slots=True)
class Bank:
    """Sentences of a language by section: register × sentence."""

    sections: dict[str, Texts]

    def pick(self, section: str, register: Ints, rng: np.random.Generator) -> Texts:
        """A sentence of a section for each text, in its register."""
        found = self.sections[section]
        return np.asarray(found[register, rng.integers(found.shape[1], size=len(register))])


@dataclass(frozen=True, eq=False, slots=True)
class Told:
    """Texts, with what was planted in them."""

    text: Texts
    mixed: Mask
    personal: Mask


@cache
def bank(language: str) -> Bank:
    """The sentences of a language, blanks filled in, in every register."""
    text = (files("vigie.demo") / "templates" / f"tales.{language}.txt").read_text(encoding="utf-8")
    raw: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("== "):
            raw[line[3:]] = []
        elif line and not line.startswith("#"):
            raw[next(reversed(raw))].append(line)
    slots = {name[5:]: words for name, words in raw.items() if name.startswith("slot ")}
    sections = {name: _filled(frames, slots) for name, frames in raw.items() if not name.startswith("slot ")}
    return Bank({n: np.array([[spell(t) for t in ts] for spell in _SPELL], dtype=object) for n, ts in sections.items()})


def _filled(frames: list[str], slots: dict[str, list[str]]) -> list[str]:
    """Every frame as often as the others; the words of each blank in turn."""
    turns = {name: cycle(words) for name, words in slots.items()}
    filled = (re.sub(r"\{(\w+)\}", lambda m: next(turns[m[1]]), frame) for frame in frames for _ in range(VARIANTS))
    return [text[0].upper() + text[1:] for text in filled]


def bare(text: str) -> str:
    """A text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.replace("’", "'")) if not unicodedata.combining(c))


def _small(text: str) -> str:
    return text.lower().replace(".", "").replace(",", "").replace("’", "'")


def _sms(text: str) -> str:
    short = text.lower()
    for word, said in _SMS.items():
        short = short.replace(word, said)
    return bare(short).replace(".", " ").strip()


_SPELL: tuple[Callable[[str], str], ...] = (str, bare, _small, str.upper, _sms)


def tell(polarity: Ints, strong: Mask, language: str, rng: np.random.Generator, *, brand: Texts | None = None) -> Told:
    """A text for each polarity; `strong` words in negative ones; `brand` names that some of them may say."""
    n, words = len(polarity), bank(language)
    register = rng.choice(len(_REGISTERS), size=n, p=_REGISTERS)
    spot = rng.random(n)
    mixed = ~strong & (((polarity == NEGATIVE) & (spot < MIXED[NEGATIVE]))
                       | ((polarity == POSITIVE) & (spot < MIXED[POSITIVE])))  # fmt: skip
    body = _bodies(words, polarity, strong, mixed, register, rng)
    whole = (polarity != NEUTRAL) & ~mixed & (rng.random(n) < 0.25)
    second = _where(whole, _bodies(words, polarity, strong & (rng.random(n) < 0.3), mixed, register, rng))
    second[second == body] = None
    ending = np.full(n, None, dtype=object)
    for code, name in ((NEGATIVE, "closings negative"), (POSITIVE, "closings positive")):
        own = (polarity == code) & (rng.random(n) < 0.35)
        ending[own] = words.pick(name, register[own], rng)
    opening = _where(rng.random(n) < 0.3, words.pick("openings", register, rng))
    personal = rng.random(n) < PERSONAL
    extra = np.full(n, None, dtype=object)
    extra[personal] = _personal(int(personal.sum()), language, rng)
    named = np.full(n, None, dtype=object)
    if brand is not None:
        said = rng.random(n) < NAMING
        named[said] = _join([np.full(int(said.sum()), _ABOUT[language], dtype=object), brand[said] + "."], " ")
    return Told(_join([opening, named, body, second, extra, ending], " "), mixed, personal)


_ABOUT = {"fr": "Avis sur", "en": "About"}


def titles(polarity: Ints, language: str, rng: np.random.Generator) -> Texts:
    """A title for each polarity."""
    found = np.full(len(polarity), "", dtype=object)
    for code, name in enumerate(POLARITIES):
        own = polarity == code
        found[own] = bank(language).pick(f"titles {name}", np.zeros(int(own.sum()), dtype=np.int64), rng)
    return found


def _bodies(words: Bank, polarity: Ints, strong: Mask, mixed: Mask, register: Ints, rng: np.random.Generator) -> Texts:
    found = np.full(len(polarity), "", dtype=object)
    negative, positive = polarity == NEGATIVE, polarity == POSITIVE
    for name, own in (
        ("negative strong", negative & strong), ("negative mild", negative & ~strong & ~mixed),
        ("mixed negative", negative & mixed), ("positive", positive & ~mixed), ("mixed positive", positive & mixed),
        ("neutral", polarity == NEUTRAL),
    ):  # fmt: skip
        found[own] = words.pick(name, register[own], rng)
    return found


def _personal(n: int, language: str, rng: np.random.Generator) -> Texts:
    """What must not be published: invented names, numbers that are kept for fiction, addresses that exist nowhere."""
    surname = np.array(_SURNAMES, dtype=object)[rng.integers(len(_SURNAMES), size=n)]
    first = np.array(_FIRST, dtype=object)[rng.integers(len(_FIRST), size=n)]
    digits = rng.integers(1000, 9999, size=n).astype(str)
    pairs = np.char.add(np.char.add(digits.astype("U2"), " "), np.array([d[2:] for d in digits], dtype="U2"))
    number = rng.integers(1_000_000, 9_999_999, size=n).astype(str).astype(object)
    said = {"fr": ("Madame {} m’a répondu.", "Mon mail : {}@exemple.fr.", "Rappelez-moi au 06 39 98 {}.",
                   "Contrat n° {}.", "Voir avec Monsieur {}."),
            "en": ("Mrs {} replied to me.", "My e-mail is {}@example.org.", "Call me on 06 39 98 {}.",
                   "Contract no. {}.", "Ask Mr {}.")}[language]  # fmt: skip
    own = (surname, first + "." + np.array([bare(s).lower() for s in surname], dtype=object), pairs.astype(object),
           number, surname)  # fmt: skip
    kind = rng.integers(len(said), size=n)
    found = np.full(n, "", dtype=object)
    for code, (frame, filling) in enumerate(zip(said, own, strict=True)):
        before, after = frame.split("{}")
        found[kind == code] = before + filling[kind == code] + after
    return found


def _where(some: Mask, texts: Texts) -> Texts:
    found = texts.copy()
    found[~some] = None
    return found


def _join(pieces: list[Texts], between: str) -> Texts:
    """Pieces put one after the other, those that are None left out."""
    columns: list[Any] = [pa.array(piece.tolist(), type=pa.string()) for piece in pieces]
    joined = pc.binary_join_element_wise(*columns, between, null_handling="skip")
    return np.array(joined.to_pylist(), dtype=object)
