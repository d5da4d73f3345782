"""What two waves asked otherwise: every difference of two questionnaires, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.results import Texts
from vigie.study.identity import over_channels, words
from vigie.study.model import Study
from vigie.study.questions import Date, Multiple, Numeric, Question, Ranking, Scale, Single
from vigie.study.text import in_language, normalised
from vigie.study.waves import Wave

Change = tuple[str, str, str]  # a rule, what was, what is
Told = tuple[str, str, Texts, str, str]  # a rule, what it is about, its words, what was, what is


def questionnaire(study: Study, before: Wave, now: Wave) -> Iterator[Told]:
    """Each difference of the questions that two waves asked."""
    then, today = study.instrument(before.id), study.instrument(now.id)
    for name in (n for n in then if n not in today):
        yield "question_removed", name, then[name].label, "", ""
    elsewhere = moved([n for n in then if n in today], [n for n in today if n in then])
    for name, question in today.items():
        if name not in then:
            yield "question_added", name, question.label, "", ""
            continue
        for rule, was, is_ in _changes(study, then[name], question):
            yield rule, name, question.label, was, is_
        if name in elsewhere:
            yield "moved", name, question.label, "", ""


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
    language = study.header.languages[0]
    if words(study, then.label) != words(study, now.label):
        yield "reworded", in_language(then.label, language), in_language(now.label, language)
    elif then.label != now.label:
        yield "retyped", in_language(then.label, language), in_language(now.label, language)
    if then.kind == now.kind:
        yield from _answers(study, then, now)
    yield from _unanswered(then, now)
    if (then.ask_if or "") != (now.ask_if or "") and normalised(then.ask_if or "") != normalised(now.ask_if or ""):
        yield "routing", then.ask_if or "everyone", now.ask_if or "everyone"
    if then.per != now.per:
        yield "loop", _loop(then), _loop(now)


def _loop(question: Question) -> str:
    if question.per is None:
        return "once"
    loop = question.per
    drawn = f", {loop.choose} {loop.at_most}" if loop.at_most else ""
    left = f", except {', '.join(sorted(loop.except_))}" if loop.except_ else ""
    return f"per {loop.dimension} of {loop.source}{drawn}{left}"


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
    ends = [[words(study, text) for text in (s.low, s.high)] for s in (one, two)]
    if ends[0] != ends[1]:
        yield "scale_ends", " / ".join(end[0] for end in ends[0]), " / ".join(end[0] for end in ends[1])
    elif (one.low, one.high) != (two.low, two.high):
        yield "scale_retyped", "", ""
    if {k: (b.from_, b.to) for k, b in then.boxes.items()} != {k: (b.from_, b.to) for k, b in now.boxes.items()}:
        yield "combined", "", ""


def _number(study: Study, then: Numeric, now: Numeric) -> Iterator[Change]:
    if (then.minimum, then.maximum) != (now.minimum, now.maximum):
        yield "number_range", _range(then), _range(now)
    units = [words(study, q.unit or {}) for q in (then, now)]
    if units[0] != units[1]:
        yield "number_unit", units[0][0] or "nothing", units[1][0] or "nothing"


def _range(question: Numeric) -> str:
    low, high = (f"{x:g}" if x is not None else "…" for x in (question.minimum, question.maximum))
    return f"{low}–{high}"


def _options(study: Study, then: Question, now: Question) -> Iterator[Change]:
    language = study.header.languages[0]
    one, two = study.options(then), study.options(now)
    channels = over_channels(study, then) and over_channels(study, now)
    gone, new = [c for c in one if c not in two], [c for c in two if c not in one]

    def listed(codes: Sequence[str], options: Mapping[str, Mapping[str, str]]) -> str:
        return ", ".join(in_language(options[c], language) or c for c in codes)

    if gone:
        yield ("channels_removed" if channels else "options_removed"), listed(gone, one), ""
    if new:
        yield ("channels_added" if channels else "options_added"), "", listed(new, two)
    both = [c for c in two if c in one]
    reworded = [c for c in both if words(study, one[c]) != words(study, two[c])]
    if reworded:
        yield "options_relabelled", listed(reworded, one), listed(reworded, two)
    elif any(one[c] != two[c] for c in both):
        yield "options_retyped", "", ""
    if moved([c for c in one if c in two], both):
        yield "options_moved", "", ""
    alone = [set(study.exclusive(q)) if isinstance(q, Multiple) else set() for q in (then, now)]
    if alone[0] - set(gone) != alone[1] - set(new):
        yield "options_alone", ", ".join(sorted(alone[0])), ", ".join(sorted(alone[1]))
    if isinstance(then, Ranking) and isinstance(now, Ranking) and then.places != now.places:
        yield "places", str(then.places or len(one)), str(now.places or len(two))
    nets = [{k: sorted(n.of) for k, n in getattr(q, "nets", {}).items()} for q in (then, now)]
    if nets[0] != nets[1]:
        yield "combined", "", ""
    if getattr(then, "specify", []) != getattr(now, "specify", []):
        yield "specify", "", ""
