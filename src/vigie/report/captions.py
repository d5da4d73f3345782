"""What stands beneath figures: base, wording, source, weighting, test. The same sentences everywhere."""

from __future__ import annotations

import re
import textwrap

from vigie.language import N_
from vigie.report.blocks import Key, Note
from vigie.report.edition import CHANNEL, Edition, looped
from vigie.results import Estimate, Fieldwork, Wording, pick

METHOD = "method"
LINEAGE = "lineage"

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


def note(edition: Edition, estimates: list[Estimate], *extra: str) -> Note:
    """The caption of figures: their sources, the bases and questions they stand on, the intervals and tests."""
    words = edition.words
    lines = list(extra)
    lines += dict.fromkeys(filter(None, (source(edition, e.source) for e in estimates)))
    bases = list(dict.fromkeys(base(edition, e) for e in estimates if e.source == "survey"))
    if bases:
        lines.append(words.gettext("Base: {bases}.", bases=words.series(bases)))
    questions = list(dict.fromkeys(filter(None, (question(edition, e) for e in estimates))))
    if questions:
        lines.append(
            words.ngettext(
                "Question: {questions}", "Questions: {questions}", len(questions), questions=" ".join(questions)
            )
        )
    lines += unsure(edition, estimates)
    lines.append(precision(edition, estimates))
    return Note(tuple(lines), LINEAGE)


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
    """Who was asked or tested, when, how, and whether the figures are weighted."""
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
    people = words.ngettext("{n} respondent", "{n} respondents", fieldwork.kept)
    return words.gettext(
        "Survey: {people}{setting}, {weighting}.", people=people, setting=setting, weighting=weighting(edition)
    )


def mode(edition: Edition, fieldwork: Fieldwork) -> str:
    return edition.words.gettext(MODES[fieldwork.mode]) if fieldwork.mode in MODES else fieldwork.mode


def weighting(edition: Edition) -> str:
    words, weights = edition.words, edition.results.weighting
    if weights is None:
        return words.gettext("unweighted")
    return words.gettext("weighted (effective base {n})", n=words.count(weights.n_effective))


def base(edition: Edition, estimate: Estimate) -> str:
    """The base in the study's words; without them in ours where it is simple enough, else as it is computed."""
    if said := pick(estimate.lineage.base_label, edition.words.code):
        return edition.words.typeset(said)
    if looped(estimate) and estimate.lineage.base in ("", "everyone"):
        if CHANNEL in estimate.grain:
            return edition.words.gettext("people who were asked about the channel that they used")
        return edition.words.gettext("people who were asked about each {thing}", thing=estimate.grain)
    return base_words(edition, estimate.lineage.base)


def base_words(edition: Edition, written: str) -> str:
    words = edition.words
    if written in ("", "everyone"):
        return words.gettext("all respondents")
    if written == "complete tests":
        return words.gettext("complete tests")
    if asked := re.fullmatch(r"any\((\w+)\)", written):
        named = edition.label(asked[1]) if asked[1] in edition.results.labels else asked[1]
        short = textwrap.shorten(named, 64, placeholder="…")
        return words.gettext("respondents who chose at least one answer to “{question}”", question=short)
    if chosen := _answers(edition, written):
        return words.gettext("respondents who answered “{answers}”", answers=words.listing(chosen))
    return words.typeset(written)


def _answers(edition: Edition, written: str) -> list[str]:
    """The labels of the answers that a simple base asks for: `used.chatbot`, `age in [a1, a2]`, `sex == f`."""
    found = re.fullmatch(r"(\w+)(?:\.|\s*==\s*)(\w+)|(\w+)\s+in\s+\[([\w\s,]+)\]", written)
    if found is None:
        return []
    asked, codes = found[1] or found[3], (found[2] or found[4]).replace(" ", "").split(",")
    keys = [f"{asked}:{code}" for code in codes]
    return [edition.label(key) for key in keys] if all(key in edition.results.labels for key in keys) else []


def question(edition: Edition, estimate: Estimate) -> str:
    """The wording as it was fielded, between quotation marks; a loop's placeholder becomes an ellipsis."""
    if estimate.source != "survey":
        return ""
    code = edition.words.code
    named = set(re.findall(r"[A-Za-z_]\w*\b(?!:)", estimate.lineage.expression))
    asked = next((w for w in edition.results.questionnaire if w.id in named), None)
    text = pick(asked.label if asked else estimate.lineage.question, code)
    return edition.words.gettext("“{text}”", text=edition.words.typeset(without_loop(text))) if text else ""


def without_loop(text: str) -> str:
    return re.sub(r"\{\w+\}", "[…]", text)


def wording_of(edition: Edition, wording: Wording) -> str:
    return edition.words.typeset(without_loop(pick(wording.label, edition.words.code)))


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
        elif estimate.lineage.base in ("", "everyone"):
            line = words.gettext("{sign} of respondents", sign=sign)
        else:
            line = words.gettext("{sign} of the base", sign=sign)
        told = any(c.isdigit() for c in edition.indicator(estimate))  # the name says which boxes
        return ", ".join(filter(None, (line, "" if told else box(estimate))))
    if estimate.unit == "nps":
        return words.gettext("NPS, −100 to +100")
    if estimate.out_of is not None:
        return words.gettext("out of {n}", n=words.number(estimate.out_of))
    return words.gettext("mean")


def keys(edition: Edition, estimates: list[Estimate], *marks: str) -> tuple[Key, ...]:
    """The legend of a chart that draws such marks, without those that do not occur."""
    words, figures = edition.words, [edition.figure(e) for e in estimates]
    level = words.percent(estimates[0].level if estimates else 0.95)
    found = [Key("dot", words.gettext("{wave}, {level} interval", wave=edition.results.wave, level=level))]
    before = {e.change.wave for e, f in zip(estimates, figures, strict=True) if f.before is not None and e.change}
    found += [Key("ring", wave) for wave in sorted(before)]
    if any(f.moved for f in figures):
        found.append(Key("move", words.gettext("significant change ↑ ↓")))
        found.append(Key("arrow", words.gettext("significant change")))
    if any(f.flag == "fragile" for f in figures):
        low, high = words.count(edition.results.hide), words.count(edition.results.fragile - 1)
        survey = all(e.source == "survey" for e, f in zip(estimates, figures, strict=True) if f.flag == "fragile")
        span = words.gettext("fragile base ({low} to {high})", low=low, high=high)
        found.append(Key("fragile", span if survey else words.gettext("fragile base")))
    return tuple(key for key in found if key.mark in marks)
