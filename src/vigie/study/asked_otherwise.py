"""What two waves asked otherwise: every difference of two questionnaires, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.language import N_, Words
from vigie.study.definitions import loop, over_channels, places, routing, words
from vigie.study.indicators import EVERYONE
from vigie.study.model import Study
from vigie.study.otherwise import NOTHING, Change, Found, Said, Told, coded, telling_language
from vigie.study.questions import Date, Multiple, Numeric, Question, Ranking, Scale, Single
from vigie.study.text import in_language
from vigie.study.waves import Wave

ALL_ASKED, ONCE = coded(EVERYONE, N_("everyone asked")), coded("once", N_("once"))
REPEATED = {"channel": N_("for each channel of “{source}”"), "brand": N_("for each brand of “{source}”")}
DRAWN = {"random": N_("at most {n}, at random"), "first": N_("at most {n}, in order")}


def questionnaire(study: Study, before: Wave, now: Wave) -> Iterator[Found]:
    """Each difference of the questions that two waves asked."""
    then, today = study.instrument(before.id), study.instrument(now.id)
    for name in (n for n in then if n not in today):
        yield Found("question_removed", "question", name, then[name].label)
    elsewhere = moved([n for n in then if n in today], [n for n in today if n in then])
    for name, question in today.items():
        if name not in then:
            yield Found("question_added", "question", name, question.label)
            continue
        for rule, was, is_ in _changes(study, then[name], question):
            yield Found(rule, "question", name, question.label, was, is_)
        if name in elsewhere:
            yield Found("moved", "question", name, question.label)


def moved(then: Sequence[str], today: Sequence[str]) -> set[str]:
    """The fewest names that stand elsewhere: all but a longest run that both orders share."""
    place = {name: i for i, name in enumerate(then)}
    best: list[list[str]] = []  # by length, the run that ends earliest
    for name in today:
        at = next((k for k, run in enumerate(best) if place[run[-1]] > place[name]), len(best))
        best[at : at + 1] = [[*(best[at - 1] if at else []), name]]
    return set(today) - set(best[-1] if best else ())


def _changes(study: Study, then: Question, now: Question) -> Iterator[Change]:
    """Everything in which a question differs, each with what it was and is."""
    if then.kind != now.kind:
        yield "kind_changed", then.kind, now.kind
    if then.label != now.label:
        rule = "reworded" if words(study, then.label) != words(study, now.label) else "retyped"
        language = telling_language(study, (then.label, now.label))
        yield rule, in_language(then.label, language), in_language(now.label, language)
    if then.kind == now.kind:
        yield from _answers(study, then, now)
    yield from _unanswered(then, now)
    if routing(then) != routing(now):
        yield "routing", _asked(then), _asked(now)
    if loop(then) != loop(now):
        yield "loop", _repeated(then), _repeated(now)


def _asked(question: Question) -> Told:
    return (question.ask_if or "") if routing(question) != EVERYONE else ALL_ASKED


def _repeated(question: Question) -> Said:
    per = question.per
    if per is None:
        return ONCE
    drawn = f", {per.choose} {per.at_most}" if per.at_most else ""
    left = ", ".join(sorted(per.except_))

    def say(words: Words) -> str:
        parts = [words.gettext(REPEATED[per.dimension], source=per.source)]
        parts += [words.gettext(DRAWN[per.choose], n=words.count(per.at_most))] if per.at_most else []
        return ", ".join([*parts, *([words.gettext("except {values}", values=left)] if left else [])])

    return Said(f"per {per.dimension} of {per.source}{drawn}" + (f", except {left}" if left else ""), say)


def _unanswered(then: Question, now: Question) -> Iterator[Change]:
    one, two = then.dont_know, now.dont_know
    if (one is None) != (two is None):
        yield "dont_know_offered", "", ""
    elif one is not None and two is not None and one != two:
        yield ("dont_know_counted" if one.in_base != two.in_base else "dont_know_code"), one.code, two.code
    if (then.refused is None) != (now.refused is None):
        yield "refusal_offered", "", ""
    elif then.refused != now.refused:
        yield "refusal_code", "", ""


def _answers(study: Study, then: Question, now: Question) -> Iterator[Change]:
    if isinstance(then, Scale) and isinstance(now, Scale):
        yield from _scale(study, then, now)
    elif isinstance(then, Numeric) and isinstance(now, Numeric):
        yield from _number(study, then, now)
    elif isinstance(then, Date) and isinstance(now, Date):
        if (then.earliest, then.latest) != (now.earliest, now.latest):
            yield "date_range", "", ""
    elif isinstance(then, Single | Multiple | Ranking) and study.over(now) != "brand":
        yield from _options(study, then, now)


def _scale(study: Study, then: Scale, now: Scale) -> Iterator[Change]:
    one, two = then.scale, now.scale
    if (one.from_, one.to) != (two.from_, two.to):
        yield "scale_marks", f"{one.from_}–{one.to}", f"{two.from_}–{two.to}"
    if (one.low, one.high) != (two.low, two.high):
        ends = [[words(study, text) for text in (s.low, s.high)] for s in (one, two)]
        language = telling_language(study, (one.low, two.low), (one.high, two.high))
        was, is_ = (" / ".join(in_language(text, language) for text in (s.low, s.high)) for s in (one, two))
        yield ("scale_ends" if ends[0] != ends[1] else "scale_retyped"), was, is_
    if {k: (b.from_, b.to) for k, b in then.boxes.items()} != {k: (b.from_, b.to) for k, b in now.boxes.items()}:
        yield "combined", "", ""


def _number(study: Study, then: Numeric, now: Numeric) -> Iterator[Change]:
    if (then.minimum, then.maximum) != (now.minimum, now.maximum):
        yield "number_range", _range(then), _range(now)
    units = [q.unit or {} for q in (then, now)]
    if words(study, units[0]) != words(study, units[1]):
        language = telling_language(study, (units[0], units[1]))
        was, is_ = (in_language(unit, language) or NOTHING for unit in units)
        yield "number_unit", was, is_


def _range(question: Numeric) -> str:
    low, high = (f"{x:g}" if x is not None else "…" for x in (question.minimum, question.maximum))
    return f"{low}–{high}"


def _options(study: Study, then: Question, now: Question) -> Iterator[Change]:
    one, two = study.options(then), study.options(now)
    channels = over_channels(study, then) and over_channels(study, now)
    gone, new = [c for c in one if c not in two], [c for c in two if c not in one]
    first = study.header.languages[0]

    def listed(codes: Sequence[str], options: Mapping[str, Mapping[str, str]], language: str = first) -> str:
        return ", ".join(in_language(options[c], language) or c for c in codes)

    if gone:
        yield ("channels_removed" if channels else "options_removed"), listed(gone, one), ""
    if new:
        yield ("channels_added" if channels else "options_added"), "", listed(new, two)
    both = [c for c in two if c in one]
    if reworded := [c for c in both if words(study, one[c]) != words(study, two[c])]:
        language = telling_language(study, *((one[c], two[c]) for c in reworded))
        yield "options_relabelled", listed(reworded, one, language), listed(reworded, two, language)
    elif any(one[c] != two[c] for c in both):
        yield "options_retyped", "", ""
    if moved([c for c in one if c in two], both):
        yield "options_moved", "", ""
    alone = [set(study.exclusive(q)) if isinstance(q, Multiple) else set() for q in (then, now)]
    if alone[0] - set(gone) != alone[1] - set(new):
        yield "options_alone", ", ".join(sorted(alone[0])), ", ".join(sorted(alone[1]))
    if isinstance(then, Ranking) and isinstance(now, Ranking) and places(study, then) != places(study, now):
        yield "places", str(places(study, then)), str(places(study, now))
    nets = [{k: sorted(n.of) for k, n in getattr(q, "nets", {}).items()} for q in (then, now)]
    if nets[0] != nets[1]:
        yield "combined", "", ""
    if getattr(then, "specify", []) != getattr(now, "specify", []):
        yield "specify", "", ""
