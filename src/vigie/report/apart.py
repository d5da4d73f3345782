"""Names that are told apart and groups that keep their order, wherever several stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vigie.language import shortened
from vigie.report.edition import BRAND, CHANNEL, HEADING, Edition
from vigie.results.figures import Estimate

FEWEST = 3  # words by which names are taken for alike
TELLING = 14  # characters in which what follows tells names apart
SAID = 110  # characters of an item's name in a chart


def shorts(edition: Edition, estimates: Sequence[Estimate], most: int = HEADING) -> list[str]:
    """The names of indicators side by side; those that would be cut alike are told without what they share."""
    cut = [edition.short(e, most) for e in estimates]
    return apart([edition.indicator(e) for e in estimates], most, cut)


def apart(names: Sequence[str], most: int, cut: Sequence[str] = ()) -> list[str]:
    """Names of at most so many characters; where two would read the same, their common beginning is taken off."""
    found = list(cut) or [shortened(name, most) for name in names]
    alike: dict[str, list[int]] = {}
    for i, text in enumerate(found):
        alike.setdefault(_head(text), []).append(i)
    for places in alike.values():
        words = [names[i].split(" ") for i in places]
        shared = _shared(words)
        room = most - len(" ".join(words[0][:shared]))
        if len(places) < 2 or room > TELLING or all(found[i] == names[i] for i in places):
            continue
        for i, split in zip(places, words, strict=True):
            found[i] = shortened("… " + " ".join(split[shared:]), most)
    return found


def _head(text: str) -> str:
    """What a hurried reader sees of a name."""
    return " ".join(text.split(" ")[:FEWEST])


def _shared(names: Sequence[Sequence[str]]) -> int:
    """How many words all names begin with, one at least left to each."""
    least = min(map(len, names)) - 1
    return next((k for k in range(least) if len({name[k] for name in names}) > 1), max(least, 0))


def in_order(edition: Edition, dimension: str, sizes: Mapping[str, int]) -> list[str]:
    """Channels from the most to the least used, brands from the largest; all else as the study has it."""
    if dimension == CHANNEL:
        return [c for c in edition.channels if c in sizes]
    if dimension == BRAND:
        return sorted(sizes, key=lambda code: -sizes[code])
    known = [key.partition(":")[2] for key in edition.results.labels if key.startswith(f"{dimension}:")]
    place = {code: i for i, code in enumerate(known)}
    return sorted(sizes, key=lambda code: (place.get(code, len(place)), code))
