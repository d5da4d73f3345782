"""What stands beneath figures: base, wording, source, weighting, test. The same sentences everywhere."""

from __future__ import annotations

import re

from vigie.language import EN_DASH, N_, NBSP
from vigie.report.bases import base_words
from vigie.report.blocks import Link, Note, Text
from vigie.report.drawings import Key
from vigie.report.edition import CHANNEL, Edition, looped
from vigie.report.names import without_loop
from vigie.report.sources import counted, share_of
from vigie.results.figures import Estimate, Source, pick
from vigie.results.methods import Fieldwork

METHOD = "method"
LINEAGE = "lineage"
LONG = 200  # characters of wordings that a caption still says in its paragraph

MODES = {
    "web": N_("online"),
    "online": N_("online"),
    "panel": N_("online panel"),
    "web_panel": N_("online panel"),
    "phone": N_("by telephone"),
    "telephone": N_("by telephone"),
    "face_to_face": N_("face to face"),
    "post": N_("by post"),
    "paper": N_("on paper"),
    "mixed": N_("mixed modes"),
    "mystery": N_("mystery contacts"),
}


def note(edition: Edition, estimates: list[Estimate], *extra: str, told: str = "") -> Note:
    """The caption of figures: base, wording, source, weighting, interval and test.

    Where a section's caption says the rest (`shared`), base and wording alone; a wording that is `told` in the heading
    is not repeated. Many or long wordings are folded away.
    """
    words = edition.words
    asked = [
        q
        for q in dict.fromkeys(filter(None, (question(edition, e) for e in estimates)))
        if q != told.replace(NBSP, " ")
    ]
    quoted = [words.gettext("“{text}”", text=text) for text in asked]
    long = len(quoted) > 2 or sum(map(len, quoted)) > LONG
    lines = [*extra, *bases(edition, estimates)]
    if quoted and not long:
        said = " ".join(quoted)
        lines.append(words.ngettext("Question: {questions}", "Questions: {questions}", len(quoted), questions=said))
    lines += unsure(edition, estimates)
    return Note(tuple(lines), folded=tuple(quoted) if long else (), figures=named(estimates))


def named(estimates: list[Estimate]) -> tuple[str, ...]:
    """The indicators of some figures, as addresses call them."""
    return tuple(dict.fromkeys(f"{e.source}.{e.indicator}" for e in estimates))


def full_note(edition: Edition, estimates: list[Estimate], *extra: str) -> Note:
    """The caption of a figure that stands alone in its section."""
    own = note(edition, estimates, *extra)
    return Note((*own.lines, *common(edition, estimates)), LINEAGE, own.folded, own.figures)


def common(edition: Edition, estimates: list[Estimate]) -> list[str]:
    """What all figures of a section share: sources, weighting, intervals and tests."""
    said = dict.fromkeys(filter(None, (source(edition, name) for name in dict.fromkeys(e.source for e in estimates))))
    return [*said, precision(edition, estimates)]


def section_note(edition: Edition, estimates: list[Estimate], *extra: str) -> Text:
    """Said once for a section, instead of under each of its figures."""
    more = Link(edition.words.gettext("Where do these figures come from?"), LINEAGE, named(estimates))
    return Text((" ".join([*extra, *common(edition, estimates)]) + " ", more), "small")


def bases(edition: Edition, estimates: list[Estimate]) -> list[str]:
    """Who the figures stand on, each base with its number of people, or the range of it."""
    words = edition.words
    found: dict[str, list[int]] = {}
    some: dict[Source, list[int]] = {}
    kept = {w.source: w.kept for w in edition.results.fieldwork if not w.published}
    for e in estimates:
        if e.source == "survey" or e.lineage.base not in ("", "everyone", "complete tests"):
            found.setdefault(base(edition, e), []).append(e.n)
        elif all(d == e.part for d, _ in e.segment) and 0 < e.n < kept.get(e.source, 0):  # not all of them tell it
            some.setdefault(e.source, []).append(e.n)
    told = [f"{name} ({_range(edition, counts)})" for name, counts in found.items()]
    told += [_some(edition, source, counts, kept[source]) for source, counts in some.items()]
    return [words.gettext("Base: {bases}.", bases=words.series(told))] if told else []


def _some(edition: Edition, source: Source, counts: list[int], of: int) -> str:
    """`49 of 90 tests`: those of which something is known."""
    low, high, words = min(counts), max(counts), edition.words
    n = words.count(low) if low == high else f"{words.count(low)}{EN_DASH}{words.count(high)}"
    return words.gettext("{n} of {all}", n=n, all=counted(edition, source, of))


def _range(edition: Edition, counts: list[int]) -> str:
    words, low, high = edition.words, min(counts), max(counts)
    if low == high:
        return words.base(low)
    if 0 < low < 5:
        return words.gettext("up to {n}", n=words.count(high))
    return f"n\u00a0=\u00a0{words.count(low)}{EN_DASH}{words.count(high)}"


def unsure(edition: Edition, estimates: list[Estimate]) -> list[str]:
    """The share of "don't know", printed above 1 %; its range where the figures differ."""
    words = edition.words
    shares = sorted(e.dont_know for e in estimates if e.flag != "hidden" and (e.dont_know or 0) > 0.01 and e.dont_know)
    if not shares:
        return []
    low, high = shares[0], shares[-1]
    said = words.percent(high) if words.percent(low) == words.percent(high) else words.interval(low, high, "share")
    return [words.gettext("Don’t know: {share} of those asked.", share=said)]


def source(edition: Edition, name: str) -> str:
    """Who was asked, what was tested, written or recorded, when, how, and whether the figures are weighted."""
    words = edition.words
    fieldwork = next((f for f in edition.results.fieldwork if f.source == name), None)
    if fieldwork is None:
        return ""
    how = "" if fieldwork.mode == name else mode(edition, fieldwork)
    when = words.period(fieldwork.start, fieldwork.end)
    setting = ", ".join(filter(None, (how, when)))
    setting = f" ({setting})" if setting else ""
    if name == "mystery":
        tests = words.ngettext("{n} mystery test", "{n} mystery tests", fieldwork.kept)
        brands = words.ngettext("{n} brand", "{n} brands", fieldwork.brands) if fieldwork.brands else ""
        return words.gettext(
            "Mystery: {what}{setting}.", what=", ".join(filter(None, (tests, brands))), setting=setting
        )
    if name in ("reviews", "log"):
        many = words.ngettext("{n} review", "{n} reviews", fieldwork.kept) if name == "reviews" else words.ngettext(
            "{n} case", "{n} cases", fieldwork.kept
        )  # fmt: skip
        brands = words.ngettext("{n} brand", "{n} brands", fieldwork.brands) if fieldwork.brands > 1 else ""
        what = ", ".join(filter(None, (many, brands)))
        if name == "reviews":
            return words.gettext("Online reviews: {what}{setting}.", what=what, setting=setting)
        return words.gettext("Contact log: {what}{setting}.", what=what, setting=setting)
    people = words.ngettext("{n} respondent", "{n} respondents", fieldwork.kept)
    return words.gettext(
        "Survey: {people}{setting}, {weighting}.", people=people, setting=setting, weighting=weighting(edition)
    )


def mode(edition: Edition, fieldwork: Fieldwork) -> str:
    if fieldwork.mode in MODES:
        return edition.words.gettext(MODES[fieldwork.mode])
    return "" if fieldwork.mode == fieldwork.source else fieldwork.mode


def weighting(edition: Edition) -> str:
    """Whether figures are weighted, by what, and what that leaves of the sample."""
    words, weights = edition.words, edition.results.weighting
    if weights is None:
        return words.gettext("unweighted")
    n = words.count(weights.n_effective)
    if weights.method == "base":
        return words.gettext("weighted by the weights of the file (effective base {n})", n=n)
    return words.gettext("weighted (effective base {n})", n=n)


def base(edition: Edition, estimate: Estimate) -> str:
    """The base in the study's words; without them in ours where it is simple enough, else as it is computed."""
    if said := pick(estimate.lineage.base_label, edition.words.code):
        return edition.words.typeset(said)
    if looped(estimate) and estimate.lineage.base in ("", "everyone"):
        if CHANNEL in estimate.grain:
            return edition.words.gettext("people who were asked about the channel that they used")
        return edition.words.gettext("people who were asked about each {thing}", thing=estimate.grain)
    return base_words(edition, estimate.lineage.base, estimate.source)


def question(edition: Edition, estimate: Estimate) -> str:
    """The wording as it was fielded; a loop's placeholder becomes an ellipsis."""
    if estimate.source != "survey":
        return ""
    asked = edition.question(estimate)
    text = pick(asked.label if asked else estimate.lineage.question, edition.words.code)
    return edition.words.typeset(without_loop(text))


def precision(edition: Edition, estimates: list[Estimate]) -> str:
    """The level of the intervals and tests; for people who volunteered, what kind of precision that is."""
    words = edition.words
    level = words.percent(estimates[0].level if estimates else 0.95)
    parts = [words.gettext("Intervals at {level}", level=level)]
    if any(e.source == "survey" for e in estimates):
        parts[0] = words.gettext("Intervals at {level}: precision under a model", level=level)
    changes = [e.change for e in estimates if e.change is not None and e.change.p is not None]
    if any(c.p_adjusted is not None for c in changes):
        parts.append(words.gettext("changes tested at {level} with Holm’s correction", level=level))
    elif changes:
        parts.append(words.gettext("changes tested at {level}", level=level))
    return words.series(parts) + "."


def box(estimate: Estimate) -> str:
    """The boxes of a share, as `7–10`, `≥ 7` or `≤ 2`, read from its expression."""
    found = re.fullmatch(r"(?:\w+:\s*)?\w+\s*(>=|<=)\s*(\d+)", estimate.lineage.expression.strip())
    if found is None:
        return ""
    sign, bound = found.groups()
    if sign == ">=" and estimate.out_of is not None:
        return f"{bound}–{estimate.out_of:g}"
    return ("≥" if sign == ">=" else "≤") + f"\u00a0{bound}"


def unit_line(edition: Edition, estimate: Estimate) -> str:
    """What a number of an indicator is a number of."""
    words = edition.words
    if estimate.unit == "share":
        sign = "%"  # "% of" in a message would be taken for a placeholder by the tools that check catalogues
        if looped(estimate):
            line = words.gettext("{sign} of users", sign=sign)
        elif estimate.lineage.base in ("", "everyone") or estimate.source != "survey":
            line = share_of(edition, estimate.source)
        else:
            line = words.gettext("{sign} of the base", sign=sign)
        said = any(c.isdigit() for c in edition.indicator(estimate))  # the name says which boxes
        return ", ".join(filter(None, (line, "" if said else box(estimate))))
    if estimate.unit == "nps":
        return words.gettext("NPS, −100 to +100")
    if estimate.unit == "hours":
        return words.gettext("elapsed time")
    if estimate.unit == "index":
        return words.gettext("index, 100 at the reference wave")
    if estimate.out_of is not None:
        return words.gettext("out of {n}", n=words.number(estimate.out_of))
    if unit := edition.unit(estimate):
        return words.gettext("mean, in {unit}", unit=unit)
    return words.gettext("mean")


def keys(edition: Edition, estimates: list[Estimate], *marks: str) -> tuple[Key, ...]:
    """The legend of a chart that draws such marks, without those that do not occur.

    Changes that have no ring of the earlier wave are told by their arrow alone.
    """
    words, figures = edition.words, [edition.figure(e) for e in estimates]
    level = words.percent(estimates[0].level if estimates else 0.95)
    found = [Key("dot", words.gettext("{wave}, {level} interval", wave=edition.results.wave, level=level))]
    before = {e.change.wave for e, f in zip(estimates, figures, strict=True) if f.before is not None and e.change}
    found += [Key("ring", wave) for wave in sorted(before)]
    if ringed := any(f.moved and f.before is not None for f in figures):
        found.append(Key("move", words.gettext("significant change ↑ ↓")))
    if any(f.moved for f in figures):
        found.append(Key("arrow", words.gettext("significant change")))
    marks = marks if ringed or "move" not in marks else (*marks, "arrow")
    if any(f.flag == "fragile" for f in figures):
        found.append(Key("fragile", _fragile(edition, {e.source for e in estimates if e.flag == "fragile"})))
    return tuple(key for key in found if key.mark in marks)


def _fragile(edition: Edition, sources: set[str]) -> str:
    """What base is fragile; people and tests have their own thresholds."""
    words, results = edition.words, edition.results
    if sources == {"survey"}:
        low, high = words.count(results.hide), words.count(results.fragile - 1)
        return words.gettext("fragile base ({low} to {high})", low=low, high=high)
    if sources == {"mystery"}:
        low, high = words.count(results.hide_tests), words.count(results.fragile_tests - 1)
        return words.gettext("few tests ({low} to {high})", low=low, high=high)
    if len(sources) == 1 and sources <= {"reviews", "log"}:
        least, enough = edition.thresholds("reviews" if "reviews" in sources else "log")
        return words.gettext("fragile base ({low} to {high})", low=words.count(least), high=words.count(enough - 1))
    return words.gettext("fragile base")
