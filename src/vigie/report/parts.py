"""The words of the parts that no question gives: states of a gap, times to an answer, their statistics, moderation."""

from __future__ import annotations

import re

from vigie.language import N_, NBSP, Words

NAMES: dict[str, str] = {
    "gap": N_("Compared with what was expected"),
    "gap:above": N_("Above expectations"),
    "gap:at": N_("As expected"),
    "gap:below": N_("Below expectations"),
    "state": N_("Outcome"),
    "net": N_("Taken together"),
    "box": N_("Marks taken together"),
    "within": N_("Time"),
    "statistic": N_("Statistic"),
    "statistic:mean": N_("mean"),
    "statistic:median": N_("median time"),
    "statistic:answered": N_("reached by the end"),
    "statistic:restricted_mean": N_("mean time up to the end"),
    "brand": N_("Brand"),
    "brand:unlisted": N_("Another brand"),
    "sector": N_("Sector"),
    "channel": N_("Channel"),
    "platform": N_("Platform"),
    "stars": N_("Stars"),
    "polarity": N_("Polarity"),
    "polarity:negative": N_("negative"),
    "polarity:neutral": N_("neutral"),
    "polarity:positive": N_("positive"),
    "polarity:mixed": N_("mixed"),
    "polarity:not_analysable": N_("not analysable"),
}


def named(key: str, words: Words) -> str:
    """What Vigie itself calls a part; nothing where only the study can say it."""
    if key in NAMES:
        return words.gettext(NAMES[key])
    part, _, code = key.partition(":")
    if part == "stars" and code.isdigit():
        return words.ngettext("{n} star", "{n} stars", int(code))
    if part == "within":
        return within(code, words)
    if part == "state":  # its key bears the indicator's name
        return capital(code.partition(".")[2] or code)
    return capital(code) if part in ("platform", "scenario", "slot") else ""


def capital(code: str) -> str:
    """A bare code as a name: `la_criee` is La criee; one with capitals or figures of its own stays as it is."""
    plain = code.replace("_", " ")
    bare = plain.islower() and plain.translate({ord(c): None for c in " -"}).isalpha()
    return plain[:1].upper() + plain[1:] if bare else code


def within(code: str, words: Words) -> str:
    """A time as the study writes it, `24 h` or `7 d`, in words."""
    found = re.fullmatch(r"(\d+)\s*(s|min|h|d|w)", code)
    if found is None:
        return code
    n, unit = int(found[1]), found[2]
    if unit == "d":
        return words.ngettext("{n} day", "{n} days", n)
    if unit == "w":
        return words.ngettext("{n} week", "{n} weeks", n)
    return f"{words.count(n)}{NBSP}{unit}"
