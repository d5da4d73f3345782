"""Which dimensions of a wave's figures list brands or sectors, whatever they are called.

A question with `options: brands` that breaks the tables gives segments under its own id, and so does one whose options
somebody wrote out by hand: both are known by the names that their options share with the brands of the wave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from vigie.results.waves import WaveResults

BRAND, SECTOR = "brand", "sector"
NO_QUESTION = ("channel", "indicator", "state", "net", "box", "unit")  # what else labels and segments are of


@dataclass(frozen=True, slots=True)
class Listing:
    """The dimensions over brands, with the brand of each option that is one; and those over sectors."""

    brands: Mapping[str, Mapping[str, str]]
    sectors: frozenset[str]

    def __contains__(self, dimension: str) -> bool:
        return dimension in self.brands or dimension in self.sectors


def listing(results: WaveResults) -> Listing:
    """The dimensions that list brands or sectors.

    One option that bears a brand's name makes a list of brands; for one of sectors most do, since a sector may well be
    called as an option of any question is: "Other".
    """
    options: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)  # by dimension, the words of each option
    for key, texts in results.labels.items():
        dimension, _, code = key.partition(":")
        if code:
            options[dimension][code] = {text.casefold() for text in texts.values()}
    for dimension, code in {pair for e in results.estimates for pair in e.segment}:
        options[dimension].setdefault(code, {code.casefold()})
    names = {word: brand for brand, words in options[BRAND].items() for word in words}
    kinds = {word for words in options[SECTOR].values() for word in words}
    brands, sectors = {BRAND: {code: code for code in options[BRAND]}}, {SECTOR}
    for dimension, listed in options.items():
        if dimension in (BRAND, SECTOR, *NO_QUESTION):
            continue
        named = {code: names[word] for code, words in listed.items() for word in words if word in names}
        if named:  # two brands may bear one name: then the code tells which one is meant
            brands[dimension] = {c: c if listed[c] & options[BRAND].get(c, set()) else b for c, b in named.items()}
        elif 2 * sum(not words.isdisjoint(kinds) for words in listed.values()) > len(listed):
            sectors.add(dimension)
    return Listing(brands, frozenset(sectors))
