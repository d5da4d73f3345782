"""Whether the files of the waves exist, and whether what the imports map meets the study."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from vigie.errors import Problem, suggestion
from vigie.study.complaints import Checker
from vigie.study.document import Path_
from vigie.study.expressions import ExpressionError
from vigie.study.imports import Column, SurveyImport, TestsImport
from vigie.study.questions import Multiple, Question, Scale, Single
from vigie.study.resolution import row_filter
from vigie.study.text import normalised
from vigie.study.waves import DataFile, Wave

OUTCOMES = ("answered", "unanswered", "invalid")


def check_imports(c: Checker) -> Iterator[Problem]:
    """What each import maps, against the questions, brands, channels and criteria that there are."""
    for name, item in c.study.imports.items():
        path = c.at("imports", name)
        if item.keep is not None:
            try:
                row_filter(item.keep)
            except ExpressionError as error:
                message = f"keep: {error}, at character {error.at + 1} of: {item.keep[:120]}"
                yield c.problem((*path, "keep"), "expression", message, error.hint)
        if isinstance(item, TestsImport):
            yield from _tests_import(c, item, path)
            continue
        known = {k: q for qs in (c.study.questions, *c.study.instruments.values()) for k, q in qs.items()}
        for question, column in item.columns.items():
            inside = (*path, "columns", question)
            yield from c.unknown(inside, "question", question, list(known))
            if question in known:
                yield from _column(c, known[question], column, inside)
        for key in ("respondent", "weight", "stratum", "started_at", "duration"):
            yield from _one_column(c, getattr(item, key), (*path, key))


def _tests_import(c: Checker, item: TestsImport, path: Path_) -> Iterator[Problem]:
    channels = list(c.study.grids)
    if item.only_channel is not None:
        yield from c.unknown((*path, "only_channel"), "grid for channel", item.only_channel, channels)
    targets = {
        "brand": ("brand", [b.brand for b in c.study.brands]), "channel": ("grid for channel", channels),
        "outcome": ("outcome", list(OUTCOMES)),
    }  # fmt: skip
    for key, (what, known) in targets.items():
        column: Column | None = getattr(item, key)
        for source, target in (column.codes if column else {}).items():
            yield from c.unknown((*path, key, "codes", source), what, target, known)
    criteria = [k.id for grid in c.study.grids.values() for k in grid.criteria]
    for source, target in item.marks.options.items():
        yield from c.unknown((*path, "marks", "options", source), "criterion", target, criteria)
    if not isinstance(item.marks.from_, str) or "{criterion}" not in item.marks.from_:
        message, hint = "The marks stand in one column per criterion.", 'For example marks: "note_{criterion}".'
        yield c.problem((*path, "marks"), "wrong-value", message, hint)
    for key in ("test", "brand", "channel", "outcome", "scenario", "tester", "slot"):
        yield from _one_column(c, getattr(item, key), (*path, key))
    for key in ("sent_at", "acknowledged_at", "answered_at"):
        yield from _one_column(c, getattr(item, key), (*path, key))


def _one_column(c: Checker, column: Column | None, path: Path_) -> Iterator[Problem]:
    if column is not None and isinstance(column.from_, list):
        yield c.problem(path, "wrong-value", "This stands in one column, not in a list.", "Name the column.")


def _column(c: Checker, question: Question, column: Column, path: Path_) -> Iterator[Problem]:
    patterns = [column.from_] if isinstance(column.from_, str) else column.from_ or []
    if question.per is not None and not any(f"{{{question.per.dimension}}}" in p for p in patterns):
        message = (
            f'"{question.id}" is asked per {question.per.dimension}: its column needs {{{question.per.dimension}}}.'
        )
        yield c.problem(path, "wrong-value", message, f'For example "{question.id}_{{{question.per.dimension}}}".')
    if not isinstance(question, Multiple):
        yield from _one_column(c, column, path)
    elif column.delimiter is None and not isinstance(column.from_, list):
        if not any("{option}" in p for p in patterns):
            message = f'"{question.id}" takes several options: say where each one is.'
            hint = 'One column per option ("Q7r{option}"), a list of columns, or one cell with a `delimiter:`.'
            yield c.problem(path, "wrong-value", message, hint)
    elif any("{option}" in p for p in patterns):
        message = "A column per option holds no list of options."
        yield c.problem(path, "wrong-value", message, "Take out `delimiter:`, or {option}.")
    yield from _targets(c, question, column, path)
    if column.labels and isinstance(question, Single | Multiple):
        yield from _labels(c, question, path)


def _targets(c: Checker, question: Question, column: Column, path: Path_) -> Iterator[Problem]:
    """The right-hand sides of `codes:` and `options:`."""
    special = [rule.code for rule in (question.dont_know, question.refused) if rule]
    if isinstance(question, Single | Multiple):
        known = [*c.study.options(question), *special]
        yield from _mapped(c, question, column.codes, known, (*path, "codes"))
    elif isinstance(question, Scale):
        ends = question.scale
        marks = [code for code in column.codes.values() if code not in special]
        if any(not re.fullmatch(r"-?[0-9]{1,9}", code) or not ends.from_ <= int(code) <= ends.to for code in marks):
            message = f'"{question.id}" has marks from {ends.from_} to {ends.to}.'
            yield c.problem((*path, "codes"), "wrong-value", message, "Map each cell to one of them.")
        known = []
    else:
        known = []
    if question.per is not None and not isinstance(question, Multiple):
        feeder = c.study.questions.get(question.per.source)
        known = list(c.study.options(feeder)) if feeder is not None else []
    elif not isinstance(question, Single | Multiple) and column.options:
        message = f'"{question.id}" has no options.'
        yield c.problem((*path, "options"), "wrong-value", message, "Map its cells with `codes:`.")
        return
    yield from _mapped(c, question, column.options, known, (*path, "options"))


def _mapped(
    c: Checker, question: Question, table: Mapping[str, str], known: list[str], path: Path_
) -> Iterator[Problem]:
    for source, target in table.items():
        if target not in known:
            message = f'"{question.id}" has no option "{target}".'
            yield c.problem((*path, source), "unknown-name", message, suggestion(target, known))


def _labels(c: Checker, question: Question, path: Path_) -> Iterator[Problem]:
    """Labels can stand for codes only where no two options share one."""
    for text in _twice(
        t for texts in c.study.options(question).values() for t in {normalised(t) for t in texts.values()}
    ):
        message = f'Two options of "{question.id}" have the label "{text}".'
        yield c.problem((*path, "labels"), "duplicate-name", message, "Map the cells with `codes:`.")


def _twice(texts: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(t.casefold() for t in texts if t).items() if count > 1]


def check_waves(c: Checker) -> Iterator[Problem]:
    """The files of every wave, and what reads them."""
    for folded in _twice(c.study.waves):
        waves = [w for w in c.study.waves if w.casefold() == folded]
        message = f'On some computers the waves "{waves[0]}" and "{waves[1]}" share a folder.'
        yield c.problem(c.at("waves", waves[1], "id"), "duplicate-name", message, "Rename one of them.")
    for wave in c.study.waves.values():
        for source, files in (("survey", wave.files.survey), ("tests", wave.files.tests)):
            seen: set[PurePath] = set()
            for number, file in enumerate(files or []):
                yield from _file(c, wave, source, number, file, seen)
        if wave.files.tests is not None and c.study.header.mystery is None:
            path, hint = c.at("waves", wave.id, "files", "tests"), 'Add "mystery: {grids: …}".'
            yield c.problem(path, "missing-key", "The wave has tests and the study no grids.", hint)
        if wave.files.survey is not None and not c.study.questions:
            path = c.at("waves", wave.id, "files", "survey")
            message = "The wave has a survey and the study no questions."
            yield c.problem(path, "missing-key", message, 'Add "questions:".')


def _file(c: Checker, wave: Wave, source: str, number: int, file: DataFile, seen: set[PurePath]) -> Iterator[Problem]:
    path = c.at("waves", wave.id, "files", source)
    path = next(
        (p for p in ((*path, number, "path"), (*path, "path"), (*path, number), path) if p in c.document.places), path
    )
    pure = PurePath(file.path)
    if pure.is_absolute() or ".." in pure.parts or "\0" in file.path:
        message = f'"{file.path}" leads out of the study\'s folder.'
        yield c.problem(path, "wrong-value", message, "Name a file below it.")
    elif not is_file(Path(c.study.folder) / pure):
        hint = suggestion(pure.name, beside(Path(c.study.folder) / pure))
        yield c.problem(path, "file-missing", f'The file "{file.path}" does not exist.', hint)
    elif pure in seen:
        yield c.problem(path, "duplicate-name", f'The file "{file.path}" stands twice.', "Name it once.")
    seen.add(pure)
    if file.import_ is None:
        return
    item = c.study.imports.get(file.import_)
    if item is None:
        yield from c.unknown(path, "import", file.import_, list(c.study.imports))
    elif isinstance(item, SurveyImport) != (source == "survey"):
        kind = "a survey" if isinstance(item, SurveyImport) else "mystery tests"
        message = f'The import "{file.import_}" reads {kind}.'
        yield c.problem(path, "wrong-value", message, "Imports with `test:` read tests, the others surveys.")


def is_file(path: Path) -> bool:
    """Whether a file is there; a name that no file can have is that of none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def beside(path: Path) -> list[str]:
    """The names in a file's folder."""
    try:
        return sorted(p.name for p in path.parent.iterdir())
    except (OSError, ValueError):
        return []
