"""Words, numbers and dates in the languages of Vigie: English in the code, French and English for the reader.

Messages are marked with `gettext`, `ngettext` and `N_` and translated in `locale/<language>/LC_MESSAGES/vigie.po`;
`pybabel compile -d src/vigie/locale -D vigie` makes the `.mo` files that a wheel carries. A source checkout without
them (or with older ones) reads the `.po` files.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext as catalogues
import io
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

LANGUAGES = ("fr", "en")
LOCALE = Path(__file__).parent / "locale"
NBSP, NARROW = "\u00a0", "\u202f"
MINUS, DASH, EN_DASH = "−", "—", "–"
SECONDS = 10 / 60  # hours up to which a length of time is told in minutes and seconds
LONG_HOURS = 72  # from here on a length of time is told in days


def N_(message: str) -> str:  # noqa: N802 - the name that extraction tools look for
    """Mark a message for translation where it cannot be translated yet."""
    return message


REASONS: dict[str, str] = {
    # why a change between waves is broken or not tested
    "wording": N_("the question was reworded"),
    "options": N_("the answers offered changed"),
    "scale": N_("the scale changed"),
    "base": N_("the base changed"),
    "mode": N_("the mode of collection changed"),
    "universe": N_("the population surveyed changed"),
    "panel": N_("the source of the sample changed"),
    "expression": N_("the definition of the indicator changed"),
    "dont_know": N_("the treatment of “don’t know” changed"),
    "grid": N_("the mystery grid changed"),
    "channel_weights": N_("the weights of the channels changed"),
    "channels": N_("the channels tested changed"),
    "merged": N_("the brand took over another one"),
    "small_base": N_("the base is too small for a test"),
    "no_test": N_("figures of this kind are not tested"),
    "no_previous": N_("there is no earlier wave"),
    "not_comparable": N_("the two waves are not comparable"),
    "published": N_("the wave before is known from printed figures only"),
    "coder": N_("another automatic reading of the texts was used"),
    "composition": N_("other brands make up the reviews"),
    "no_spread": N_("there is no spread to test with: all gave one answer, or nobody changed it"),
    "other_brands": N_("the two waves did not test the same brands"),
    "parallel": N_("the two waves ran side by side: what differs is the instrument"),
    # why a brand is not ranked
    "min_tests": N_("too few tests"),
    "thin_channels": N_("fewer than two tests on most channels, which then do not count"),
    "min_reviews": N_("too few reviews"),
    "same_stars": N_("all reviews have the same mark: no uncertainty can be computed"),
    "no_variance": N_("all tests have the same score: no uncertainty can be computed"),
    "absent_channel": N_("a channel of the score was not tested"),
    "incomplete": N_("the tests are incomplete"),
    # why rows or cells were left out
    "column-missing": N_("column missing from the file"),
    "duplicate-header": N_("two columns bear the same name"),
    "duplicate-id": N_("the same respondent, test, review or case stands twice"),
    "missing-id": N_("no identifier of the respondent, test or case"),
    "unknown-code": N_("code that the question does not have"),
    "bad-number": N_("not a number, or out of range"),
    "bad-date": N_("not a date, or an impossible one"),
    "ambiguous-date": N_("day and month cannot be told apart"),
    "bad-mark": N_("mark outside the range of the criterion"),
    "contradiction": N_("two answers exclude each other"),
    "unknown-brand": N_("brand that is not on the list at that wave"),
    "no-rows": N_("no row left after the filter"),
    "keep": N_("outside the filter: the rule of the wave does not keep them"),
    "partial": N_("interview broken off too early"),
    "screened_out": N_("screened out: not part of the population"),
    "margins": N_("no category of a margin of the weighting"),
    "unanswered_excluded": N_("test that nobody answered, left out by the rule of the study"),
    "no_moment": N_("the time to an answer is not known: a moment is missing"),
    "incomplete_test": N_("incomplete test: a mark is missing"),
    "invalid_outcome": N_("test declared invalid"),
    "moderation": N_("review withdrawn or refused by moderation"),
    "outside_wave": N_("outside the dates of the wave"),
    "no_answer": N_("review with neither stars nor a text"),
}

NOTES: dict[str, str] = {
    # what is told beside a change that is compared all the same
    "overlap": N_("people answered in both waves: tested with their covariance"),
    "linked": N_("linked by a parallel run of both instruments, whose error is counted"),
    "common_list": N_("compared on the channels that both waves list"),
    "common_brands": N_("compared on the brands that both waves tested"),
    "same_as": N_("a change of the instrument was declared harmless"),
    "question_removed": N_("a question on which it depends is no longer asked"),
    "options_moved": N_("the answers stood in another order"),
    "channels_added": N_("the list of channels grew"),
    "channels_removed": N_("the list of channels shrank"),
    "combined": N_("what is counted together changed"),
    "date_range": N_("the dates accepted changed"),
    "refusal_offered": N_("refusals are recorded otherwise"),
    "moved": N_("a question on which it depends stood elsewhere in the questionnaire"),
    "people": N_("other people were asked again than the wave before"),
    "interviews": N_("other interviews count"),
    "weights": N_("the weights are made otherwise"),
    "margins": N_("the sample is adjusted to other margins"),
    "margin_categories": N_("a margin of the weighting has other categories"),
}

REASONS_OF: dict[tuple[str, str], str] = {  # the same, where a source has words of its own
    ("contradiction", "mystery"): N_("cell that the outcome of the test excludes"),
    ("contradiction", "reviews"): N_("cell that another one of the review excludes"),
    ("contradiction", "log"): N_("event dated before the opening, or cell that another one of the case excludes"),
    ("keep", "survey"): N_("outside the interviews kept by the rule of the wave"),
    ("duplicate-id", "survey"): N_("the same respondent stands twice"),
    ("duplicate-id", "mystery"): N_("the same test stands twice"),
    ("duplicate-id", "reviews"): N_("the same review stands twice"),
    ("duplicate-id", "log"): N_("the same case stands twice"),
    ("missing-id", "survey"): N_("no identifier of the respondent"),
    ("missing-id", "mystery"): N_("no identifier of the test"),
    ("missing-id", "reviews"): N_("no identifier of the review"),
    ("missing-id", "log"): N_("no identifier of the case"),
}
BY_RULE = ("keep", "outside_wave", "partial", "screened_out")  # rows that the study leaves out itself: nothing is wrong

SPELLED = (
    N_("no"),
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
)


@functools.lru_cache(maxsize=8192)  # the same labels come back in every table
def french_spaces(text: str) -> str:
    """A text with no-break spaces where French wants them."""
    text = re.sub(r"[ \u00a0](?=[;!?%»])", NARROW, text)
    text = re.sub(r" (?=:(?:\s|$))", NBSP, text)
    return re.sub(r"« ", f"«{NARROW}", text)


@functools.lru_cache(maxsize=8192)
def bound(text: str) -> str:
    """A text whose numbers are bound to their words by no-break spaces."""
    text = re.sub(r"(?<=\d) (?=(?:à|et|to|and|of|sur|–|-) \d)", NBSP, text)
    text = re.sub(r"(?<=\d) (et|and|or|ou) (?=plus|moins|more|less|above|below|over|under)", rf"{NBSP}\1{NBSP}", text)
    text = re.sub(r"\b(à|et|to|and|of|sur|–|-|notes?|marks?) (?=\d)", rf"\1{NBSP}", text)
    return re.sub(r"(?<=\d) (?=(?:mois|ans?|jours?|heures?|h|min|points?|months?|years?|days?|hours?)\b)", NBSP, text)


def half_up(value: float, digits: int) -> float:
    """A figure rounded to so many decimals, halves away from zero: 62.5 is 63, as spreadsheets write it.

    A half is one of its decimals, of which fifteen are significant: 1.005 is 1.01, though it is stored as 1.00499…, and
    what the order of a sum leaves in the last places decides nothing.
    """
    scaled = abs(value) * 10**digits
    if not scaled < 1e15:  # nor is there a half where fifteen digits stand before the point, or no number at all
        return value
    if abs(scaled % 1 - 0.5) > 1e-9 * max(scaled, 1.0):  # no half is near: Python's own rounding is the same, and quick
        return round(value, digits)
    return float(Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


class Words:
    """What one language says: translated messages, numbers, dates, ranks and lists."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._french = code == "fr"
        self._catalogue = _catalogue(code)

    def gettext(self, message: str, **values: object) -> str:
        """The message in this language, its `{placeholders}` filled."""
        return self.typeset(self._catalogue.gettext(message)).format(**values)

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """The message for `n` things; `{n}` is the number in this language."""
        chosen = self._catalogue.ngettext(singular, plural, n)
        return self.typeset(chosen).format(n=self.count(n), **values)

    def typeset(self, text: str) -> str:
        """French spaces before double punctuation, so that no line begins with a colon; other languages unchanged."""
        return french_spaces(text) if self._french else text

    def bind(self, text: str) -> str:
        """A name whose numbers stay with their words: no line ends within `7 to 10`, `marks 9` or `12 months`."""
        return bound(text)

    def reason(self, key: str, source: str = "") -> str:
        """Why something was broken, untested, unranked or left out of a source; an unknown key as it stands."""
        said = REASONS_OF.get((key, source), REASONS.get(key, ""))
        return self.gettext(said) if said else key

    def note(self, key: str) -> str:
        """What is told beside a change; an unknown key as it stands."""
        return self.gettext(NOTES[key]) if key in NOTES else key

    # numbers

    def number(self, value: float, decimals: int = 0) -> str:
        """`1 234,5` or `1,234.5`, halves up, with a true minus and never a negative zero."""
        digits = max(decimals, 0)
        text = f"{half_up(value, digits):,.{digits}f}"
        if not text.strip("-0.,"):
            text = text.lstrip("-")
        if self._french:
            text = text.translate({ord(","): NARROW, ord("."): ","})
        return text.replace("-", MINUS)

    def p_value(self, p: float | None) -> str:
        """`0,012`; below a thousandth `< 0,001`: no test proves that something cannot happen. Nothing where none."""
        if p is None:
            return ""
        return f"< {self.number(0.001, 3)}" if p < 0.001 else self.number(p, 3)

    def count(self, n: float) -> str:
        return self.number(n)

    def people(self, n: int) -> str:
        """An unweighted base; a group of one to four people is never counted aloud."""
        return f"<{NBSP}5" if 0 < n < 5 else self.count(n)

    def base(self, n: int) -> str:
        """`n = 28`, or `n < 5`."""
        return f"n{NBSP}{self.people(n)}" if 0 < n < 5 else f"n{NBSP}={NBSP}{self.count(n)}"

    def percent(self, share: float, decimals: int = 0) -> str:
        """`80 %` or `80%`, from a share between 0 and 1."""
        return self.number(share * 100, decimals) + (f"{NARROW}%" if self._french else "%")

    def value(self, value: float, unit: str, decimals: int = 0) -> str:
        """A figure in its unit: a share as a percentage, an NPS times 100 with its sign, the rest as it is.

        A share that is not nothing is never written 0: `< 1 %`; nor one that is not all of it 100: `> 99 %`.
        """
        if unit == "share":
            least = 10.0**-decimals / 100
            if 0 < value < least / 2:
                return f"<{NBSP}{self.percent(least, decimals)}"
            if 1 - least / 2 <= value < 1 - 1e-9:
                return f">{NBSP}{self.percent(1 - least, decimals)}"
            return self.percent(value, decimals)
        if unit == "nps":
            return self.signed(value, unit, decimals)
        if unit == "hours":
            return self.duration(value, decimals)
        return self.number(value, decimals)

    def duration(self, hours: float, decimals: int = 0) -> str:
        """`38 s`, `1 min 21 s`, `45 min`, `6.5 h` or `3.2 d`: the unit that fits the length; short times keep seconds.

        The digits are those of hours; of minutes and days there is one, unless it says nothing.
        """
        if abs(hours) < SECONDS:
            return self._seconds(hours, max(decimals - 1, 0))
        per, name, digits = self._clock(abs(hours), decimals)
        at = hours * per
        if name == "min" and abs(at - round(at)) < 0.05:
            digits = 0
        return f"{self.number(at, digits)}{NBSP}{name}"

    def _seconds(self, hours: float, digits: int) -> str:
        """`38 s` or `1 min 21 s`: a length of a few minutes."""
        seconds = half_up(abs(hours) * 3600, digits)
        minutes, rest = divmod(seconds, 60)
        sign = MINUS if hours < 0 and seconds else ""
        told = f"{self.number(minutes)}{NBSP}min" if minutes else ""
        if rest or not minutes:
            told += (NBSP if told else "") + f"{self.number(rest, digits)}{NBSP}s"
        return sign + told

    def tick(self, hours: float, most: float) -> str:
        """A length on a scale that goes up to another one, in the unit of the scale and without idle digits."""
        per, name, _ = (3600.0, "s", 0) if 0 < most < 1 / 60 else self._clock(most, 0)
        at = hours * per
        return f"{self.number(at, 0 if abs(at - round(at)) < 1e-9 else 1)}{NBSP}{name}"

    def _clock(self, hours: float, decimals: int) -> tuple[float, str, int]:
        """How many of a unit of time an hour is, the unit's sign, and the digits that it needs."""
        if 0 < hours < 1:
            return 60.0, "min", max(decimals, 0)
        if hours < LONG_HOURS:
            return 1.0, "h", decimals
        return 1 / 24, self.gettext("d"), 1

    def bare(self, value: float, unit: str, decimals: int = 0) -> str:
        """The same without the percent sign, where the heading says it; a length of time keeps its unit."""
        if unit == "share":
            return self.number(value * 100, decimals)
        return self.value(value, unit, decimals)

    def signed(self, value: float, unit: str, decimals: int = 0) -> str:
        """`+7` or `−0,3`: a difference, in points for a share or an NPS; never rounded down to nothing."""
        if unit == "hours":
            return f"{'+' if value > 0 else ''}{self.duration(value, decimals)}"
        scaled, digits = self._printed(value, unit, decimals)
        text = self.number(scaled, digits)
        return text if text.startswith(MINUS) or not text.strip("0,.") else f"+{text}"

    def points(self, value: float, unit: str, decimals: int = 0) -> str:
        """`7 points` or `0,3`: the size of a difference, without its sign.

        The plural is that of the size as it is printed (CLDR): in English all but `1`, in French from 2 on.
        """
        size = self.signed(abs(value), unit, decimals).removeprefix("+")
        if unit not in ("share", "nps"):
            return size
        scaled, digits = self._printed(abs(value), unit, decimals)
        printed = half_up(scaled, digits)
        # the catalogues choose by a whole number, of which 0 is many in English and one in French: so is 0.5 or 1.0
        n = int(printed) if digits <= 0 else 0 if printed < 2 else 2
        text = self._catalogue.ngettext("{size} point", "{size} points", n)
        return text.replace(" ", NBSP).format(size=size)

    @staticmethod
    def _printed(value: float, unit: str, decimals: int) -> tuple[float, int]:
        """A difference in the unit in which it is told, and the digits that keep it from being rounded to nothing."""
        scaled = value * 100 if unit in ("share", "nps") else value
        nothing = bool(value) and unit != "nps" and not half_up(abs(scaled), decimals)
        return scaled, decimals + nothing

    def interval(self, low: float, high: float, unit: str, decimals: int = 0) -> str:
        """`54–60 %`, or `−3 – +5` where signs would make a dash unreadable.

        Ends that differ get digits until they are seen to: never `100–100 %`.
        """
        told = self._span(low, high, unit, decimals)
        for more in (1, 2) if high - low > 1e-9 and unit != "nps" else ():
            if told[0] != told[1]:
                break
            told = self._span(low, high, unit, decimals + more)
        first, last, sign = told
        glue = f" {EN_DASH} " if low < 0 or unit == "nps" or NBSP in first else EN_DASH  # each has its sign or unit
        return f"{first}{glue}{last}{sign}" if first != last else f"{last}{sign}"

    def _span(self, low: float, high: float, unit: str, decimals: int) -> tuple[str, str, str]:
        """Two ends in the unit of the upper one, and its sign where it is written once."""
        if unit == "nps":
            return self.value(low, unit, decimals), self.value(high, unit, decimals), ""
        if unit == "share":
            return self.number(low * 100, decimals), self.number(high * 100, decimals), self.percent(0)[1:]
        if unit != "hours":
            return self.number(low, decimals), self.number(high, decimals), ""
        if abs(high) < 1 / 60:
            digits = max(decimals - 1, 0)
            return self.number(low * 3600, digits), self.number(high * 3600, digits), f"{NBSP}s"
        if abs(high) < SECONDS:
            digits = max(decimals - 1, 0)
            return self._seconds(low, digits), self._seconds(high, digits), ""
        per, name, digits = self._clock(abs(high), decimals)
        if low > 0 and self._clock(low, 0)[1] != name:
            return self.duration(low, decimals), self.duration(high, decimals), ""
        if name == "min" and half_up(low * per, 0) != half_up(high * per, 0):
            digits = 0
        digits = max(digits, decimals) if name != "h" and decimals > 1 else digits
        return self.number(low * per, digits), self.number(high * per, digits), f"{NBSP}{name}"

    # ranks, lists, dates

    def spelled(self, n: int) -> str:
        """A small number in letters."""
        return self.gettext(SPELLED[n]) if n < len(SPELLED) else self.count(n)

    def rank(self, low: int, high: int) -> str:
        """`1` when nothing else is possible, else `1–4`."""
        return str(low) if low == high else f"{low}{EN_DASH}{high}"

    def listing(self, items: Sequence[str], *, most: int = 6) -> str:
        """`a, b and c`; a long list ends with how many more there are."""
        shown = list(items[:most])
        if more := len(items) - len(shown):
            shown.append(self.ngettext("{n} other", "{n} others", more))
        if len(shown) < 2:
            return "".join(shown)
        return self.gettext("{first} and {last}", first=", ".join(shown[:-1]), last=shown[-1])

    def series(self, items: Sequence[str]) -> str:
        """`a; b; c`, with the space that French puts before a semicolon."""
        return self.typeset(" ; " if self._french else "; ").join(items)

    def date(self, iso: str) -> str:
        """`8 janvier 2024`; what is not an ISO date stays as it is."""
        day = _day(iso)
        return iso if day is None else _format(day, "long", self.code)

    def period(self, start: str, end: str) -> str:
        """`8–26 janvier 2024`: the days of a fieldwork, without what both have in common."""
        first, last = _day(start), _day(end)
        if first is None or last is None or first == last:
            return self.date(start or end)
        if (first.year, first.month) == (last.year, last.month):
            return _format(first, "d", self.code) + EN_DASH + self._day_first(last)
        shape = "d MMMM" if first.year == last.year else "d MMMM y"
        return f"{_format(first, shape, self.code)} {EN_DASH} {self._day_first(last)}"

    def _day_first(self, day: dt.date) -> str:
        return _format(day, "d MMMM y", self.code)


def shortened(text: str, most: int) -> str:
    """The text, or as many of its words as fit in so many characters, with an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if not text[most - 1].isspace() and " " in kept:
        kept = kept[: kept.rindex(" ")]
    return kept.rstrip(" \u00a0\u202f,;:.–-(«“") + "…"


@functools.cache
def speak(language: str) -> Words:
    """The words of a language; of English where Vigie has no catalogue for it."""
    code = language.replace("_", "-").partition("-")[0].lower()
    return Words(code if code in LANGUAGES else "en")


def reason(key: str, language: str) -> str:
    """The sentence of a reason key in a language."""
    return speak(language).reason(key)


def _catalogue(code: str) -> catalogues.NullTranslations:
    folder = LOCALE / code / "LC_MESSAGES"
    compiled, source = folder / "vigie.mo", folder / "vigie.po"
    stale = compiled.exists() and source.exists() and compiled.stat().st_mtime < source.stat().st_mtime
    if compiled.exists() and not stale:
        with compiled.open("rb") as file:
            return catalogues.GNUTranslations(file)
    if not source.exists():
        return catalogues.NullTranslations()
    return _compile(source)


def _compile(source: Path) -> catalogues.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    binary = io.BytesIO()
    with source.open("rb") as file:
        write_mo(binary, read_po(file, locale=source.parent.parent.name))
    binary.seek(0)
    return catalogues.GNUTranslations(binary)


def _day(iso: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _format(day: dt.date, shape: str, code: str) -> str:
    from babel.dates import format_date

    # British order, as the periods are written day first in both languages
    said = str(format_date(day, shape, locale="en_GB" if code == "en" else code))
    return f"1er{said[1:]}" if code == "fr" and day.day == 1 else said
