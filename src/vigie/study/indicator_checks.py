"""Whether indicators fit the questions of their source, and those of each wave that asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from vigie.errors import Problem
from vigie.study.complaints import Checker
from vigie.study.document import Path_
from vigie.study.expressions import ExpressionError, Name
from vigie.study.fields import MOMENTS
from vigie.study.indicators import Indicator
from vigie.study.pieces import KeyedError, indicator_questions, own_dimensions, pieces, texts, whole_question
from vigie.study.questions import Category, Mention, Open, Question, Ranking, Single
from vigie.study.resolution import Resolved
from vigie.study.text import hours


def check_indicators(c: Checker) -> Iterator[Problem]:
    """Every indicator on the questions of its source, and on those of each wave that asked otherwise."""
    told: set[str] = set()
    for problem in (p for i in c.study.indicators.values() for p in _indicator(c, i, c.study.asked(i.source))):
        told.add(problem.message)
        yield problem
    for wave, questions in c.study.instruments.items():
        for indicator in c.study.indicators.values():
            if indicator.source != "survey":
                continue
            for problem in _indicator(c, indicator, questions, gone=True):
                if problem.message not in told:
                    yield replace(problem, message=f"In the instrument of wave {wave}: {problem.message}")


def _indicator(
    c: Checker, indicator: Indicator, questions: Mapping[str, Question], *, gone: bool = False
) -> Iterator[Problem]:
    """What is wrong with an indicator on these questions; with `gone`, a question may have been taken out."""
    path = c.at("indicators", indicator.id)
    strange = list(_strange(c, indicator, questions, path))
    yield from strange
    if strange or c.invalid & set(indicator.by):
        return  # an expression over a grid that does not exist, or is wrong itself, would only repeat it
    try:
        if gone and indicator_questions(indicator) - set(questions) & set(c.study.questions):
            return
        found = pieces(indicator, c.study, questions)
    except ExpressionError as error:
        yield from _complaint(c, indicator, path, error)
        return
    loops = {r.loop for p in found for r in (p.main, p.base) if r.loop is not None}
    if len(loops) > 1:
        yield c.problem(path, "loop", "The indicator and its base live in two loops.", "Use questions of one loop.")
    whole = next((p for p in found if whole_question(p, questions) is not None), None)
    if whole is not None and whole.main.loop is not None:
        message = "A question inside a loop has no share per option or mark here."
        yield c.problem(path, "expression", message, "Write one indicator per option, for example question == code.")
    yield from _by(c, indicator, path, {loop[0] for loop in loops})
    if indicator.source != "survey":
        yield from _twice(c, indicator, path, own_dimensions(indicator, c.study, questions))
    if indicator.kind == "nps":
        yield from _nps(c, indicator, found[0].main, questions)
    if indicator.kind == "time_to":
        yield from _time_to(c, indicator, path)
    if "top" in indicator.model_fields_set:
        yield from _top(c, indicator, path, questions.get(indicator.expression.strip()))
    if indicator.kind == "mentions" and texts(indicator, questions) is None:
        known = [n for n, q in questions.items() if isinstance(q, Open | Mention)]
        yield from c.unknown((*path, "mentions"), "text", (indicator.mentions or "").strip(), known)
    text = texts(indicator, questions) if indicator.kind == "mentions" else None
    if isinstance(text, Open) and text.per is not None:
        message = f'Brands are looked for in texts asked once; "{text.id}" is asked per {text.per.dimension}.'
        yield c.problem((*path, "mentions"), "loop", message, "Take another text, or ask it outside the loop.")
    if indicator.reference is not None:
        yield from c.unknown((*path, "reference"), "wave", indicator.reference, list(c.study.waves))


def _complaint(c: Checker, indicator: Indicator, path: Path_, error: ExpressionError) -> Iterator[Problem]:
    """An expression that does not fit, at the key that it stands under."""
    key = error.key if isinstance(error, KeyedError) else indicator.kind
    text = indicator.base if key == "base" else indicator.expressions().get(key, indicator.expression)

    def fail() -> Resolved:
        raise error

    yield from c.attempt((*path, *key.split(".")), text, fail)[1]


def _strange(c: Checker, indicator: Indicator, questions: Mapping[str, Question], path: Path_) -> Iterator[Problem]:
    """What figures are to be broken by and does not exist: the survey's loops and grids, other sources' fields."""
    what, known = "loop or grid", ["channel", "brand", *c.study.batteries]
    if indicator.source != "survey":
        what = f"field of {indicator.source} to break by"
        known = [n for n, q in questions.items() if isinstance(q, Single | Category)]
    for number, name in enumerate(indicator.by):
        yield from c.unknown(c.place((*path, "by", number), (*path, "by"), path), what, name, known)


def _by(c: Checker, indicator: Indicator, path: Path_, loops: set[str]) -> Iterator[Problem]:
    """Loops that the questions of an indicator do not live in."""
    for number, name in enumerate(indicator.by):
        if indicator.source == "survey" and name not in c.study.batteries and name not in loops:
            at = c.place((*path, "by", number), (*path, "by"), path)
            message = f'"by: {name}" needs a question that is asked per {name}.'
            yield c.problem(at, "loop", message, f'Give the question "per: {{{name}: …}}".')
    if indicator.source == "survey" and len([b for b in indicator.by if b not in c.study.batteries]) > 1:
        yield c.problem((*path, "by"), "loop", "An indicator lives in one loop.", "Keep one of them.")


def _twice(c: Checker, indicator: Indicator, path: Path_, own: set[str]) -> Iterator[Problem]:
    """A field that the figures are already one by one of: a segment holds each dimension once."""
    for number, name in enumerate(indicator.by):
        if name in own:
            message = f'The figures of "{indicator.id}" are one per {name} already.'
            at = c.place((*path, "by", number), (*path, "by"), path)
            yield c.problem(at, "wrong-value", message, f'Take "{name}" out of `by:`.')


def _time_to(c: Checker, indicator: Indicator, path: Path_) -> Iterator[Problem]:
    if indicator.source == "survey":
        message = "Time is taken where moments are known: of tests, reviews and cases."
        yield c.problem(path, "wrong-value", message, 'Add "source: mystery" (or reviews, or log).')
        return
    moments = MOMENTS[indicator.source]
    ends = [*moments[1:], "wait"] if indicator.source == "log" else list(moments[1:])
    yield from c.unknown((*path, "time_to"), f"moment of {indicator.source}", str(indicator.time_to), ends)
    if indicator.from_ is not None:
        yield from c.unknown((*path, "from"), f"moment of {indicator.source}", indicator.from_, list(moments))
    if indicator.cutoff and "within" in indicator.model_fields_set:
        late = [w for w in indicator.within if hours(w) > hours(indicator.cutoff)]
        if late:
            message = f"Waiting ends after {indicator.cutoff}, so that nothing is known of {', '.join(late)}."
            yield c.problem((*path, "within"), "wrong-value", message, "Take times up to the cut-off, or raise it.")


def _top(c: Checker, indicator: Indicator, path: Path_, question: Question | None) -> Iterator[Problem]:
    """Among the first so many: of a ranking, and no more than it ranks; what nobody ranked is never among them."""
    if not isinstance(question, Ranking):
        message = f'"{indicator.expression}" is not a whole ranking, and `top:` counts the first of one.'
        yield c.problem((*path, "top"), "wrong-value", message, "Take `top:` out, or write the ranking's name alone.")
        return
    places = question.places or len(c.study.options(question))
    if indicator.top > places:
        message = f'"{question.id}" ranks {places} options, and `top: {indicator.top}` asks for more.'
        yield c.problem((*path, "top"), "wrong-value", message, f"Take at most {places}.")


def _nps(c: Checker, indicator: Indicator, resolved: Resolved, questions: Mapping[str, Question]) -> Iterator[Problem]:
    question = questions.get(resolved.tree.name) if isinstance(resolved.tree, Name) else None
    if question is None or not c.study.is_nps_scale(question):
        message = f'"{indicator.expression}" is not a question on a 0-10 scale.'
        hint = "NPS is the share of 9-10 minus the share of 0-6; for other scales use a share or a mean."
        yield c.problem(c.at("indicators", indicator.id, "nps"), "scale-not-nps", message, hint)
