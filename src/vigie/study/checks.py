"""What single parts cannot know: that names meet, scales fit, files exist. Every problem is listed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie.errors import Problem, suggestion
from vigie.study.channels import CHANNELS, meeting
from vigie.study.document import Document, Path_
from vigie.study.expressions import ExpressionError, Name, parse
from vigie.study.imports import Column, SurveyImport, TestsImport
from vigie.study.indicators import Indicator
from vigie.study.model import Margin, Study, UsageWeights
from vigie.study.questions import Multiple, Question, Scale, Single
from vigie.study.resolution import Resolved, Type, resolve, resolve_indicator
from vigie.study.waves import DataFile, Wave

TEST_FIELDS = (
    "test", "brand", "channel", "outcome", "scenario", "tester", "slot", "sent_at", "acknowledged_at", "answered_at",
)  # fmt: skip


@dataclass
class Checker:
    """Collects the problems of a study whose parts are each valid."""

    study: Study
    document: Document
    paths: Mapping[tuple[str, str], Path_]
    invalid: set[str]  # names whose own definition is wrong: complaints about them would only repeat

    def problem(self, path: Path_, code: str, message: str, hint: str = "") -> Problem:
        return self.document.problem(path, code, message, hint)

    def at(self, kind: str, name: str, *inside: str | int) -> Path_:
        return (*self.paths.get((kind, name), (kind,)), *inside)

    def unknown(self, path: Path_, what: str, name: str, known: list[str]) -> Iterator[Problem]:
        if name not in known and name not in self.invalid:
            yield self.problem(path, "unknown-name", f'There is no {what} "{name}".', suggestion(name, known))

    def expression(
        self, path: Path_, text: str, want: tuple[Type, ...], questions: Mapping[str, Question]
    ) -> tuple[Resolved | None, list[Problem]]:
        """The resolved expression, or the complaint with the place inside the text."""
        return self.attempt(path, text, lambda: resolve(text, self.study, questions, want=want))

    def attempt(self, path: Path_, text: str, read: Callable[[], Resolved]) -> tuple[Resolved | None, list[Problem]]:
        """What `read` gives, or its complaint about the text."""
        try:
            return read(), []
        except ExpressionError as error:
            if any(f'"{name}"' in str(error) for name in self.invalid if name):
                return None, []
            line = text.replace("\n", " ")
            key = ".".join(str(p) for p in path[2:]) or path[-1]
            message = f"{key}: {error}, at character {error.at + 1} of: {line[:120]}"
            return None, [self.problem(path, "expression", message, error.hint)]


def check(study: Study, document: Document, paths: Mapping[tuple[str, str], Path_], invalid: set[str]) -> list[Problem]:
    """Every inconsistency between the parts of a study."""
    checker = Checker(study, document, paths, invalid)
    parts: tuple[Callable[[Checker], Iterator[Problem]], ...] = (
        _header, _questions, _indicators, _margins, _mystery, _imports, _waves,
    )  # fmt: skip
    return [problem for part in parts for problem in part(checker)]


def _header(c: Checker) -> Iterator[Problem]:
    header, study = c.study.header, c.study
    for channel, label in header.channels.items():
        if channel not in CHANNELS and label is None:
            hint = suggestion(channel, list(CHANNELS)) + " A channel of your own needs a label."
            yield c.problem(("channels", channel), "unknown-name", f'There is no channel "{channel}".', hint)
    for number, name in enumerate(header.banner):
        yield from c.unknown(("banner", number), "question", name, list(study.questions))
        question = study.questions.get(name)
        if question is not None and (not isinstance(question, Single) or question.per is not None):
            message = f'"{name}" cannot break tables: the banner takes single questions asked once.'
            yield c.problem(("banner", number), "wrong-value", message)
    for sector in dict.fromkeys(b.sector for b in study.brands):
        if header.sectors and sector not in header.sectors:
            hint = suggestion(sector, list(header.sectors))
            yield c.problem(("sectors",), "unknown-name", f'The brands name a sector "{sector}" without a label.', hint)


def _questions(c: Checker) -> Iterator[Problem]:
    earlier: dict[str, Question] = {}
    for question in c.study.questions.values():
        yield from _question(c, question, earlier, c.at("questions", question.id))
        earlier[question.id] = question
    for wave, questions in c.study.instruments.items():
        earlier = {}
        for question in questions.values():
            if question != c.study.questions.get(question.id):
                for problem in _question(c, question, earlier, c.at("waves", wave, "instrument")):
                    where = f"In the instrument of wave {wave}: {problem.message}"
                    yield c.problem(c.at("waves", wave, "instrument"), problem.code, where, problem.hint)
            earlier[question.id] = question


def _question(c: Checker, question: Question, earlier: Mapping[str, Question], path: Path_) -> Iterator[Problem]:
    header = c.study.header
    if question.ask_if is not None:
        resolved, found = c.expression((*path, "ask_if"), question.ask_if, ("truth",), earlier)
        yield from found
        own = (question.per.dimension, question.per.source) if question.per else None
        if resolved and resolved.loop is not None and resolved.loop != own:
            message = f'"{question.id}" is routed on a loop that it is not part of.'
            yield c.problem((*path, "ask_if"), "loop", message, "Give it the same `per:`.")
    if isinstance(question, Single | Multiple):
        listed = c.study.options(question)
        if question.options == "channels" and not header.channels:
            yield c.problem((*path, "options"), "missing-key", "The study lists no channels.", 'Add "channels: […]".')
        if question.options == "brands" and header.brands is None:
            yield c.problem(
                (*path, "options"), "missing-key", "The study lists no brands.", 'Add "brands: brands.csv".'
            )
        if isinstance(question, Multiple):
            for number, option in enumerate(question.exclusive):
                yield from c.unknown((*path, "exclusive", number), f'option of "{question.id}"', option, list(listed))
        for special in ("dont_know", "refused"):
            rule = getattr(question, special)
            if rule is not None and rule.code in listed:
                message = f'The code "{rule.code}" of {special} is an option too.'
                yield c.problem((*path, special), "duplicate-name", message, "Use another code.")
    if isinstance(question, Scale) and question.dont_know and _in_scale(question, question.dont_know.code):
        message = f"The code {question.dont_know.code} of dont_know is a mark of the scale too."
        yield c.problem((*path, "dont_know"), "duplicate-name", message, "Use a code outside the scale.")
    if question.per is not None:
        yield from _loop(c, question, earlier, (*path, "per"))


def _in_scale(question: Scale, code: str) -> bool:
    return code.lstrip("-").isdigit() and question.scale.from_ <= int(code) <= question.scale.to


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
    others = [q for q in earlier.values() if q.per and q.per.source == loop.source]
    if any((q.per.at_most, q.per.choose) != (loop.at_most, loop.choose) for q in others if q.per):
        message = f'Two loops over "{loop.source}" are drawn differently.'
        yield c.problem(path, "loop", message, "Give all questions of a loop the same `at_most` and `choose`.")


def _indicators(c: Checker) -> Iterator[Problem]:
    for indicator in c.study.indicators.values():
        path = c.at("indicators", indicator.id)
        resolved, found = c.attempt(
            (*path, indicator.kind),
            indicator.expression,
            lambda i=indicator: resolve_indicator(i, c.study, c.study.questions),  # type: ignore[misc]
        )
        base, more = c.expression((*path, "base"), indicator.base, ("truth",), c.study.questions)
        yield from [*found, *more]
        if resolved is None:
            continue
        loops = {r.loop for r in (resolved, base) if r is not None and r.loop is not None}
        if len(loops) > 1:
            yield c.problem(path, "loop", "The indicator and its base live in two loops.", "Use questions of one loop.")
        if resolved.type != "truth" and indicator.kind == "share" and resolved.loop is not None:
            message = "A question inside a loop has no share per option or mark here."
            yield c.problem(
                path, "expression", message, "Write one indicator per option, for example question == code."
            )
        if indicator.by and indicator.by not in {loop[0] for loop in loops}:
            message = f'"by: {indicator.by}" needs a question that is asked per {indicator.by}.'
            yield c.problem((*path, "by"), "loop", message, f'Give the question "per: {{{indicator.by}: …}}".')
        if indicator.kind == "nps":
            yield from _nps(c, indicator, resolved)


def _nps(c: Checker, indicator: Indicator, resolved: Resolved) -> Iterator[Problem]:
    question = c.study.questions.get(resolved.tree.name) if isinstance(resolved.tree, Name) else None
    if question is None or not c.study.is_nps_scale(question):
        message = f'"{indicator.expression}" is not a question on a 0-10 scale.'
        hint = "NPS is the share of 9-10 minus the share of 0-6; for other scales use a share or a mean."
        yield c.problem(c.at("indicators", indicator.id, "nps"), "scale-not-nps", message, hint)


def _margins(c: Checker) -> Iterator[Problem]:
    for margins in {m[0].file: m for m in c.study.margins.values() if m}.values():
        for margin in margins:
            yield from _margin(c, margin)
        totals = {m.variable: sum(m.totals.values()) for m in margins}
        if totals and not _alike(totals):
            listed = ", ".join(f"{v} {t:g}" for v, t in totals.items())
            message = f"The margins' totals differ: {listed}."
            hint = "All margins describe the same population: give shares, or totals with one sum."
            yield Problem("margins", message, hint, margins[0].file)


def _alike(totals: Mapping[str, float]) -> bool:
    """Shares (1 or 100) may carry rounding; totals must agree to a thousandth."""
    values = list(totals.values())
    return max(values) - min(values) <= 0.005 * max(values)


def _margin(c: Checker, margin: Margin) -> Iterator[Problem]:
    question = c.study.questions.get(margin.variable)
    if question is None:
        known = [q.id for q in c.study.questions.values() if isinstance(q, Single)]
        if margin.variable not in c.invalid:
            message = f'The margins name a question "{margin.variable}" that is not in the study.'
            yield Problem("margins", message, suggestion(margin.variable, known), margin.file)
        return
    if not isinstance(question, Single) or question.per:
        yield Problem("margins", f'"{margin.variable}" is not a single question asked once.', "", margin.file)
        return
    known = list(c.study.options(question))
    for category in margin.totals:
        if category not in known:
            message = f'"{margin.variable}" has no category "{category}".'
            yield Problem("margins", message, suggestion(category, known), margin.file)
    for category in known:
        if category not in margin.totals:
            message = f'The category "{category}" of "{margin.variable}" has no target.'
            yield Problem("margins", message, "Add a line for it.", margin.file)


def _mystery(c: Checker) -> Iterator[Problem]:
    rules, study = c.study.header.mystery, c.study
    if rules is None:
        return
    for channel in rules.grids:
        yield from c.unknown(
            ("mystery", "grids", channel), "channel in this study", channel, list(study.header.channels)
        )
    if study.header.brands is None:
        yield c.problem(
            ("mystery",), "missing-key", "Mystery tests need a list of brands.", 'Add "brands: brands.csv".'
        )
    for channel, grid in study.grids.items():
        for criterion in grid.criteria:
            if criterion.id in TEST_FIELDS:
                message = f'The criterion "{criterion.id}" bears the name of a test\'s own column.'
                yield Problem("grid", message, "Rename the criterion.", rules.grids[channel])
    weights = rules.channel_weights
    if isinstance(weights, UsageWeights):
        yield from _usage(c, weights)
    elif weights is not None:
        for channel in weights:
            yield from c.unknown(
                ("mystery", "channel_weights", channel), "grid for channel", channel, list(rules.grids)
            )
        for channel in rules.grids:
            if channel not in weights:
                message = f'The channel "{channel}" has a grid and no weight.'
                yield c.problem(("mystery", "channel_weights"), "missing-key", message, "Add its weight.")


def _usage(c: Checker, weights: UsageWeights) -> Iterator[Problem]:
    path: Path_ = ("mystery", "channel_weights", "from")
    indicator = c.study.indicators.get(weights.from_)
    if indicator is None:
        yield from c.unknown(path, "indicator", weights.from_, list(c.study.indicators))
        return
    question = c.study.questions.get(indicator.expression.strip())
    if indicator.kind != "share" or not isinstance(question, Multiple) or c.study.over(question) != "channel":
        message = f'"{indicator.id}" does not give one share per channel.'
        yield c.problem(path, "wrong-value", message, 'Use a share of a multiple question with "options: channels".')
        return
    listed = list(c.study.options(question))
    for channel in c.study.header.mystery.grids if c.study.header.mystery else ():
        if meeting(channel, listed) is None:
            message = f'"{question.id}" does not tell how much "{channel}" is used.'
            yield c.problem(path, "unknown-name", message, suggestion(channel, listed))


def _imports(c: Checker) -> Iterator[Problem]:
    for name, item in c.study.imports.items():
        path = c.at("imports", name)
        if item.keep is not None:
            try:
                parse(item.keep)
            except ExpressionError as error:
                message = f"keep: {error}, at character {error.at + 1} of: {item.keep[:120]}"
                yield c.problem((*path, "keep"), "expression", message, error.hint)
        if isinstance(item, TestsImport):
            if item.only_channel is not None:
                known = list(c.study.grids)
                yield from c.unknown((*path, "only_channel"), "grid for channel", item.only_channel, known)
            continue
        known_questions = {k: q for qs in (c.study.questions, *c.study.instruments.values()) for k, q in qs.items()}
        for question, column in item.columns.items():
            inside = (*path, "columns", question)
            yield from c.unknown(inside, "question", question, list(known_questions))
            if question in known_questions:
                yield from _column(c, known_questions[question], column, inside)


def _column(c: Checker, question: Question, column: Column, path: Path_) -> Iterator[Problem]:
    patterns = [column.from_] if isinstance(column.from_, str) else column.from_ or []
    if question.per is not None and not any(f"{{{question.per.dimension}}}" in p for p in patterns):
        message = (
            f'"{question.id}" is asked per {question.per.dimension}: its column needs {{{question.per.dimension}}}.'
        )
        yield c.problem(path, "wrong-value", message, f'For example "{question.id}_{{{question.per.dimension}}}".')
    if isinstance(question, Multiple):
        whole = column.delimiter is not None or isinstance(column.from_, list)
        if not whole and not any("{option}" in p for p in patterns):
            message = f'"{question.id}" takes several options: say where each one is.'
            hint = 'One column per option ("Q7r{option}"), a list of columns, or one cell with a `delimiter:`.'
            yield c.problem(path, "wrong-value", message, hint)
    if isinstance(question, Single | Multiple):
        known = list(c.study.options(question))
        special = [rule.code for rule in (question.dont_know, question.refused) if rule]
        for key in ("codes", "options"):
            for source, target in getattr(column, key).items():
                if target not in known and target not in special:
                    message = f'"{question.id}" has no option "{target}".'
                    yield c.problem((*path, key, source), "unknown-name", message, suggestion(target, known))


def _waves(c: Checker) -> Iterator[Problem]:
    for wave in c.study.waves.values():
        for source, files in (("survey", wave.files.survey), ("tests", wave.files.tests)):
            for number, file in enumerate(files or []):
                yield from _file(c, wave, source, number, file)
        if wave.files.tests is not None and c.study.header.mystery is None:
            path = c.at("waves", wave.id, "files", "tests")
            yield c.problem(
                path, "missing-key", "The wave has tests and the study no grids.", 'Add "mystery: {grids: …}".'
            )
        if wave.files.survey is not None and not c.study.questions:
            path = c.at("waves", wave.id, "files", "survey")
            yield c.problem(
                path, "missing-key", "The wave has a survey and the study no questions.", 'Add "questions:".'
            )


def _file(c: Checker, wave: Wave, source: str, number: int, file: DataFile) -> Iterator[Problem]:
    path = c.at("waves", wave.id, "files", source)
    path = next(
        (p for p in ((*path, number, "path"), (*path, "path"), (*path, number), path) if p in c.document.places), path
    )
    parts = Path(file.path).parts
    if Path(file.path).is_absolute() or ".." in parts or "\0" in file.path:
        yield c.problem(
            path, "wrong-value", f'"{file.path}" leads out of the study\'s folder.', "Name a file below it."
        )
    elif not (Path(c.study.folder) / file.path).is_file():
        folder = (Path(c.study.folder) / file.path).parent
        siblings = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        hint = suggestion(Path(file.path).name, siblings)
        yield c.problem(path, "file-missing", f'The file "{file.path}" does not exist.', hint)
    if file.import_ is None:
        return
    item = c.study.imports.get(file.import_)
    if item is None:
        yield from c.unknown(path, "import", file.import_, list(c.study.imports))
    elif isinstance(item, SurveyImport) != (source == "survey"):
        kind = "a survey" if isinstance(item, SurveyImport) else "mystery tests"
        message = f'The import "{file.import_}" reads {kind}.'
        yield c.problem(path, "wrong-value", message, "Imports with `test:` read tests, the others surveys.")
