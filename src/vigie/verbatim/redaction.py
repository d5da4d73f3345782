"""Personal data taken out of a text, each piece replaced by its kind in brackets."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vigie.verbatim import identifiers, people

KINDS = (
    "name", "phone", "email", "contract", "card", "iban", "address", "plate", "social_security", "url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its personal data, and how many pieces of each kind were replaced, by the name of the kind."""

    text: str
    counts: tuple[tuple[str, int], ...]


def redact(text: str, keep: Collection[str] = ()) -> Redacted:
    """The text with names, phone numbers, addresses and the like as `[name]`, `[phone]`, `[address]`, …

    `keep` holds what is never a name: brands, places, products, of one word or several, in any case. Identifiers are
    told by their form, by their check digits where they have some, and by the words before them; names by titles,
    greetings and roles beside them and by a list of common first names. Dates, amounts, durations, opening hours, short
    numbers ("le 3939") and postcodes without a street stay. Redacting a redacted text changes nothing.

    Not a guarantee: what nothing marks as personal stays (a rare surname alone, a nickname, a story that gives its
    teller away). A person reads before a quote is published.
    """
    return _redact(text, people.kept(frozenset(keep)))


def redact_all(texts: Sequence[str | None], keep: Collection[str] = ()) -> tuple[list[str | None], dict[str, int]]:
    """Each text redacted (None stays None), and how many pieces of each kind were replaced in all of them together.

    Each distinct text is redacted once, and counted as often as it stands there.
    """
    known = people.kept(frozenset(keep))
    once = functools.cache(lambda text: _redact(text, known))
    found = [None if text is None else once(text) for text in texts]
    total: Counter[str] = Counter()
    for each in found:
        if each is not None:
            total.update(dict(each.counts))
    return [None if each is None else each.text for each in found], {k: total[k] for k in sorted(total)}


def _redact(text: str, keep: people.Kept) -> Redacted:
    """Again until nothing changes: a replaced piece can show the next one, and each round leaves less to replace."""
    total: Counter[str] = Counter()
    while True:
        before = text
        text = people.without_names(identifiers.without_identifiers(text, total), keep, total)
        if text == before:
            return Redacted(text, tuple(sorted(total.items())))
