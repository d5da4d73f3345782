"""A study folder becomes a frozen `Study`, or the list of all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from vigie.errors import Problem, suggestion
from vigie.study.brands import Brand, read_brands
from vigie.study.checks import check
from vigie.study.document import UNPRINTABLE, Document, Path_, merge, read_yaml
from vigie.study.drivers import KeyDrivers
from vigie.study.grids import Grid
from vigie.study.imports import IMPORTS, TELLING, AnyImport, SurveyImport
from vigie.study.indicators import Indicator
from vigie.study.mappings import beside, is_file
from vigie.study.margins import read_margins
from vigie.study.model import Header, Margin, PublishedFigure, Study
from vigie.study.panels import PANEL, panel_question
from vigie.study.published import read_figures
from vigie.study.questions import AnyQuestion, Battery, Question
from vigie.study.validation import validate
from vigie.study.waves import Wave

LISTS: dict[str, Any] = {"questions": AnyQuestion, "indicators": Indicator, "drivers": KeyDrivers, "waves": Wave}
FILE = "study.yaml"
ASIDE = {"study", "title", "languages", "reports", "population", "sectors", "banner", "show"}  # nothing else needs them
MOST_BYTES = 16 << 20


@dataclass
class Draft:
    """A study while it is being read: what is valid so far, where it stands, and what is wrong."""

    folder: Path
    document: Document
    problems: list[Problem] = field(default_factory=list)
    header: Header | None = None
    items: dict[str, dict[str, Any]] = field(default_factory=dict)  # list -> id -> item
    paths: dict[tuple[str, str], Path_] = field(default_factory=dict)  # (list, id) -> path in the document
    invalid: set[str] = field(default_factory=set)  # ids whose own definition is wrong: no second complaint about them
    brands: list[Brand] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)
    margins: dict[str, tuple[Margin, ...]] = field(default_factory=dict)
    margins_among: dict[tuple[str, str], tuple[Margin, ...]] = field(default_factory=dict)
    instruments: dict[str, dict[str, Question]] = field(default_factory=dict)
    batteries: dict[str, Battery] = field(default_factory=dict)
    figures: dict[str, tuple[PublishedFigure, ...]] = field(default_factory=dict)  # of waves that were only printed
    wave_grids: dict[str, dict[str, Grid]] = field(default_factory=dict)  # of waves with grids of their own
    merged: dict[str, Document] = field(default_factory=dict)  # by wave: the study with its instrument laid over

    def at(self, kind: str, name: str, *inside: str | int) -> Path_:
        return (*self.paths.get((kind, name), (kind,)), *inside)

    def complain(self, path: Path_, code: str, message: str, hint: str = "") -> None:
        self.problems.append(self.document.problem(path, code, message, hint))


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
        _instruments(draft)
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


def inside(folder: Path, name: str) -> Path | None:
    """The path of a study's file, or None where the name leads out of the study's folder."""
    pure = PurePath(name)
    if pure.is_absolute() or ".." in pure.parts or "\0" in name:
        return None
    return folder / pure


def _named_file(draft: Draft, path: Path_, name: str) -> Path | None:
    found = inside(draft.folder, name)
    if found is None:
        draft.complain(path, "wrong-value", f'"{name}" leads out of the study\'s folder.', "Name a file below it.")
    return found


def _text_file(draft: Draft, path: Path_, name: str) -> str | None:
    """The text of a file that the study names; a complaint where it cannot be read."""
    found = _named_file(draft, path, name)
    if found is None:
        return None
    try:
        if found.stat().st_size > MOST_BYTES:
            hint = "Is it the right file?"
            draft.complain(path, "file-too-large", f'"{name}" is larger than {MOST_BYTES >> 20} MiB.', hint)
            return None
        return _printable(draft, name, found.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        hint = suggestion(found.name, beside(found))
        draft.complain(path, "file-missing", f'The file "{name}" does not exist.', hint)
    except UnicodeDecodeError as error:
        draft.complain(path, "file-unreadable", f'"{name}": byte {error.start + 1} is not UTF-8.', "Save it as UTF-8.")
    except OSError as error:
        hint = "Check its name and its rights."
        draft.complain(path, "file-unreadable", f'"{name}" cannot be opened: {error.strerror}.', hint)
    return None


def _printable(draft: Draft, name: str, text: str) -> str | None:
    """The text of a table, unless it holds what no report can print."""
    found = UNPRINTABLE.search(text)
    if found is None:
        return text
    line = text.count("\n", 0, found.start()) + 1
    message = f"The character U+{ord(found[0]):04X} cannot be printed."
    draft.problems.append(Problem("file-unreadable", message, "Export the file again as UTF-8.", name, line))
    return None


def _brands(draft: Draft, header: Header) -> None:
    if header.brands is None:
        return
    text = _text_file(draft, ("brands",), header.brands)
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
    found = _named_file(draft, path, name)
    if found is None:
        return None
    if not is_file(found):
        _text_file(draft, path, name)
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


def _instruments(draft: Draft) -> None:
    """The questions of each wave that names an instrument of its own: the study's, changed where the file says so."""
    for key, wave in draft.items["waves"].items():
        if wave.instrument is None:
            continue
        path = draft.at("waves", key, "instrument")
        found = _named_file(draft, path, wave.instrument)
        if found is None or not is_file(found):
            _text_file(draft, path, wave.instrument) if found else None
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
        draft.instruments[key] = _ordered(draft, over, _instrument(draft, over, draft.merged[key]))


def _ordered(draft: Draft, over: Document, questions: dict[str, Question]) -> dict[str, Question]:
    """The questions of an instrument in the order in which it says that it asked them; those it leaves out follow."""
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
        items = [f"{name}_{item}" for item in draft.batteries[name].items] if name in draft.batteries else [name]
        found = {item: questions[item] for item in items if item in questions}
        if not found and name not in draft.invalid:
            known = list(questions)
            message = f'There is no question "{name}".'
            draft.problems.append(over.problem(("order", number), "unknown-name", message, suggestion(name, known)))
        named |= found
    return named | {name: q for name, q in questions.items() if name not in named}


def _instrument(draft: Draft, over: Document, merged: Document) -> dict[str, Question]:
    questions: dict[str, Question] = {}
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
            draft.batteries.setdefault(item.id, item)
            questions |= {q.id: q for q in item.questions()}
        elif item is not None:
            questions[item.id] = item
        elif isinstance(raw, Mapping):
            draft.invalid.add(str(raw.get("id", "")))
    draft.problems += [p for p in merged.problems if p not in over.problems]
    return questions


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
            text = _text_file(draft, (*path, "margins"), name)
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
            text = _text_file(draft, draft.at("waves", key, "published"), wave.published)
            if text is not None:
                indicators = draft.items["indicators"]
                draft.figures[key], problems = read_figures(text, file=wave.published, indicators=indicators)
                draft.problems += problems
