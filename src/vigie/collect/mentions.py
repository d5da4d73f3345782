"""Brands named in people's own words become options; a brand that the list does not hold is `unlisted`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells, file_codes
from vigie.collect.choices import split
from vigie.collect.ledger import Mask, mask
from vigie.collect.source import fold_label, without
from vigie.formats.values import codes
from vigie.study.brands import Brand, on_day
from vigie.study.questions import NONE, UNLISTED, Question

UNSURE = frozenset(
    fold_label(words)
    for words in (
        "ne sait pas", "ne sais pas", "je ne sais pas", "je sais pas", "sais pas", "nsp", "jsp", "aucune idée",
        "don't know", "don’t know", "dont know", "i don't know", "i don’t know", "not sure", "no idea", "dk", "?",
    )
)  # fmt: skip
NOBODY = frozenset(
    fold_label(words)
    for words in (
        "aucun", "aucune", "aucune marque", "aucun nom", "rien", "non", "pas de marque", "personne", "ras", "-", "--",
        "none", "no", "no brand", "nothing", "nobody", "n/a", "na",
    )
)  # fmt: skip
UNSURE_SAID = re.compile(
    r"\b(?:sai[st] (?:pas|plus)|connais pas|souviens (?:pas|plus)|(?:aucune|pas d['’])\s?idée|"
    r"don['’]?t (?:know|remember)|no idea)\b"
)
NOBODY_SAID = re.compile(r"\b(?:aucune?|pas de marque|none|no brand)\b")
NAMED, DONT_KNOW, REFUSED = "", "dont_know", "refused"  # what a text may be beside an option


def read_mentions(cells: Cells, found: Sequence[tuple[str, pa.Array]]) -> Answer:
    """Words in one column or several; nothing is refused. The words of unlisted brands are kept beside the options."""
    n = len(found[0][1])
    said: dict[str, Mask] = {}
    touched, foreign = np.zeros(n, dtype=bool), []
    meaning = _Meaning(cells)
    for _, raw_cells in found:
        raw = without(raw_cells, cells.column.ignore)
        touched |= mask(raw.is_valid())
        rows, parts = split(raw, cells.column.delimiter)
        filled = mask(parts.is_valid())
        rows, encoded = rows[filled], codes(parts.filter(pa.array(filled))).dictionary_encode()
        at = encoded.indices.to_numpy()
        by_code: dict[str, list[int]] = {}
        for number, text in enumerate(encoded.dictionary.to_pylist()):  # each distinct text once
            for code in meaning.codes(text):
                by_code.setdefault(code, []).append(number)
        for code, numbers in by_code.items():
            hit = np.zeros(len(encoded.dictionary), dtype=bool)
            hit[numbers] = True
            said.setdefault(code, np.zeros(n, dtype=bool))[rows[hit[at]]] = True
        if UNLISTED in by_code:
            foreign.append(_words(rows, encoded, by_code[UNLISTED], n))
    return _mentioned(cells, said, touched, foreign, meaning.brands)


class _Meaning:
    """What texts say to a question: by the import's `codes:`, by words for nobody, by the names of brands."""

    def __init__(self, cells: Cells) -> None:
        from vigie.verbatim.mentions import Names

        self.question, study = cells.question, cells.study
        self.brands = on_day(study.brands, cells.day)
        self.mapped = {fold_label(k): v for k, v in file_codes(cells.question, cells.column).items()}
        self.own = {fold_label(name): b for b, brand in self.brands.items() for name in (b, *_names(brand))}
        self.names = Names({b: _names(brand) for b, brand in self.brands.items()})
        self.special = special_codes(self.question)
        self.none = [NONE] if NONE in study.options(self.question) else [NAMED]

    def codes(self, text: str) -> Iterable[str]:
        """Options, `dont_know`, `refused`, or nothing chosen."""
        folded = fold_label(text)
        mapped = self.mapped.get(folded, folded)
        if mapped in self.special:
            return [self.special[mapped]]
        if folded in self.mapped:
            return [mapped]
        if folded in self.own:
            return [self.own[folded]]
        named = () if folded in UNSURE or folded in NOBODY else self.names.answer(text)
        if named:
            return named
        if folded in UNSURE or UNSURE_SAID.search(folded):
            return [DONT_KNOW] if self.question.dont_know else self.none
        return self.none if folded in NOBODY or NOBODY_SAID.search(folded) else [UNLISTED]


def special_codes(question: Question) -> Mapping[str, str]:
    """The codes and labels of "don't know" and of a refusal, each with what it says."""
    found: dict[str, str] = {}
    if question.dont_know is not None:
        labels = [fold_label(t) for t in question.dont_know.label.values()]
        found |= dict.fromkeys([question.dont_know.code, fold_label(question.dont_know.code), *labels], DONT_KNOW)
    if question.refused is not None:
        found |= dict.fromkeys([question.refused.code, fold_label(question.refused.code)], REFUSED)
    return found


def _names(brand: Brand) -> tuple[str, ...]:
    return (brand.name, *brand.aliases)


def _words(rows: np.ndarray, encoded: pa.DictionaryArray, unlisted: Sequence[int], n: int) -> pa.Array:
    """The unlisted words of each row, in one text; null where it has none."""
    here = pc.is_in(encoded.indices, pa.array(unlisted, encoded.indices.type))
    table = pa.table({"row": rows, "word": encoded.dictionary.take(encoded.indices)}).filter(here)
    listed = table.group_by("row", use_threads=False).aggregate([("word", "list")])
    texts = pc.binary_join(listed["word_list"].combine_chunks(), "; ")
    return texts.take(pc.index_in(pa.array(np.arange(n)), listed["row"].combine_chunks()))


def _mentioned(
    cells: Cells, said: Mapping[str, Mask], touched: Mask, foreign: Sequence[pa.Array], brands: Mapping[str, Brand]
) -> Answer:
    """Options as columns; who named a brand said neither "none" nor "don't know"."""
    nobody = np.zeros(len(touched), dtype=bool)
    chosen = {o: said.get(o, nobody) for o in cells.study.options(cells.question)}
    named = nobody.copy()
    for option, hit in chosen.items():
        if option != NONE:
            named |= hit
    refused = said.get(REFUSED, nobody) & ~named
    unsure = said.get(DONT_KNOW, nobody) & ~named & ~refused
    if NONE in chosen:
        chosen[NONE] = chosen[NONE] & ~named & ~unsure & ~refused
    answered = touched & ~unsure & ~refused
    here = pa.array(answered)
    # a brand that did not exist then could not be named: unknown, and not "no"
    values = {
        option: pc.if_else(here, pa.array(hit), pa.scalar(None, pa.bool_()))
        if option in (*brands, NONE, UNLISTED)
        else pa.nulls(len(touched), pa.bool_())
        for option, hit in chosen.items()
    }
    return Answer(values, answered, unsure, refused, touched, texts={"": _joined(foreign)} if foreign else {})


def _joined(columns: Sequence[pa.Array]) -> pa.Array:
    """The texts of several columns as one; null where all are."""
    return reduce(lambda a, b: pc.coalesce(pc.binary_join_element_wise(a, b, "; "), a, b), columns)
