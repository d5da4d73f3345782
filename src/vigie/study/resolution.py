"""Expressions made sure of: names exist, types fit, bare codes become codes; the level at which each is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from vigie.errors import suggestion
from vigie.study.expressions import (
    Between,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Everyone,
    ExpressionError,
    Member,
    Name,
    Not,
    Option,
    Tree,
    names,
)
from vigie.study.model import Study
from vigie.study.parsing import parse
from vigie.study.questions import Category, Date, Multiple, Numeric, Open, Question, Ranking, Scale, Single

Type = Literal["truth", "number", "code", "date", "options", "places"]
READ = {"polarity": "code", "intensity": "number"}  # what an automatic reading of a text gives
POLARITIES = ("negative", "neutral", "positive", "not_analysable")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A checked expression: its tree, its type, the questions it reads, and the loop it lives in (None: people)."""

    tree: Tree
    type: Type
    questions: tuple[str, ...]
    loop: tuple[str, str] | None  # (dimension, source question)


def resolve(text: str, study: Study, questions: Mapping[str, Question], *, want: tuple[Type, ...]) -> Resolved:
    """The expression in terms of these questions; raises `ExpressionError` for what does not fit."""
    return resolve_tree(parse(text), study, questions, want=want)


def resolve_tree(parsed: Tree, study: Study, questions: Mapping[str, Question], *, want: tuple[Type, ...]) -> Resolved:
    """A parsed expression in terms of these questions; raises `ExpressionError` for what does not fit."""
    resolver = _Resolver(study, questions)
    tree, kind = resolver.resolve(parsed)
    if kind not in want:
        said = {
            "truth": "true or false",
            "number": "a number",
            "code": "a code",
            "date": "a date",
            "options": "a choice of options",
            "places": "an order of options",
        }
        wanted = " or ".join(said[w] for w in want)
        raise ExpressionError(f"this gives {said[kind]}, and {wanted} is needed here", 0, _advice(kind, tree, study))
    read = tuple(dict.fromkeys(leaf.name for leaf in names(tree)))
    loops = {(q.per.dimension, q.per.source) for q in (questions[n] for n in read) if q.per}
    if len(loops) > 1:
        raise ExpressionError("two loops are mixed in one expression", 0, "Use questions of one loop.")
    return Resolved(tree, kind, read, next(iter(loops), None))


def parted(found: Resolved, questions: Mapping[str, Question]) -> Question | None:
    """The question whose options or marks a share is given for, one by one."""
    question = questions[found.tree.name] if isinstance(found.tree, Name) else None
    return question if isinstance(question, Single | Multiple | Scale | Category | Ranking) else None


def _advice(kind: Type, tree: Tree, study: Study) -> str:
    if isinstance(tree, Name) and tree.name in study.questions and kind in ("number", "code"):
        return f'Compare it, for example "{tree.name} {">= 7" if kind == "number" else "== code"}".'
    if kind == "places":
        return "Use question.option, the place of an option: 1 is the first."
    if kind == "options":
        return "Use any(…), count(…), or question.option."
    return ""


class _Resolver:
    def __init__(self, study: Study, questions: Mapping[str, Question]) -> None:
        self.study, self.questions = study, questions

    def question(self, name: str, at: int) -> Question:
        found = self.questions.get(name)
        if found is None and name in self.study.batteries:
            items = ", ".join(f"{name}_{item}" for item in self.study.batteries[name].items)
            raise ExpressionError(f'"{name}" is a grid', at, f"Say `by: {name}`, or use one of its items: {items}.")
        if found is None:
            raise ExpressionError(f'there is no question "{name}"', at, suggestion(name, list(self.questions)))
        return found

    def resolve(self, tree: Tree) -> tuple[Tree, Type]:
        match tree:
            case Everyone():
                return tree, "truth"
            case Constant(value):
                return tree, "code" if isinstance(value, str) else "number"
            case Name(name, at):
                return tree, self.type_of(self.question(name, at), at)
            case Option(name, option, at):
                question = self.question(name, at)
                return self.option(tree, question, option, at), "number" if isinstance(question, Ranking) else "truth"
            case Call(function, name, at):
                return self.call(tree, function, self.question(name, at), at)
            case Compare():
                return self.compare(tree), "truth"
            case Compute(_, left, right, at):
                return replace(
                    tree, left=self.wanted(left, "number", at), right=self.wanted(right, "number", at)
                ), "number"
            case Member(of, _, at):
                return self.member(tree, of, at), "truth"
            case Between(of, _, _, at):
                return replace(tree, of=self.wanted(of, "number", at)), "truth"
            case Not(of, at):
                return replace(tree, of=self.wanted(of, "truth", at)), "truth"
            case Both(left, right, at) | Either(left, right, at):
                return replace(
                    tree, left=self.wanted(left, "truth", at), right=self.wanted(right, "truth", at)
                ), "truth"

    def type_of(self, question: Question, at: int) -> Type:
        match question:
            case Single():
                return "code"
            case Multiple():
                return "options"
            case Ranking():
                return "places"
            case Category():
                return "code"
            case Scale() | Numeric():
                return "number"
            case Date():
                return "date"
            case Open():
                raise ExpressionError(f'"{question.id}" is a text', at, f"Use answered({question.id}).")
        raise ExpressionError(f'"{question.id}" cannot stand in an expression', at)

    def wanted(self, tree: Tree, kind: Type, at: int) -> Tree:
        resolved, found = self.resolve(tree)
        if found != kind:
            said = {"truth": "a condition", "number": "a number"}.get(kind, kind)
            raise ExpressionError(f"{said} is needed here", at, _advice(found, resolved, self.study))
        return resolved

    def option(self, tree: Option, question: Question, option: str, at: int) -> Tree:
        if not isinstance(question, Multiple | Ranking):
            raise ExpressionError(
                f'"{question.id}" has no options to choose several of', at, f"Write {question.id} == {option}."
            )
        self.known_option(question, option, at)
        return tree

    def known_option(self, question: Question, option: str, at: int) -> None:
        if isinstance(question, Category):
            return
        known = self.study.options(question)
        if option not in known:
            raise ExpressionError(f'"{question.id}" has no option "{option}"', at, suggestion(option, list(known)))

    def call(self, tree: Call, function: str, question: Question, at: int) -> tuple[Tree, Type]:
        if function in ("any", "count") and not isinstance(question, Multiple):
            raise ExpressionError(f"{function}(…) takes a multiple question", at, f"Use answered({question.id}).")
        if function in READ:
            if not isinstance(question, Open):
                raise ExpressionError(f"{function}(…) reads a text, and {question.id} is none", at)
            return tree, "code" if READ[function] == "code" else "number"
        return tree, "number" if function == "count" else "truth"

    def compare(self, tree: Compare) -> Tree:
        left, right = tree.left, tree.right
        if self.is_code(left) and not self.is_code(right):
            left, right = right, left  # so that the question stands first; == and != do not mind
            if tree.operator not in ("==", "!="):
                if isinstance(right, Name) and not self.is_coded(left):
                    self.question(right.name, right.at)  # a misspelt question beside a value
                raise ExpressionError("a code has no order", tree.at, "Write the question first.")
        if isinstance(left, Call) and READ.get(left.function) == "code" and isinstance(right, (Name, Constant)):
            return self.read(tree, left, right)
        if isinstance(left, Name) and left.name in self.questions and isinstance(right, (Name, Constant)):
            question = self.questions[left.name]
            if isinstance(question, Single | Category) and not self.is_question(right):
                return self.coded(tree, question, left, right)
            if isinstance(question, Date) and isinstance(right, Constant):
                return replace(tree, left=left, right=_day(right))
        resolved_left, a = self.resolve(left)
        resolved_right, b = self.resolve(right)
        if a != b or a in ("truth", "options") or (a == "code" and tree.operator not in ("==", "!=")):
            raise ExpressionError("these two cannot be compared", tree.at, _advice(a, resolved_left, self.study))
        return replace(tree, left=resolved_left, right=resolved_right)

    def read(self, tree: Compare, left: Call, right: Name | Constant) -> Tree:
        """An automatic reading beside one of its codes."""
        resolved, _ = self.resolve(left)
        code = right.name if isinstance(right, Name) else _code(right.value)
        if code not in POLARITIES:
            raise ExpressionError(f'"{code}" is no polarity', right.at, suggestion(code, list(POLARITIES)))
        if tree.operator not in ("==", "!="):
            raise ExpressionError("polarities have no order", tree.at, "Use == or in […].")
        return replace(tree, left=resolved, right=Constant(code, right.at))

    def coded(self, tree: Compare, question: Question, left: Name, right: Name | Constant) -> Tree:
        if tree.operator not in ("==", "!="):
            raise ExpressionError(f'the options of "{question.id}" have no order', tree.at, "Use == or in […].")
        code = right.name if isinstance(right, Name) else _code(right.value)
        self.known_option(question, code, right.at)
        return replace(tree, left=left, right=Constant(code, right.at))

    def is_question(self, tree: Tree) -> bool:
        return isinstance(tree, Name) and tree.name in self.questions

    def is_coded(self, tree: Tree) -> bool:
        """Whether this is a question that codes stand beside."""
        return isinstance(tree, Name) and isinstance(self.questions.get(tree.name), Single | Category)

    def is_code(self, tree: Tree) -> bool:
        """Whether this is a bare code: a name that is no question, or a text."""
        known = {*self.questions, *self.study.batteries}
        return (isinstance(tree, Name) and tree.name not in known) or (
            isinstance(tree, Constant) and isinstance(tree.value, str)
        )

    def member(self, tree: Member, of: Tree, at: int) -> Tree:
        resolved, kind = self.resolve(of)
        if kind == "code" and isinstance(resolved, Call):
            for value in tree.values:
                if _code(value) not in POLARITIES:
                    said = _code(value)
                    raise ExpressionError(f'"{said}" is no polarity', at, suggestion(said, list(POLARITIES)))
            return replace(tree, of=resolved, values=tuple(_code(v) for v in tree.values))
        if kind == "code" and isinstance(resolved, Name):
            question, codes = self.questions[resolved.name], tuple(_code(v) for v in tree.values)
            for code in codes:
                self.known_option(question, code, at)
            return replace(tree, of=resolved, values=codes)
        if kind != "number" or any(isinstance(v, str) for v in tree.values):
            raise ExpressionError("a list of codes needs a single question before it", at)
        return replace(tree, of=resolved)


def _code(value: float | str | date) -> str:
    return (
        value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, (int, float)) else value.isoformat()
    )


def _day(literal: Constant) -> Constant:
    try:
        return Constant(date.fromisoformat(str(literal.value)), literal.at)
    except ValueError:
        raise ExpressionError(
            f'"{literal.value}" is not a date', literal.at, 'Write "2024-01-31", in quotes.'
        ) from None


def row_filter(text: str) -> Tree:
    """A filter over a file's own columns; raises `ExpressionError` where it is no condition."""
    tree = parse(text)
    _condition(tree)
    return tree


def _condition(tree: Tree) -> None:
    match tree:
        case Both(left, right) | Either(left, right):
            _condition(left)
            _condition(right)
        case Not(of):
            _condition(of)
        case Compare(_, left, right):
            _cells(left)
            _cells(right)
        case Member(of) | Between(of):
            _cells(of)
        case Call(function, _, at) if function != "answered":
            raise ExpressionError(f"{function}(…) takes a question, and here are columns", at, "Use answered(…).")
        case Name(name, at) | Option(name, _, at):
            raise ExpressionError("a condition is needed here", at, f'Compare it, for example "{name} == 1".')
        case Constant() | Compute():
            raise ExpressionError("a condition is needed here", tree.at, "Compare it with something.")


def _cells(tree: Tree) -> None:
    """What may be compared: columns, constants, and what is computed from them."""
    match tree:
        case Compute(_, left, right):
            _cells(left)
            _cells(right)
        case Name() | Constant():
            return
        case Option(name, option, at):
            raise ExpressionError("a column is needed here", at, f"Write `{name}.{option}` in back quotes.")
        case _:
            raise ExpressionError("a column or a value is needed here", tree.at)


def on_columns(text: str, headers: list[str]) -> Tree:
    """A filter over a file's own columns; raises `ExpressionError` for a column that is not there or stands twice.

    Cells are text: a comparison with a number, and every comparison of order, compares numbers; == and != between
    texts compare texts; a name that is no column is a text.
    """
    tree = _texts(row_filter(text), headers)
    for leaf in names(tree):
        if leaf.name not in headers:
            known = [h for h in headers if h]
            raise ExpressionError(f'there is no column "{leaf.name}"', leaf.at, suggestion(leaf.name, known))
        if headers.count(leaf.name) > 1:
            raise ExpressionError(f'"{leaf.name}" heads several columns', leaf.at, "Rename one of them in the file.")
    return tree


def _texts(tree: Tree, headers: list[str]) -> Tree:
    match tree:
        case Compare(_, left, Name(name, at)) if name not in headers:
            return replace(tree, left=_texts(left, headers), right=Constant(name, at))
        case Both(left, right) | Either(left, right) | Compute(_, left, right) | Compare(_, left, right):
            return replace(tree, left=_texts(left, headers), right=_texts(right, headers))
        case Not(of) | Between(of):
            return replace(tree, of=_texts(of, headers))
        case _:
            return tree
