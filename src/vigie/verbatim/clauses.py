"""The evaluations of a text, summed: each is changed by what stands around it in its sentence."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from vigie.verbatim.folding import word_set
from vigie.verbatim.lexicon import Entry, lexicon

# negators, with what each says by itself where it negates no evaluation
_NEGATORS = {
    "fr": {
        "pas": -0.4, "jamais": -0.5, "aucun": -1.0, "aucune": -1.0, "aucuns": -1.0, "rien": -0.8, "ni": -0.5,
        "sans": -0.3, "nullement": -0.5, "guere": -0.5, "plus": -0.5, "personne": -0.8, "point": -0.3, "pa": -0.4,
    },
    "en": {
        "not": -0.4, "never": -0.6, "no": -0.6, "without": -0.3, "nobody": -0.8, "nothing": -0.8, "none": -0.5,
        "neither": -0.5, "nor": -0.5, "cannot": -0.5,
    },
}  # fmt: skip
_ONLY_AFTER_NE = frozenset({"plus", "personne", "point"})
_NE = frozenset({"ne", "n"})
_UNITS = {
    "fr": word_set("minute minutes min mn heure heures h jour jours j semaine semaines mois"),
    "en": word_set("minute minutes min mins hour hours hrs day days week weeks month months"),
}
_WITHIN = frozenset({"en", "sous", "moins", "in", "within", "under", "quelques", "few"})  # "in 5 minutes" is no wait
_SEVERAL = word_set(
    """
    deux trois quatre cinq six sept huit dix quinze plusieurs nombreux two three four five several many
    """
)
_WAIT = -0.8  # a duration that is told
_QUESTION = -0.6
_SHOUT = -0.4  # several exclamation marks after a sentence that evaluates nothing
_UNMET = -1.6  # something expected that is negated: "no answer"
_REACH, _WISH_REACH, _BOOST_REACH, _NE_REACH = 5, 8, 2, 5  # in tokens
_BEFORE, _AFTER = 0.6, 1.2  # weights around "but"


@dataclass(frozen=True, slots=True)
class Sum:
    """The evaluations of a text added up; `best` and `worst` are the strongest of each side (0 where there is none)."""

    total: float
    best: float
    worst: float
    evaluations: int


@dataclass(slots=True)
class _Hit:
    """One evaluation at a place of the text."""

    at: int
    value: float
    kind: str
    negated: bool = False


@dataclass(slots=True)
class _Sentence:
    """A sentence being read: its evaluations so far and what is open at this place."""

    hits: list[_Hit] = field(default_factory=list)
    contrast: int = -1
    ne: int = -99
    negated_to: int = -1
    negator: _Hit | None = None
    wish_to: int = -1
    boost_to: int = -1
    boost: float = 1.0
    waits: bool = False


def add_up(tokens: list[str], language: str, loud: frozenset[str] = frozenset()) -> Sum:
    """The sum of the evaluations of a text in "fr" or "en"; `loud` are the words that its writer put in capitals."""
    words, pairs, marked = _tables(language)
    negators, units = _NEGATORS[language], _UNITS[language]
    done: list[_Hit] = []
    now = _Sentence()
    skip = 0
    for at in [i for i, token in enumerate(tokens) if token in marked or token[0] in "!?.;\n"]:
        if at < skip:
            continue
        token = tokens[at]
        entry = _longest(tokens, at, pairs.get(token)) or words.get(token)
        if (entry is None or entry.length == 1) and token in negators:
            _negate(now, at, token, negators[token])
        elif entry is not None:
            skip = at + entry.length
            _meet(now, at, entry, loud=token in loud)
        elif token in _NE:
            now.ne = at
        elif token in units:
            _wait(now, tokens, at)
        elif token == ",":  # noqa: S105 - a comma
            now.negated_to = -1
        elif token[0] in "!?.;\n":
            done += _closed(now, token)
            now = _Sentence()
    done += _closed(now, "")
    values = [h.value for h in done if h.value]
    told = sum(1 for h in done if h.value and h.kind != "idle")
    return Sum(sum(values), max(values, default=0.0), min(values, default=0.0), told)


@functools.cache
def _tables(
    language: str,
) -> tuple[dict[str, Entry], dict[str, dict[str, list[tuple[list[str], Entry]]]], frozenset[str]]:
    """Single words, phrases by their first and second token, and every token that can matter."""
    found = lexicon(language)
    pairs: dict[str, dict[str, list[tuple[list[str], Entry]]]] = {}
    for first, phrases in found.phrases.items():
        for key, entry in phrases:
            pairs.setdefault(first, {}).setdefault(key[1], []).append((key, entry))
    control = {*_NEGATORS[language], *_UNITS[language], ","} | (_NE if language == "fr" else set())
    return found.words, pairs, frozenset({*found.words, *pairs, *control})


def _longest(tokens: list[str], at: int, phrases: dict[str, list[tuple[list[str], Entry]]] | None) -> Entry | None:
    if phrases is None or at + 1 >= len(tokens):
        return None
    for key, entry in phrases.get(tokens[at + 1], ()):
        if tokens[at : at + entry.length] == key:
            return entry
    return None


def _negate(now: _Sentence, at: int, token: str, alone: float) -> None:
    """A negator: it turns what stands between "ne" and itself, or else opens a reach for what follows."""
    after_ne = at - now.ne <= _NE_REACH
    if token in _ONLY_AFTER_NE and not after_ne:
        if token == "plus":  # noqa: S105 - a word
            now.boost, now.boost_to = 1.1, at + _BOOST_REACH
        return
    hit = _Hit(at, alone, "idle")
    turned = False
    if after_ne:
        for other in reversed(now.hits):
            if other.at <= now.ne:
                break
            if not other.negated and other.kind not in {"idle", "phrase"}:
                _turn(other)
                turned = True
    now.hits.append(hit)
    if turned:
        hit.value, now.negated_to = 0.0, -1
    else:
        now.negator, now.negated_to = hit, at + _REACH


def _meet(now: _Sentence, at: int, entry: Entry, *, loud: bool) -> None:
    """A form of the lexicon: an evaluation, or a word that changes others."""
    if entry.contrast:
        now.contrast, now.negated_to = at, -1
    kind, value = entry.kind, entry.score
    if kind != "role" and not (kind == "phrase" and not value):
        hit = _Hit(at, value, kind)
        if at <= now.boost_to:
            hit.value *= now.boost
        if loud:
            hit.value *= 1.25
        if kind not in {"wish", "lack"} and at <= now.negated_to:
            _turn(hit)
            now.negated_to = -1
            if now.negator is not None:
                now.negator.value = 0.0
        elif value > 0 and at <= now.wish_to:
            hit.value *= -0.3
        now.hits.append(hit)
        if kind == "lack":
            now.negator, now.negated_to = None, at + entry.length + 2
        elif kind == "wish":
            now.wish_to = at + _WISH_REACH
    if entry.factor:
        running = now.boost if at <= now.boost_to else 1.0
        now.boost, now.boost_to = min(2.0, running * entry.factor), at + entry.length - 1 + _BOOST_REACH


def _turn(hit: _Hit) -> None:
    """What a negation makes of an evaluation: good turns bad, bad turns half good, what was expected is missing."""
    hit.negated = True
    if hit.kind.startswith("need"):
        hit.value = _UNMET
    elif hit.value > 0:
        hit.value = -max(1.0, 0.8 * hit.value)
    else:
        hit.value *= -0.5


def _wait(now: _Sentence, tokens: list[str], at: int) -> None:
    """A duration in minutes to months: something that took, or takes, its time."""
    before = tokens[max(0, at - 3) : at]
    if before and (before[-1][0].isdigit() or before[-1] in _SEVERAL) and not _WITHIN.intersection(before):
        now.hits.append(_Hit(at, _WAIT, "wait"))
        now.waits = True


def _closed(now: _Sentence, mark: str) -> list[_Hit]:
    """The evaluations of a sentence that ends with `mark`, as its contrast, its mark and its irony leave them."""
    hits = now.hits
    if any(h.kind == "praise" for h in hits):
        _ironic(hits)
    if now.contrast >= 0:
        for hit in hits:
            hit.value *= _BEFORE if hit.at < now.contrast else _AFTER
    if "?" in mark:
        for hit in hits:
            hit.value *= 0.3 if hit.value > 0 else 1.0
        hits.append(_Hit(0, _QUESTION, "idle"))
    elif "!" in mark:
        strength = 1.25 if "!!" in mark else 1.1
        for hit in hits:
            hit.value *= strength
        if "!!" in mark and not any(h.value for h in hits):
            hits.append(_Hit(0, _SHOUT, "idle"))
    return hits


def _ironic(hits: list[_Hit]) -> None:
    """Thanks and cheers beside a complaint or a wait: thanks are mere form then, cheers are meant the other way."""
    others = sum(h.value for h in hits if h.kind not in {"praise", "idle"})
    if others > -0.75:
        return
    for hit in hits:
        if hit.kind == "praise" and hit.value > 0:
            hit.value = -1.5 if hit.value > 2.5 else 0.0
