"""Whether the questions meet: their lists, codes, routing and loops, in the survey and in the other sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from vigie.errors import Problem
from vigie.results.figures import Source
from vigie.study.complaints import Checker
from vigie.study.document import Path_
from vigie.study.expressions import Call, ExpressionError, names
from vigie.study.fields import fields, unfolded
from vigie.study.panels import Panel
from vigie.study.parsing import parse
from vigie.study.questions import NONE, Multiple, Question, Ranking, Scale, Single
from vigie.study.resolution import READ

COLUMNS_OF_FACTS = frozenset(
    ("respondent", "wave", "panel", "mode", "started_at", "duration", "stratum", "cluster", "fpc", "base_weight",
     "grain", "source", "person", "loop", "channel", "brand", "sector", "eligible", "asked", "position")
)  # fmt: skip
TEST_FIELDS = (
    "test", "brand", "channel", "outcome", "scenario", "tester", "slot", "sent_at", "acknowledged_at", "answered_at",
    "censored_at",
)  # fmt: skip
OWN_COLUMNS: dict[Source, frozenset[str]] = {  # of the facts of each source, beside its fields
    "mystery": frozenset((*TEST_FIELDS, "wave", "sector", "score")),
    "reviews": frozenset(("review", "wave", "brands", "author", "part", "moderation", "published_on", "experience_on",
                          "replied_at")),
    "log": frozenset(("case", "wave", "opened_at", "first_response_at", "resolved_at", "abandoned_at", "closed_at",
                      "waited", "kind", "at", "actor")),
}  # fmt: skip


def check_questions(c: Checker) -> Iterator[Problem]:
    earlier: dict[str, Question] = {}
    for question in c.study.questions.values():
        yield from _question(c, question, earlier, c.at("questions", question.id))
        earlier[question.id] = question


def check_own_questions(c: Checker) -> Iterator[Problem]:
    """What testers note, what reviews hold and what a log records beside the fields of every test, review and case."""
    for source, taken in OWN_COLUMNS.items():
        section = getattr(c.study.header, source, None)
        earlier = fields(source)
        for number, given in enumerate(section.questions if section is not None else []):
            path: Path_ = (source, "questions", number)
            if given.id in taken or given.id in earlier:
                message = f'"{given.id}" is a field of the source "{source}" already.'
                yield c.problem((*path, "id"), "duplicate-name", message, "Rename the question.")
                continue
            for question in unfolded([given]).values():
                if question.per is not None:
                    message = "Loops belong to the survey."
                    yield c.problem((*path, "per"), "loop", message, "Ask one question per value.")
                yield from _question(c, question, earlier, path, taken)
                earlier[question.id] = question


def check_instrument(c: Checker, wave: str, told: set[str]) -> Iterator[Problem]:
    """The questions as a wave asked them; what is wrong with the study's own is not told again."""
    earlier: dict[str, Question] = {}
    listed = [(k, raw) for k, raw in enumerate(c.document.value["questions"]) if isinstance(raw, Mapping)]
    places = {str(raw.get("id")): k for k, raw in listed}
    for k, raw in listed:  # the items of a grid stand where the grid does
        items = raw.get("items")
        places |= {f"{raw.get('id')}_{item}": k for item in (items if isinstance(items, Mapping) else ())}
    for question in c.study.instruments[wave].values():
        if isinstance(question, Panel):  # made from the names of the files: no instrument holds it
            earlier[question.id] = question
            continue
        for problem in _question(c, question, earlier, ("questions", places[question.id])):
            if problem.message not in told:
                yield replace(problem, message=f"In the instrument of wave {wave}: {problem.message}")
        earlier[question.id] = question


def _question(
    c: Checker,
    question: Question,
    earlier: Mapping[str, Question],
    path: Path_,
    taken: frozenset[str] = COLUMNS_OF_FACTS,
) -> Iterator[Problem]:
    if question.id in taken and not isinstance(question, Panel):
        message = f'"{question.id}" is the name of a column that Vigie keeps for itself.'
        yield c.problem(
            (*path, "id"), "duplicate-name", message, f'Rename the question, for example "{question.id}_said".'
        )
    allowed = {f"{{{question.per.dimension}}}"} if question.per else set()
    for mark in dict.fromkeys(m for t in question.label.values() for m in re.findall(r"\{\w+\}", t)):
        if mark not in allowed:
            hint = f"There is: {', '.join(allowed)}." if allowed else "The question is asked once, outside loops."
            yield c.problem((*path, "label"), "unknown-name", f'Nothing stands for "{mark}" in the label.', hint)
    if question.ask_if is not None:
        resolved, found = c.expression((*path, "ask_if"), question.ask_if, ("truth",), earlier)
        later = _asked_later(c, question, earlier) if found else None
        if later is not None:
            message = f'"{later}" is asked after "{question.id}", and cannot decide who is asked it.'
            hint = "Move it up, or route on an earlier question."
            found = [c.problem((*path, "ask_if"), "expression", message, hint)]
        if resolved and any(isinstance(leaf, Call) and leaf.function in READ for leaf in names(resolved.tree)):
            message = "Nobody is routed by what a text is read to say: the reading is made afterwards."
            yield c.problem((*path, "ask_if"), "expression", message, "Route on an answer.")
        yield from found
        own = (question.per.dimension, question.per.source) if question.per else None
        if resolved and resolved.loop is not None and resolved.loop != own:
            message = f'"{question.id}" is routed on a loop that it is not part of.'
            yield c.problem((*path, "ask_if"), "loop", message, "Give it the same `per:`.")
    if isinstance(question, Single | Multiple | Ranking):
        yield from _options(c, question, path)
    if isinstance(question, Scale):
        for name, box in question.boxes.items():
            if box.from_ < question.scale.from_ or box.to > question.scale.to:
                message = f'The box "{name}" leaves the scale of {question.scale.from_} to {question.scale.to}.'
                yield c.problem((*path, "boxes", name), "wrong-value", message, "Take marks of the scale.")
    yield from _special_codes(c, question, path)
    if question.per is not None:
        yield from _loop(c, question, earlier, (*path, "per"))


def _asked_later(c: Checker, question: Question, earlier: Mapping[str, Question]) -> str | None:
    """A question in the routing that comes after the one it routes, or is the same."""
    try:
        read = [leaf.name for leaf in names(parse(question.ask_if or "everyone"))]
    except ExpressionError:
        return None
    return next((n for n in read if n in c.study.questions and n not in earlier), None)


def _options(c: Checker, question: Single | Multiple | Ranking, path: Path_) -> Iterator[Problem]:
    """Lists that the options come from, options that stand alone or ask for words, and nets."""
    if question.options == "channels" and not c.study.header.channels:
        yield c.problem((*path, "options"), "missing-key", "The study lists no channels.", 'Add "channels: […]".')
    if question.options == "brands" and c.study.header.brands is None:
        yield c.problem((*path, "options"), "missing-key", "The study lists no brands.", 'Add "brands: brands.csv".')
    if isinstance(question, Ranking):
        if question.places is not None and question.places > len(c.study.options(question)):
            message = f'"{question.id}" ranks more options than it has.'
            yield c.problem((*path, "places"), "wrong-value", message, "Lower `places:`.")
        return
    listed = list(c.study.options(question))
    for number, option in enumerate(question.specify):
        yield from c.unknown((*path, "specify", number), f'option of "{question.id}"', option, listed)
    for name, net in question.nets.items():
        if name in listed:
            message = f'"{name}" is an option of "{question.id}" too.'
            yield c.problem((*path, "nets", name), "duplicate-name", message, "Rename the net.")
        for number, option in enumerate(net.of):
            yield from c.unknown((*path, "nets", name, "of", number), f'option of "{question.id}"', option, listed)
    if not isinstance(question, Multiple):
        return
    if question.none is not None and not isinstance(question.options, str) and NONE in question.options:
        message = f'"{NONE}" is an option and the code of `none:` too.'
        yield c.problem((*path, "none"), "duplicate-name", message, "Keep one of them.")
    known = list(c.study.options(question))
    for code in known:
        if code.casefold() in {k.casefold() for k in known if k != code} and code != code.casefold():
            message = f'Two options of "{question.id}" differ only in capitals: "{code}".'
            yield c.problem((*path, "options"), "duplicate-name", message, "Rename one of them.")
    for number, option in enumerate(question.exclusive):
        yield from c.unknown((*path, "exclusive", number), f'option of "{question.id}"', option, known)


def _special_codes(c: Checker, question: Question, path: Path_) -> Iterator[Problem]:
    """Codes of "don't know" and of a refusal that mean something else already."""
    listed, seen = c.study.options(question), set[str]()
    for special in ("dont_know", "refused"):
        rule = getattr(question, special)
        if rule is None:
            continue
        if rule.code in listed or rule.code in seen:
            message = f'The code "{rule.code}" of {special} is another answer too.'
            yield c.problem((*path, special), "duplicate-name", message, "Use another code.")
        if isinstance(question, Scale) and _in_scale(question, rule.code):
            message = f"The code {rule.code} of {special} is a mark of the scale too."
            yield c.problem((*path, special), "duplicate-name", message, "Use a code outside the scale.")
        seen.add(rule.code)


def _in_scale(question: Scale, code: str) -> bool:
    whole = re.fullmatch(r"-?[0-9]{1,9}", code)
    return whole is not None and question.scale.from_ <= int(code) <= question.scale.to


def _loop(c: Checker, question: Question, earlier: Mapping[str, Question], path: Path_) -> Iterator[Problem]:
    loop = question.per
    if loop is None:
        return
    if loop.source not in earlier:
        known = [q.id for q in earlier.values() if isinstance(q, Multiple)]
        yield from c.unknown(path, "question asked before", loop.source, known)
        return
    source = earlier[loop.source]
    if not isinstance(source, Multiple) or c.study.over(source) != loop.dimension:
        message = f'"{loop.source}" does not list {loop.dimension}s.'
        yield c.problem(path, "loop", message, f'A loop needs a multiple question with "options: {loop.dimension}s".')
    for value in loop.except_:
        yield from c.unknown(path, f'option of "{loop.source}"', value, list(c.study.options(source)))
    if source.per is not None:
        message = f'"{loop.source}" is asked in a loop itself.'
        yield c.problem(path, "loop", message, "Feed the loop from a question that is asked once.")
    others = [q for q in earlier.values() if q.per and q.per.source == loop.source]
    if any(
        (q.per.at_most, q.per.choose, q.per.except_) != (loop.at_most, loop.choose, loop.except_)
        for q in others
        if q.per
    ):
        message = f'Two loops over "{loop.source}" are drawn differently.'
        yield c.problem(
            path, "loop", message, "Give all questions of a loop the same `at_most`, `choose` and `except`."
        )
