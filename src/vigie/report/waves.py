"""Two waves beside each other, as plain text: the instrument, the trends that break, the changes, the composition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from textwrap import fill

from vigie.language import DASH, MINUS, N_, NBSP, Words, shortened, speak
from vigie.report.edition import Edition
from vigie.report.sources import ORDER, source_name
from vigie.results.figures import Estimate, pick
from vigie.results.trends import Difference, Mix, Severity
from vigie.results.waves import Comparison

GAP, INDENT = "  ", "  "
WIDTH, NAME = 100, 58  # characters of a line, of a figure's name
MOST = 60  # differences of one kind that are listed
REWORDED = ("reworded", "options_relabelled", "scale_ends", "criterion_reworded")
HEADS: dict[Severity, str] = {
    "break": N_("Breaks: no change is computed across these"),
    "note": N_("Comparable, with a note"),
    "harmless": N_("Harmless"),
}


def compare_text(comparison: Comparison, language: str, width: int | None = None) -> str:
    """What a person reads before saying that something changed."""
    words = speak(language)
    edition = Edition(comparison.now, (comparison.before,), words)
    title = words.typeset(pick(comparison.now.title, words.code) or comparison.now.study)
    head = words.gettext("wave {before} and wave {now}", before=comparison.before.wave, now=comparison.now.wave)
    parts = [
        [words.gettext("{title}: {what}", title=title, what=head)],
        list(_instrument(edition, comparison.now.differences)),
        list(_people(edition)),
        list(_trends(edition)),
        list(_effects(edition, comparison)),
        list(_changes(edition, comparison)),
        list(_composition(edition)),
    ]
    room = min(width or WIDTH, WIDTH)
    return "\n".join("\n".join(_wrapped(line, room) for line in part) + "\n" for part in parts if part).rstrip() + "\n"


def _wrapped(line: str, width: int) -> str:
    """A line within the width; tables keep theirs."""
    if len(line) <= width or GAP in line.strip():
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return fill(line.strip(), width, initial_indent=indent, subsequent_indent=indent + INDENT,
                break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _heading(text: str) -> Iterator[str]:
    yield text
    yield "─" * len(text)


# the instrument


def _instrument(edition: Edition, found: Sequence[Difference]) -> Iterator[str]:
    words = edition.words
    yield from _heading(words.gettext("What was measured otherwise"))
    if not found:
        yield words.gettext("Nothing: the two waves have one instrument.")
    for severity, head in HEADS.items():
        listed = [d for d in found if _severity(d) == severity]
        if listed:
            yield words.gettext(head)
        for item, after in zip(listed[:MOST], [*listed[1:MOST], None], strict=False):
            together = after is not None and after.broken == item.broken  # told once, after the last of them
            yield f"{INDENT}- {difference_told(words, item)}{'' if together else _touched(edition, item)}"
            yield from (f"{INDENT * 3}{line}" for line in _wordings(edition, item))
        if len(listed) > MOST:
            yield f"{INDENT}- " + words.ngettext("{n} more", "{n} more", len(listed) - MOST)


def _wordings(edition: Edition, item: Difference) -> Iterator[str]:
    """What was said before and what is said now, where that is the difference."""
    if item.rule in REWORDED:
        yield edition.words.gettext("before: {text}", text=edition.words.typeset(item.before))
        yield edition.words.gettext("now: {text}", text=edition.words.typeset(item.now))


def _severity(item: Difference) -> Severity:
    """A break that was declared harmless stands among the notes: somebody answers for it."""
    return "note" if item.severity == "break" and item.declared and not item.broken else item.severity


def difference_told(words: Words, item: Difference) -> str:
    """The difference in a sentence, with what a person declared of it."""
    said = item.sentence.get(words.code) or pick(item.sentence, words.code)
    if not item.declared:
        return said
    reason = words.typeset(pick(item.reason, words.code)).rstrip(".")
    return said + " " + words.gettext("Declared harmless: {reason}.", reason=reason)


def _touched(edition: Edition, item: Difference) -> str:
    """How many indicators begin anew, or are touched at all."""
    words = edition.words
    if item.broken:
        names = [edition.indicator_named(name) for name in item.broken]
        few = words.listing([shortened(name, 40) for name in names], most=3)
        return " " + words.ngettext("{n} indicator begins anew: {names}.", "{n} indicators begin anew: {names}.",
                                    len(names), names=few)  # fmt: skip
    if item.indicators or item.severity != "break":
        return ""
    return " " + words.gettext("No indicator depends on it.")


def _people(edition: Edition) -> Iterator[str]:
    words, shared = edition.words, edition.results.shared
    if shared is None:
        return
    yield from _heading(words.gettext("Who answered"))
    yield shared_told(edition)


def shared_told(edition: Edition) -> str:
    """Whether people answered in both waves, and what follows for the tests."""
    words, shared = edition.words, edition.results.shared
    if shared is None:
        return ""
    if not shared.people:
        return words.gettext("The two waves share no respondent key: the samples are taken as independent.")
    told = words.ngettext(
        "{n} respondent out of {of} bears the key of a respondent of wave {wave}.",
        "{n} respondents out of {of} bear the key of a respondent of wave {wave}.",
        shared.people, of=words.count(shared.of), wave=shared.wave,
    )  # fmt: skip
    if shared.declared == "fresh":
        return told + " " + words.gettext("They are declared to be other people, and taken for such.")
    return told + " " + words.gettext("Changes are tested with the covariance of the two waves.")


# trends


def _trends(edition: Edition) -> Iterator[str]:
    """By indicator: which trends break and why, which go on and how."""
    words = edition.words
    figures = [e for e in edition.results.estimates if e.change is not None and e.unit != "index"]
    figures = [e for e in figures if e.change and e.change.reason != "parallel"]
    if not figures:
        return
    broken = [(e, e.change.reason) for e in figures if e.change and e.change.verdict == "break"]
    noted = [(e, n) for e in figures if e.change and e.change.verdict != "break" for n in e.change.notes]
    yield from _heading(words.gettext("Trends"))
    yield words.gettext("Not compared:") if broken else words.gettext("No trend breaks.")
    yield from _by_reason(edition, broken, figures, words.reason)
    if noted:
        yield words.gettext("Compared with a note:")
    yield from _by_reason(edition, noted, figures, words.note)


def _by_reason(
    edition: Edition, told: Sequence[tuple[Estimate, str]], figures: Sequence[Estimate], say: Callable[[str], str]
) -> Iterator[str]:
    """Each reason with its indicators; of one that it touches in part, how many of its figures."""
    words, counts = edition.words, Counter((e.source, e.indicator) for e in figures)
    for reason in dict.fromkeys(r for _, r in told):
        mine = Counter((e.source, e.indicator) for e, r in told if r == reason)
        first = {(e.source, e.indicator): e for e, r in reversed(told) if r == reason}
        names = []
        for key, n in mine.items():
            name, of = edition.short(first[key], 40), words.count(counts[key])
            partly = words.ngettext("{name} ({n} figure of {of})", "{name} ({n} figures of {of})", n, name=name, of=of)
            names.append(name if n == counts[key] else partly)
        said = say(reason)
        head = words.gettext(
            "{reason} – {names}", reason=said[:1].upper() + said[1:], names=words.listing(names, most=6)
        )
        yield f"{INDENT}- {head}"


# changes


def _changes(edition: Edition, comparison: Comparison) -> Iterator[str]:
    words, level = edition.words, 1 - edition.level
    figures = [e for e in comparison.now.estimates if e.unit != "index"]  # the test of an index is that of its mean
    tested = [e for e in figures if e.change is not None and e.change.tested]
    moved = sorted((e for e in tested if edition.figure(e).moved), key=lambda e: ORDER.index(e.source))
    untested = Counter(e.change.reason for e in figures if e.change is not None and e.change.verdict == "untested")
    if not tested and not untested:
        return
    yield from _heading(words.gettext("Significant changes"))
    if tested and not moved:
        yield words.ngettext("The only figure tested did not change significantly.",
                             "None of the {n} figures tested changed significantly.", len(tested))  # fmt: skip
    elif moved:
        yield words.ngettext("{n} figure out of {of} tested", "{n} figures out of {of} tested", len(moved),
                             of=words.count(len(tested)))  # fmt: skip
        yield from _table(edition, comparison, moved)
    if untested:
        yield words.gettext("Not tested:")
        for reason, n in untested.most_common():
            figures_ = words.ngettext("{n} figure", "{n} figures", n)
            yield f"{INDENT}- " + words.gettext("{n}: {reason}", n=figures_, reason=words.reason(reason))
    yield words.gettext(
        "Two-sided tests at {level}; Holm’s correction within one indicator over its segments of one kind.",
        level=words.percent(level),
    )


def _table(edition: Edition, comparison: Comparison, moved: Sequence[Estimate]) -> Iterator[str]:
    """Name, before, now, difference and adjusted p-value, under the name of the source."""
    words, was = edition.words, comparison.was()
    reopened = any(map(_reopened, moved))
    head = ["", comparison.before.wave, comparison.now.wave, words.gettext("change"), "p"]
    rows: list[list[str]] = []
    for e in moved:
        then = was.get(e.place)
        values = [words.value(x.value, x.unit, x.decimals) if x is not None and x.value is not None else DASH
                  for x in (then, e)]  # fmt: skip
        change = words.signed(e.change.difference or 0.0, e.unit, e.decimals) if e.change is not None else ""
        change += "*" if _reopened(e) else " " if reopened else ""
        p = e.change.p_adjusted if e.change is not None else None
        rows.append([_name(edition, e), *values, change, words.p_value(p)])
    sizes = [max(len(row[i]) for row in (head, *rows)) for i in range(5)]

    def line(row: list[str]) -> str:
        cells = [row[0].ljust(sizes[0]), *(c.rjust(s) for c, s in zip(row[1:], sizes[1:], strict=True))]
        return INDENT * 2 + GAP.join(cells).rstrip()

    yield line(head)
    for source, group in groupby(zip(moved, rows, strict=True), key=lambda pair: pair[0].source):
        yield INDENT + source_name(edition, source)
        yield from (line(row) for _, row in group)
    if reopened:
        yield INDENT + words.gettext(
            "* not the difference of the two figures: linked, or on the channels or brands that both waves have"
        )


def _reopened(e: Estimate) -> bool:
    """Whether what is tested is another difference than that of the two figures printed."""
    return e.change is not None and e.change.reopened


def _effects(edition: Edition, comparison: Comparison) -> Iterator[str]:
    """Of two waves side by side, what the instrument alone does to the figures of everybody and of channels."""
    words, was = edition.words, comparison.was()
    told = [e for e in comparison.now.estimates if e.change is not None and e.change.reason == "parallel"]
    told = [
        e for e in told if e.change and e.change.difference is not None and {d for d, _ in e.segment} <= {"channel"}
    ]
    if not told:
        return
    yield from _heading(words.gettext("What the instrument does"))
    yield words.gettext("The two waves ran side by side: differences are those of the instrument, ± their interval.")
    for e in told:
        then, change = was[e.place], e.change
        if change is None or change.difference is None or then.value is None or e.value is None:
            continue
        half = edition.half(change.se or 0.0)
        spread = words.signed(half, e.unit, max(e.decimals, 1)).removeprefix("+")
        said = words.signed(change.difference, e.unit, max(e.decimals, 1))
        values = [words.value(x, e.unit, e.decimals) for x in (then.value, e.value)]
        yield f"{INDENT}{_name(edition, e)}{GAP}{values[0]} → {values[1]}{GAP}{said} ± {spread}"


def _name(edition: Edition, e: Estimate) -> str:
    """The indicator and its segment, in as few words as tell them apart."""
    parts = [edition.part(e, d, c) for d, c in e.segment]
    room = max(NAME - sum(len(p) + 3 for p in parts), 24)
    return shortened(" · ".join([edition.short(e, room), *parts]), NAME + 12)


# composition


def _composition(edition: Edition) -> Iterator[str]:
    words = edition.words
    told = [m for m in edition.results.mixes if m.notable]
    if not edition.results.mixes:
        return
    yield from _heading(words.gettext("Composition"))
    if not told:
        yield words.gettext("No change comes in good part from who was asked or what was tested.")
    for mix in told:
        yield f"{INDENT}- {mix_told(edition, mix)}"


def mix_told(edition: Edition, mix: Mix) -> str:
    """`Satisfied: +3 points since 2023, of which +1 ± 0.4 from other ages and +2 ± 0.9 within ages`."""
    words = edition.words

    def size(value: float, error: float | None = None) -> str:
        sign = "+" if value > 0 else MINUS if value < 0 else ""
        said = sign + words.points(value, mix.unit, max(mix.decimals, 1))
        if error is None:
            return said
        spread = words.signed(edition.half(error), mix.unit, max(mix.decimals, 1)).removeprefix("+")
        return f"{said} (±{NBSP}{spread})"

    return words.gettext(
        "{indicator}: {change} since {wave}, of which {mix} come from another mix by “{dimension}” and {within} from "
        "the categories themselves",
        indicator=edition.indicator_named(mix.indicator), change=size(mix.difference), wave=mix.wave,
        mix=size(mix.mix, mix.mix_se), within=size(mix.within, mix.within_se),
        dimension=shortened(edition.label(mix.dimension), 40),
    )  # fmt: skip
