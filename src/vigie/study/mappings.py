"""Whether the files of the waves exist, and whether what the imports map meets the study."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath

from vigie.errors import Problem, suggestion
from vigie.results.figures import Source
from vigie.study.complaints import Checker
from vigie.study.document import Path_
from vigie.study.expressions import ExpressionError
from vigie.study.fields import NO, YES
from vigie.study.imports import AnyImport, Column, LogImport, ReviewsImport, SurveyImport, TestsImport, source_of
from vigie.study.questions import Battery, Mention, Multiple, Question, Ranking, Scale, Single
from vigie.study.resolution import row_filter
from vigie.study.text import normalised
from vigie.study.waves import FILE_KEYS, DataFile, Wave

OUTCOMES = ("answered", "unanswered", "invalid")
STATUSES = ("complete", "partial", "screened_out")
MODERATION = ("published", "refused", "pending")
EVENTS = ("opened", "first_response", "message", "transferred", "resolved", "reopened", "abandoned", "closed", "other")
READS: dict[Source, str] = {"survey": "a survey", "mystery": "mystery tests", "reviews": "reviews", "log": "a log"}


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
        yield from _questions(c, item, path)
        if isinstance(item, TestsImport):
            yield from _tests_import(c, item, path)
        elif not isinstance(item, SurveyImport):
            yield from _record_import(c, item, path)
        else:
            for key in ("respondent", "weight", "stratum", "cluster", "fpc", "started_at", "duration", "status"):
                yield from _one_column(c, getattr(item, key), (*path, key))
            for source, target in (item.status.codes if item.status else {}).items():
                yield from c.unknown((*path, "status", "codes", source), "status", target, list(STATUSES))
            asking = [q.id for q in c.study.questions.values() if getattr(q, "specify", None)]
            for question in item.specify:
                yield from c.unknown((*path, "specify", question), "question that asks for words", question, asking)
            yield from _words(c, item, path)


def _words(c: Checker, item: SurveyImport, path: Path_) -> Iterator[Problem]:
    """Several options of a multiple question ask for words: each has a column of its own."""
    for name, column in item.specify.items():
        question = c.study.questions.get(name)
        several = isinstance(question, Multiple) and len(question.specify) > 1
        if several and not (isinstance(column.from_, str) and "{option}" in column.from_):
            message = f'Several options of "{name}" ask for words: the column needs {{option}}.'
            yield c.problem((*path, "specify", name), "wrong-value", message, f'For example "{name}_{{option}}_text".')


def _questions(c: Checker, item: AnyImport, path: Path_) -> Iterator[Problem]:
    """Where the study's own questions stand in a file."""
    source = source_of(item)
    if source == "survey":
        known = {k: q for qs in (c.study.questions, *c.study.instruments.values()) for k, q in qs.items()}
    else:
        known = c.study.own(source)
    batteries = {b: q for b, q in c.study.batteries.items() if source == "survey"}
    if source != "survey":
        section = getattr(c.study.header, source, None)
        batteries = {q.id: q for q in (section.questions if section else []) if isinstance(q, Battery)}
    for question, column in item.columns.items():
        inside = (*path, "columns", question)
        if question in batteries and question not in known:
            if not isinstance(column.from_, str) or "{item}" not in column.from_:
                message = f'"{question}" is a grid: its column needs {{item}}.'
                yield c.problem(inside, "wrong-value", message, f'For example "{question}_{{item}}".')
            yield from _mapped_items(c, batteries[question], column, inside)
            continue
        yield from c.unknown(inside, "question", question, [*known, *batteries])
        if question in known:
            yield from _column(c, known[question], column, inside)


def _mapped_items(c: Checker, battery: Battery, column: Column, path: Path_) -> Iterator[Problem]:
    """What stands for each item of a grid, and for each answer."""
    for source, target in column.options.items():
        yield from c.unknown((*path, "options", source), f'item of "{battery.id}"', target, list(battery.items))
    yield from _targets(c, battery.questions()[0], column.model_copy(update={"options": {}}), path)


def _record_import(c: Checker, item: ReviewsImport | LogImport, path: Path_) -> Iterator[Problem]:
    """The fields of reviews and of a log."""
    channels, brands = list(c.study.header.channels), [b.brand for b in c.study.brands]
    yes_no = ("answered", "resolved", "solicited", "verified", "replied")
    targets = {"brand": ("brand", brands), "channel": ("channel", channels), "kind": ("kind of event", list(EVENTS)),
               "moderation": ("status", list(MODERATION)), **{k: ("answer", [YES, NO]) for k in yes_no}}  # fmt: skip
    for key in type(item).model_fields:
        column = getattr(item, key)
        if not isinstance(column, Column):
            continue
        if column.join is None:
            yield from _one_column(c, column, (*path, key))
        if key in targets:
            for source, target in column.codes.items():
                yield from c.unknown((*path, key, "codes", source), targets[key][0], target, targets[key][1])
    if isinstance(item, LogImport) and item.only_channel is not None:
        yield from c.unknown((*path, "only_channel"), "channel", item.only_channel, channels)


def _tests_import(c: Checker, item: TestsImport, path: Path_) -> Iterator[Problem]:
    channels = list(c.study.grids) or list(c.study.header.channels)
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
    every = [*c.study.grids.values(), *(g for grids in c.study.wave_grids.values() for g in grids.values())]
    criteria = list(dict.fromkeys(k.id for grid in every for k in grid.criteria))
    for source, target in item.marks.options.items():
        yield from c.unknown((*path, "marks", "options", source), "criterion", target, criteria)
    if not isinstance(item.marks.from_, str) or "{criterion}" not in item.marks.from_:
        message, hint = "The marks stand in one column per criterion.", 'For example marks: "note_{criterion}".'
        yield c.problem((*path, "marks"), "wrong-value", message, hint)
    for key in ("test", "brand", "channel", "outcome", "scenario", "tester", "slot"):
        yield from _one_column(c, getattr(item, key), (*path, key))
    for key in ("sent_at", "acknowledged_at", "answered_at", "censored_at"):
        yield from _one_column(c, getattr(item, key), (*path, key))


def _one_column(c: Checker, column: Column | None, path: Path_) -> Iterator[Problem]:
    if column is not None and isinstance(column.from_, list) and column.join is None:
        yield c.problem(path, "wrong-value", "This stands in one column, not in a list.", "Name the column.")


def _column(c: Checker, question: Question, column: Column, path: Path_) -> Iterator[Problem]:
    patterns = [column.from_] if isinstance(column.from_, str) else column.from_ or []
    if question.per is not None and not any(f"{{{question.per.dimension}}}" in p for p in patterns):
        message = (
            f'"{question.id}" is asked per {question.per.dimension}: its column needs {{{question.per.dimension}}}.'
        )
        yield c.problem(path, "wrong-value", message, f'For example "{question.id}_{{{question.per.dimension}}}".')
    if isinstance(question, Mention):  # words may stand anywhere
        yield from _targets(c, question, column, path)
        return
    if isinstance(question, Ranking):
        in_order = isinstance(column.from_, list) or column.delimiter is not None
        if not in_order and not any("{option}" in p for p in patterns):
            message = f'"{question.id}" puts options in order: say where each place, or each option, stands.'
            hint = (
                "A list of columns or one cell with a `delimiter:`, first place first, or the place in a column per "
                'option ("Q7r{option}").'
            )
            yield c.problem(path, "wrong-value", message, hint)
    elif not isinstance(question, Multiple):
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
    if isinstance(question, Single | Multiple | Ranking):
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
    if question.per is not None and not isinstance(question, Multiple | Ranking):
        feeder = c.study.questions.get(question.per.source)
        known = list(c.study.options(feeder)) if feeder is not None else []
    elif not isinstance(question, Single | Multiple | Ranking) and column.options:
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
        for source, files in wave.by_source.items():
            seen: set[PurePath] = set()
            for number, file in enumerate(files):
                yield from _file(c, wave, source, number, file, seen)
        if "mystery" in wave.by_source and c.study.header.mystery is None:
            path, hint = c.at("waves", wave.id, "files", "tests"), 'Add "mystery: {grids: …}".'
            yield c.problem(path, "missing-key", "The wave has tests and the study no grids.", hint)
        if "survey" in wave.by_source and not c.study.questions:
            path = c.at("waves", wave.id, "files", "survey")
            message = "The wave has a survey and the study no questions."
            yield c.problem(path, "missing-key", message, 'Add "questions:".')


def _file(
    c: Checker, wave: Wave, source: Source, number: int, file: DataFile, seen: set[PurePath]
) -> Iterator[Problem]:
    path = c.at("waves", wave.id, "files", FILE_KEYS[source])
    path = c.place((*path, number, "path"), (*path, "path"), (*path, number), path)
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
    if file.panel is not None and source != "survey":
        message = f'"{file.path}" is no survey: it has no panel.'
        yield c.problem(path, "wrong-value", message, "Take `panel:` out.")
    if file.import_ is None:
        return
    item = c.study.imports.get(file.import_)
    if item is None:
        yield from c.unknown(path, "import", file.import_, list(c.study.imports))
    elif source_of(item) != source:
        message = f'The import "{file.import_}" reads {READS[source_of(item)]}.'
        hint = (
            "Imports with `test:` read tests, with `case:` a log, with `brand:` or `stars:` reviews, others a survey."
        )
        yield c.problem(path, "wrong-value", message, hint)


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
