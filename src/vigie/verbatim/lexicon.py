"""The hand-written lexicons: `lexicon/<language>.csv` with its inflected forms.

A row is `form,score,kind`. Scores go from -4 to 4 and were set by hand; the kinds are

- `adj`, `noun`, `verb`: words that evaluate, with every inflected form; `word`, `emoji`: as they are;
- `phrase`: several words; one that ends in `~` is inflected, and a phrase of score 0 only covers the words in it;
- `need-noun`, `need-verb`: what a customer expects; neutral when it is there, bad when it is negated ("no answer");
- `praise`: thanks and cheers, which a complaint in the same sentence turns round;
- `boost`, `damp`: words that make the next evaluation stronger or weaker, the score is the factor;
- `lack`: words that negate what follows and are bad themselves; `wish`: what follows is wished for, so it is missing;
- `contrast`: what follows weighs more than what came before.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vigie.verbatim.folding import fold
from vigie.verbatim.inflection import forms
from vigie.verbatim.tokens import tokens

FOLDER = Path(__file__).parent / "lexicon"
_ROLES = frozenset({"boost", "damp", "contrast"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One form: how many tokens it has, its score, its kind, and the factor or role that it also has, if any."""

    length: int
    score: float
    kind: str
    factor: float = 0.0  # of the next evaluation; 0 where the form has none
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms by their first token: the single word, and the phrases, longest first."""

    words: dict[str, Entry]
    phrases: dict[str, tuple[tuple[list[str], Entry], ...]]

    @property
    def size(self) -> int:
        return len(self.words) + sum(len(p) for p in self.phrases.values())


def rows(language: str) -> Iterator[tuple[str, float, str]]:
    """The rows of a language's lexicon as they are written."""
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["form"], float(row["score"]), row["kind"]


@functools.cache
def fingerprint() -> str:
    """A short hash of the lexicon files: another lexicon is another coder."""
    files = [FOLDER / f"{language}.csv" for language in ("en", "fr")]
    text = b"".join(f.read_bytes().replace(b"\r\n", b"\n") for f in files)
    return hashlib.sha256(text).hexdigest()[:8]


@functools.cache
def known_words() -> frozenset[str]:
    """The single words of both lexicons."""
    return frozenset({*lexicon("fr").words, *lexicon("en").words})


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The inflected lexicon of "fr" or "en". A form written out in the file goes before one made by inflection."""
    written: dict[tuple[str, ...], tuple[float, str]] = {}
    inflected: dict[tuple[str, ...], tuple[float, str]] = {}
    roles: dict[tuple[str, ...], tuple[float, str]] = {}
    for form, score, kind in rows(language):
        base = tuple(tokens(fold(form.replace("~", ""))))
        if kind in _ROLES:
            roles[base] = (score, kind)
            continue
        written[base] = (score, kind)
        for other in _inflected(form, kind, language):
            inflected.setdefault(other, (score, kind))
    return _indexed({**inflected, **written}, roles)


def _inflected(form: str, kind: str, language: str) -> Iterator[tuple[str, ...]]:
    """All forms of a row, as tuples of tokens. In a row of several words only words marked with `~` change."""
    words = form.split()
    kind = kind.removeprefix("need-")
    alone = len(words) == 1 and kind in {"adj", "noun", "verb"}
    if kind == "noun" and len(words) > 1 and "~" not in form:
        yield tuple(tokens(fold(form)))
        words[0] += "~"  # "mise en demeure" -> "mises en demeure"
    choices: list[Iterable[str]] = []
    for word in words:
        bare = word.replace("~", "")
        if alone or "~" in word:
            choices.append(forms(bare, kind if alone else "any", language))
        else:
            choices.append([fold(bare)])
    for choice in itertools.product(*choices):
        yield tuple(tokens(" ".join(choice)))


def _indexed(
    values: dict[tuple[str, ...], tuple[float, str]], roles: dict[tuple[str, ...], tuple[float, str]]
) -> Lexicon:
    words: dict[str, Entry] = {}
    phrases: dict[str, list[tuple[list[str], Entry]]] = {}
    for key in sorted({*values, *roles}):
        if not key:
            continue
        score, kind = values.get(key, (0.0, "role"))
        factor, role = roles.get(key, (0.0, ""))
        entry = Entry(len(key), score, kind, 0.0 if role == "contrast" else factor, role == "contrast")
        if len(key) == 1:
            words[key[0]] = entry
        else:
            phrases.setdefault(key[0], []).append((list(key), entry))
    ordered = {first: tuple(sorted(p, key=lambda x: -len(x[0]))) for first, p in phrases.items()}
    return Lexicon(words, ordered)
