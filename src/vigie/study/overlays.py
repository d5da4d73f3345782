"""The questionnaire of a wave that asked otherwise: the study's, with the wave's own file laid over it."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.errors import Problem, suggestion
from vigie.study.document import Document, merge, read_yaml
from vigie.study.draft import Draft, named_file, text_file
from vigie.study.mappings import is_file
from vigie.study.questions import AnyQuestion, Battery, Question
from vigie.study.validation import validate


def read_instruments(draft: Draft) -> None:
    """The questions of each wave that names an instrument of its own: the study's, changed where the file says so."""
    for key, wave in draft.items["waves"].items():
        if wave.instrument is None:
            continue
        path = draft.at("waves", key, "instrument")
        found = named_file(draft, path, wave.instrument)
        if found is None or not is_file(found):
            text_file(draft, path, wave.instrument) if found else None
            continue
        over = read_yaml(found, shown=wave.instrument)
        draft.problems += over.problems
        if not isinstance(over.value, Mapping) or not isinstance(over.value.get("questions"), list):
            if not over.problems:
                message, hint = 'An instrument is a mapping with a list "questions".', 'Begin with "questions:".'
                draft.problems.append(Problem("wrong-value", message, hint, wave.instrument, 1))
            continue
        draft.problems += [
            over.problem((k,), "unknown-key", f'"{k}" is not a key of an instrument.', "There is: questions, order.")
            for k in over.value if k not in ("questions", "order")
        ]  # fmt: skip
        draft.merged[key] = merge(draft.document, over, ("questions",))
        questions, batteries = _instrument(draft, over, draft.merged[key])
        draft.instruments[key] = _ordered(draft, over, questions, batteries)


def _ordered(
    draft: Draft, over: Document, questions: dict[str, Question], batteries: dict[str, Battery]
) -> dict[str, Question]:
    """The questions of an instrument in the order in which it says that it asked them; those it leaves out follow.

    A grid stands for its items, as the wave asked them.
    """
    order = over.value.get("order")
    if order is None:
        return questions
    if not isinstance(order, list) or len({str(name) for name in order}) < len(order):
        message, hint = (
            '"order" is a list of questions, each once.',
            "Write them in the order in which they were asked.",
        )
        draft.problems.append(over.problem(("order",), "wrong-value", message, hint))
        return questions
    named: dict[str, Question] = {}
    for number, name in enumerate(map(str, order)):
        items = [f"{name}_{item}" for item in batteries[name].items] if name in batteries else [name]
        found = {item: questions[item] for item in items if item in questions}
        if not found and name not in draft.invalid:
            known = list(questions)
            message = f'There is no question "{name}".'
            draft.problems.append(over.problem(("order", number), "unknown-name", message, suggestion(name, known)))
        named |= found
    return named | {name: q for name, q in questions.items() if name not in named}


def _instrument(draft: Draft, over: Document, merged: Document) -> tuple[dict[str, Question], dict[str, Battery]]:
    """The questions that a wave asked, each item of a grid as one, and its grids."""
    questions: dict[str, Question] = {}
    batteries: dict[str, Battery] = {}
    for number, raw in enumerate(merged.value["questions"]):
        if isinstance(raw, Mapping) and raw.get("remove") is True:
            continue
        if isinstance(raw, Mapping) and "kind" not in raw and merged.files.get(("questions", number)) == over.file:
            named = str(raw.get("id", ""))
            known = [*draft.items["questions"], *draft.batteries]
            hint = suggestion(named, known) + " A new question needs its `kind:`."
            message = f'There is no question "{named}" in the study to change.'
            draft.problems.append(merged.problem(("questions", number), "unknown-name", message, hint))
            continue
        item: Question | None
        item, problems = validate(AnyQuestion, raw, merged, ("questions", number))
        if merged.files.get(("questions", number)) == over.file:
            draft.problems += problems
        if isinstance(item, Battery):
            batteries[item.id] = item
            draft.batteries.setdefault(item.id, item)
            questions |= {q.id: q for q in item.questions()}
        elif item is not None:
            questions[item.id] = item
        elif isinstance(raw, Mapping):
            draft.invalid.add(str(raw.get("id", "")))
    draft.problems += [p for p in merged.problems if p not in over.problems]
    return questions, batteries
