"""What single parts cannot know: that names meet, scales fit, files exist. Every problem is listed at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from vigie.errors import Problem, suggestion
from vigie.results import Source
from vigie.study.channels import CHANNELS, meeting
from vigie.study.complaints import Checker
from vigie.study.document import Document, Path_
from vigie.study.expressions import Call, ExpressionError, Name, names
from vigie.study.fields import MOMENTS, fields, unfolded
from vigie.study.indicators import Indicator
from vigie.study.mappings import check_imports, check_waves
from vigie.study.margins import check_margins
from vigie.study.model import Study, UsageWeights
from vigie.study.parsing import parse
from vigie.study.pieces import KeyedError, indicator_questions, pieces, texts, whole_question
from vigie.study.questions import NONE, Category, Mention, Multiple, Open, Question, Ranking, Scale, Single
from vigie.study.resolution import READ, Resolved
from vigie.study.waves import FILE_KEYS, Interviews

COLUMNS_OF_FACTS = frozenset(
    ("respondent", "wave", "panel", "mode", "started_at", "duration", "stratum", "base_weight", "grain", "source",
     "person", "loop", "channel", "brand", "sector", "eligible", "asked", "position")
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


def check(
    study: Study, document: Document, paths: Mapping[tuple[str, str], Path_], invalid: set[str],
    merged: Mapping[str, Document],
) -> list[Problem]:  # fmt: skip
    """Every inconsistency between the parts of a study; `merged` holds the study as each instrument changes it."""
    checker = Checker(study, document, paths, invalid)
    parts: tuple[Callable[[Checker], Iterator[Problem]], ...] = (
        _header, _questions, _own_questions, _indicators, check_margins, _mystery, check_imports,
        check_waves, _sources, _order,
    )  # fmt: skip
    found = [problem for part in parts for problem in part(checker)]
    for wave, overlaid in merged.items():
        found += _instrument(replace(checker, document=overlaid), wave, {p.message for p in found})
    return found


def _header(c: Checker) -> Iterator[Problem]:
    header, study = c.study.header, c.study
    for channel, label in header.channels.items():
        if channel not in CHANNELS and label is None:
            hint = suggestion(channel, list(CHANNELS)) + " A channel of your own needs a label."
            yield c.problem(("channels", channel), "unknown-name", f'There is no channel "{channel}".', hint)
    for number, name in enumerate(header.banner):
        yield from c.unknown(("banner", number), "question", name, list(study.questions))
        question = study.questions.get(name)
        if question is not None and (not isinstance(question, Single | Multiple) or question.per is not None):
            message = f'"{name}" cannot break tables: the banner takes single and multiple questions asked once.'
            yield c.problem(("banner", number), "wrong-value", message, "Take it out of the banner.")
    for sector in dict.fromkeys(b.sector for b in study.brands):
        if header.sectors and sector not in header.sectors:
            hint = suggestion(sector, list(header.sectors))
            yield c.problem(("sectors",), "unknown-name", f'The brands name a sector "{sector}" without a label.', hint)


def _questions(c: Checker) -> Iterator[Problem]:
    earlier: dict[str, Question] = {}
    for question in c.study.questions.values():
        yield from _question(c, question, earlier, c.at("questions", question.id))
        earlier[question.id] = question


def _instrument(c: Checker, wave: str, told: set[str]) -> Iterator[Problem]:
    """The questions as a wave asked them; what is wrong with the study's own is not told again."""
    earlier: dict[str, Question] = {}
    listed = enumerate(c.document.value["questions"])
    places = {str(raw.get("id")): k for k, raw in listed if isinstance(raw, Mapping)}
    for question in c.study.instruments[wave].values():
        for problem in _question(c, question, earlier, ("questions", places[question.id])):
            if problem.message not in told:
                yield replace(problem, message=f"In the instrument of wave {wave}: {problem.message}")
        earlier[question.id] = question


def _question(c: Checker, question: Question, earlier: Mapping[str, Question], path: Path_) -> Iterator[Problem]:
    if question.id in COLUMNS_OF_FACTS:
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


def _own_questions(c: Checker) -> Iterator[Problem]:
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
                yield from _question(c, question, earlier, path)
                earlier[question.id] = question


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


def _indicators(c: Checker) -> Iterator[Problem]:
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
    yield from _by(c, indicator, questions, path, {loop[0] for loop in loops})
    if indicator.kind == "nps":
        yield from _nps(c, indicator, found[0].main, questions)
    if indicator.kind == "time_to":
        yield from _time_to(c, indicator, path)
    if indicator.kind == "mentions" and texts(indicator, questions) is None:
        known = [n for n, q in questions.items() if isinstance(q, Open | Mention)]
        yield from c.unknown((*path, "mentions"), "text", (indicator.mentions or "").strip(), known)
    if indicator.reference is not None:
        yield from c.unknown((*path, "reference"), "wave", indicator.reference, list(c.study.waves))


def _complaint(c: Checker, indicator: Indicator, path: Path_, error: ExpressionError) -> Iterator[Problem]:
    """An expression that does not fit, at the key that it stands under."""
    key = error.key if isinstance(error, KeyedError) else indicator.kind
    text = indicator.base if key == "base" else indicator.expressions().get(key, indicator.expression)

    def fail() -> Resolved:
        raise error

    yield from c.attempt((*path, *key.split(".")), text, fail)[1]


def _by(
    c: Checker, indicator: Indicator, questions: Mapping[str, Question], path: Path_, loops: set[str]
) -> Iterator[Problem]:
    """What figures are broken by: the survey's loops and grids, the fields of the other sources."""
    for number, name in enumerate(indicator.by):
        at = next((p for p in ((*path, "by", number), (*path, "by")) if p in c.document.places), path)
        if indicator.source != "survey":
            known = [n for n, q in questions.items() if isinstance(q, Single | Category)]
            yield from c.unknown(at, f"field of {indicator.source} to break by", name, known)
        elif name in c.study.batteries:
            continue
        elif name not in ("channel", "brand"):
            known = ["channel", "brand", *c.study.batteries]
            yield from c.unknown(at, "loop or grid", name, known)
        elif name not in loops:
            message = f'"by: {name}" needs a question that is asked per {name}.'
            yield c.problem(at, "loop", message, f'Give the question "per: {{{name}: …}}".')
    if indicator.source == "survey" and len([b for b in indicator.by if b not in c.study.batteries]) > 1:
        yield c.problem((*path, "by"), "loop", "An indicator lives in one loop.", "Keep one of them.")


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


def _nps(c: Checker, indicator: Indicator, resolved: Resolved, questions: Mapping[str, Question]) -> Iterator[Problem]:
    question = questions.get(resolved.tree.name) if isinstance(resolved.tree, Name) else None
    if question is None or not c.study.is_nps_scale(question):
        message = f'"{indicator.expression}" is not a question on a 0-10 scale.'
        hint = "NPS is the share of 9-10 minus the share of 0-6; for other scales use a share or a mean."
        yield c.problem(c.at("indicators", indicator.id, "nps"), "scale-not-nps", message, hint)


def _mystery(c: Checker) -> Iterator[Problem]:
    rules, study = c.study.header.mystery, c.study
    if rules is None:
        return
    for channel in rules.grids:
        yield from c.unknown(("mystery", "grids", channel), "channel", channel, list(study.header.channels))
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
    of_channels = isinstance(question, Multiple) and c.study.over(question) == "channel"
    if indicator.kind != "share" or indicator.source != "survey" or question is None or not of_channels:
        message = f'"{indicator.id}" does not give one share per channel.'
        yield c.problem(path, "wrong-value", message, 'Use a share of a multiple question with "options: channels".')
        return
    listed = list(c.study.options(question))
    for channel in c.study.header.mystery.grids if c.study.header.mystery else ():
        if meeting(channel, listed) is None:
            message = f'"{question.id}" does not tell how much "{channel}" is used.'
            yield c.problem(path, "unknown-name", message, suggestion(channel, listed))


def _sources(c: Checker) -> Iterator[Problem]:
    """Sources that stand on a list that the study does not give."""
    for wave in c.study.waves.values():
        for source in wave.by_source:
            path = c.at("waves", wave.id, "files", FILE_KEYS[source])
            if source == "reviews" and c.study.header.brands is None:
                yield c.problem(path, "missing-key", "Reviews need a list of brands.", 'Add "brands: brands.csv".')
            if source == "log" and not c.study.header.channels:
                yield c.problem(path, "missing-key", "A contact log needs channels.", 'Add "channels: […]".')
        if isinstance(wave.interviews, Interviews):
            at = c.at("waves", wave.id, "interviews", "past")
            yield from c.unknown(at, "question", wave.interviews.past, list(c.study.instrument(wave.id)))


def _order(c: Checker) -> Iterator[Problem]:
    """Waves stand in the order of time: each is compared with those above it."""
    dated = [(w.field[0], w.id) for w in c.study.waves.values() if w.field]
    for (before, _), (day, wave) in pairwise(dated):
        if day < before:
            message = f'The wave "{wave}" was fielded before the one above it.'
            yield c.problem(
                c.at("waves", wave, "field"), "wrong-value", message, "List the waves in the order of time."
            )
