"""A study folder becomes a frozen `Study`, or the list of all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vigie.errors import Problem, suggestion
from vigie.study.brands import read_brands
from vigie.study.checks import check
from vigie.study.document import Document, Path_, read_yaml
from vigie.study.draft import Draft, named_file, text_file
from vigie.study.drivers import KeyDrivers
from vigie.study.grids import Grid
from vigie.study.imports import IMPORTS, TELLING, AnyImport, SurveyImport
from vigie.study.indicators import Indicator
from vigie.study.mappings import is_file
from vigie.study.margins import read_margins
from vigie.study.model import Header, Margin, Study
from vigie.study.overlays import read_instruments
from vigie.study.panels import PANEL, panel_question
from vigie.study.published import read_figures
from vigie.study.questions import AnyQuestion, Battery, Question
from vigie.study.validation import validate
from vigie.study.waves import Wave

LISTS: dict[str, Any] = {"questions": AnyQuestion, "indicators": Indicator, "drivers": KeyDrivers, "waves": Wave}
FILE = "study.yaml"
ASIDE = {"study", "title", "languages", "reports", "population", "sectors", "banner", "show"}  # nothing else needs them


def load_study(folder: Path) -> tuple[Study | None, list[Problem]]:
    """The study in a folder and its problems, all of them; with any problem the study is None."""
    path = folder / FILE if folder.is_dir() else folder
    document = read_yaml(path, shown=path.name)
    if document.value is None and not document.problems:
        document.problems.append(Problem("missing-key", "The file is empty.", 'Begin with "study: name".', path.name))
    if document.value is not None and not isinstance(document.value, Mapping):
        message = "A study is a mapping of keys to values."
        document.problems.append(Problem("wrong-value", message, 'Begin with "study: name".', path.name, 1))
    if not isinstance(document.value, Mapping):
        return None, document.problems
    draft = Draft(path.parent, document, list(document.problems))
    _sections(draft)
    if draft.header is not None:
        _brands(draft, draft.header)
        _grids(draft, draft.header)
        read_instruments(draft)
        _panels(draft)
        _margins(draft, draft.header)
        _figures(draft)
    study = _assemble(draft)
    if study is not None:
        draft.problems += check(study, document, draft.paths, draft.invalid, draft.merged)
    problems = sorted(set(draft.problems), key=lambda p: (p.file, p.line or 0, p.column or 0, p.message))
    return (None if problems else study), problems


def _assemble(draft: Draft) -> Study | None:
    if draft.header is None:
        return None
    items = draft.items
    return Study(
        str(draft.folder), draft.header, items["questions"], items["indicators"], items["imports"], items["waves"],
        tuple(draft.brands), draft.grids, draft.margins, draft.margins_among, draft.instruments, draft.batteries,
        draft.figures, items["drivers"], draft.wave_grids,
    )  # fmt: skip


def _sections(draft: Draft) -> None:
    """The header as one part; the items of lists and the imports one by one, so that a bad one hides nothing."""
    value = draft.document.value
    header_keys = [info.alias or name for name, info in Header.model_fields.items()]
    known = [*header_keys, *LISTS, "imports"]
    for key in value:
        if key not in known:
            draft.complain((key,), "unknown-key", f'"{key}" is not a key of a study.', suggestion(str(key), known))
    given = {k: v for k, v in value.items() if k in header_keys}
    header: Header | None
    header, found = validate(Header, given, draft.document, ())
    draft.problems += found
    draft.header = header if header is not None else _header_without(given)
    for name, shape in LISTS.items():
        draft.items[name] = _listed(draft, name, shape, draft.document)
    _unfold(draft)
    if not draft.items["waves"] and "waves" not in value:
        draft.complain((), "missing-key", 'The study has no "waves".', "Add one with its files.")
    draft.items["imports"] = _imports(draft, value.get("imports"))


def _unfold(draft: Draft) -> None:
    """Each item of a grid becomes a question of its own, in the place of the grid."""
    questions: dict[str, Question] = {}
    for question in draft.items["questions"].values():
        place = draft.paths["questions", question.id]
        for made in question.questions() if isinstance(question, Battery) else [question]:
            if made.id in questions or (made.id != question.id and made.id in draft.items["questions"]):
                message, hint = f'"{made.id}" stands twice in "questions".', "Rename the question or the item."
                draft.complain((*place, "id"), "duplicate-name", message, hint)
            questions[made.id] = made
            draft.paths["questions", made.id] = place
        if isinstance(question, Battery):
            draft.batteries[question.id] = question
    draft.items["questions"] = questions


def _header_without(given: Mapping[str, Any]) -> Header | None:
    """The header without its wrong words, so that the rest is checked too; None where what is wrong matters to it."""
    needed = {"study": "draft", "title": "draft"}
    nobody = Document(FILE)
    wrong = {k for k, v in given.items() if validate(Header, {**needed, k: v}, nobody, ())[0] is None}
    if not wrong <= ASIDE:
        return None
    sound = {k: v for k, v in given.items() if k not in wrong}
    return validate(Header, {**sound, **needed}, nobody, ())[0]


def _listed(draft: Draft, name: str, shape: Any, document: Document) -> dict[str, Any]:
    """The items of a list by id."""
    items: dict[str, Any] = {}
    listed = document.value.get(name)
    if listed is None:
        return items
    if not isinstance(listed, list):
        draft.problems.append(
            document.problem((name,), "wrong-value", f'"{name}" is a list.', 'Begin each item with "-".')
        )
        return items
    for number, raw in enumerate(listed):
        item, found = validate(shape, raw, document, (name, number))
        draft.problems += found
        key = str(raw.get("id", "")) if isinstance(raw, Mapping) else ""
        if item is None:
            draft.invalid.add(key)
        elif item.id in items:
            message = f'"{item.id}" stands twice in "{name}".'
            draft.problems.append(
                document.problem((name, number, "id"), "duplicate-name", message, "Rename one of them.")
            )
        else:
            items[item.id] = item
            draft.paths[name, item.id] = (name, number)
    return items


def _imports(draft: Draft, value: Any) -> dict[str, AnyImport]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        draft.complain(("imports",), "wrong-value", '"imports" is a mapping.', 'Write "name: {…}".')
        return {}
    found: dict[str, AnyImport] = {}
    for name, raw in value.items():
        shape = _shape(raw)
        item: AnyImport | None
        item, problems = validate(shape, raw, draft.document, ("imports", name))
        draft.problems += problems
        draft.paths["imports", name] = ("imports", name)
        if item is None:
            draft.invalid.add(name)
        else:
            found[name] = item
    return found


def _shape(raw: Any) -> type[AnyImport]:
    """What an import reads, by its keys."""
    given = set(raw) if isinstance(raw, Mapping) else set()
    return next((IMPORTS[source] for source, keys in TELLING.items() if given & set(keys)), SurveyImport)


def _brands(draft: Draft, header: Header) -> None:
    if header.brands is None:
        return
    text = text_file(draft, ("brands",), header.brands)
    if text is not None:
        draft.brands, found = read_brands(text, file=header.brands)
        draft.problems += found


def _grids(draft: Draft, header: Header) -> None:
    read: dict[str, Grid | None] = {}
    for channel, name in (header.mystery.grids if header.mystery else {}).items():
        if name not in read:
            read[name] = _grid(draft, ("mystery", "grids", channel), name)
        grid = read[name]
        if grid is not None:
            draft.grids[channel] = grid
    for key, wave in draft.items["waves"].items():
        for channel, name in wave.grids.items():
            if name not in read:
                read[name] = _grid(draft, draft.at("waves", key, "grids", channel), name)
            grid = read[name]
            if grid is not None:
                draft.wave_grids.setdefault(key, dict(draft.grids))[channel] = grid


def _grid(draft: Draft, path: Path_, name: str) -> Grid | None:
    found = named_file(draft, path, name)
    if found is None:
        return None
    if not is_file(found):
        text_file(draft, path, name)
        return None
    document = read_yaml(found, shown=name)
    draft.problems += document.problems
    if document.problems:
        return None
    if not isinstance(document.value, Mapping):
        draft.problems.append(document.problem((), "wrong-value", "A grid is a mapping of keys to values.",
                                               'Begin with "grid: name".'))  # fmt: skip
        return None
    grid: Grid | None
    grid, problems = validate(Grid, document.value, document, ())
    draft.problems += problems
    return grid


def _panels(draft: Draft) -> None:
    """Where files name their panel, it is a question of every wave: nobody is asked it, and everybody has an answer."""
    question = panel_question(draft.items["waves"].values())
    if question is None or PANEL in draft.items["questions"]:  # the study's own would be told to take another name
        return
    draft.items["questions"] = {PANEL: question} | draft.items["questions"]
    draft.instruments = {wave: {PANEL: question} | asked for wave, asked in draft.instruments.items()}


def _margins(draft: Draft, header: Header) -> None:
    """The margins of every wave, for each weighting."""
    rules = header.weighting
    if rules is None:
        return
    read: dict[str, tuple[Margin, ...]] = {}

    def margins(path: Path_, name: str) -> tuple[Margin, ...]:
        if name not in read:
            text = text_file(draft, (*path, "margins"), name)
            read[name], problems = read_margins(text, file=name, by=rules.by) if text is not None else ((), [])
            draft.problems += problems
        return read[name]

    for key, wave in draft.items["waves"].items():
        if "survey" in wave.by_source and wave.weights == "base":
            draft.margins[key] = margins(("weighting", "everyone"), rules.everyone.margins.replace("{wave}", key))
            for name, own in rules.among.items():
                path = ("weighting", "among", name)
                draft.margins_among[key, name] = margins(path, own.margins.replace("{wave}", key))


def _figures(draft: Draft) -> None:
    """The printed figures of the waves of which nothing else is left."""
    for key, wave in draft.items["waves"].items():
        if wave.published is not None:
            text = text_file(draft, draft.at("waves", key, "published"), wave.published)
            if text is not None:
                indicators = draft.items["indicators"]
                draft.figures[key], problems = read_figures(text, file=wave.published, indicators=indicators)
                draft.problems += problems
