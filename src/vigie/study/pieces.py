"""What an indicator comes down to: shares and means of expressions, each with its base and its place in the segment.

A gap is a mean and three shares, a funnel a share per state, a ranking a share or a mean per option, an indicator by a
grid one figure per item. The engine knows shares, means and NPS only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from vigie.study.expressions import (
    Between,
    Both,
    Call,
    Compare,
    Comparison,
    Compute,
    Constant,
    Either,
    ExpressionError,
    Member,
    Name,
    Not,
    Option,
    Tree,
    names,
)  # fmt: skip
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.parsing import parse
from vigie.study.questions import Mention, Open, Question, Ranking
from vigie.study.resolution import Resolved, Type, parted, resolve_tree

GAPS: dict[str, Comparison] = {"above": ">", "at": "==", "below": "<"}
MEAN_OF_INDEX = ("statistic", "mean")


@dataclass(frozen=True, slots=True)
class Piece:
    """One figure of an indicator, or, where `main` is a whole question, one per option or mark of it."""

    kind: Literal["share", "mean", "nps"]
    main: Resolved
    base: Resolved
    part: tuple[str, str] | None = None  # its place in the segment: ("gap", "above"), ("trust", "speed"), …


def pieces(indicator: Indicator, study: Study, questions: Mapping[str, Question]) -> list[Piece]:
    """The figures of an indicator on these questions; raises `KeyedError` for what does not fit.

    None for `time_to:` and for `mentions:` in texts, which are not shares or means of an expression.
    """
    loops = [b for b in indicator.by if b in study.batteries]
    if len(loops) > 1:
        raise KeyedError("by", ExpressionError("two grids are mixed in one indicator", 0, "Keep one of them."))
    if not loops:
        return list(_pieces(indicator, study, questions, {}))
    battery, found = loops[0], []
    for item in study.batteries[battery].items:
        name = f"{battery}_{item}"
        if name in questions:
            made = _pieces(indicator, study, questions, {battery: name})
            found += [replace(p, part=(battery, item)) for p in made if p.part is None]
    return found


class KeyedError(ExpressionError):
    """An expression of an indicator that does not fit, with the key that it stands under."""

    def __init__(self, key: str, error: ExpressionError) -> None:
        super().__init__(str(error), error.at, error.hint)
        self.key = key


def _pieces(
    indicator: Indicator, study: Study, questions: Mapping[str, Question], called: Mapping[str, str]
) -> Iterator[Piece]:
    def read(key: str, *want: Type) -> Resolved:
        text = indicator.base if key == "base" else indicator.expressions()[key]
        try:
            return resolve_tree(renamed(parse(text), called), study, questions, want=want)
        except ExpressionError as error:
            raise KeyedError(key, error) from None

    base = read("base", "truth")
    match indicator.kind:
        case "share" | "mentions":
            if indicator.kind == "mentions" and (text := texts(indicator, questions)) is not None:
                if isinstance(text, Open):
                    return
                if not isinstance(text, Mention):
                    wrong = ExpressionError(f'"{text.id}" names no brands', 0, "Use a question of kind `mention`.")
                    raise KeyedError("mentions", wrong)
            main = read(indicator.kind, "truth", "options", "code", "number", "places")
            yield from _shares(indicator, study, questions, main, base)
        case "mean":
            main = read("mean", "number", "places")
            yield from _means(study, questions, main, base)
        case "index":
            yield Piece("mean", read("index", "number"), base, MEAN_OF_INDEX)
        case "nps":
            yield Piece("nps", read("nps", "number"), base)
        case "gap":
            yield from _gap(read("gap.expected", "number"), read("gap.experienced", "number"), base)
        case "funnel" if isinstance(indicator.funnel, str):
            main = read("funnel", "code")
            if parted(main, questions) is None:
                raise KeyedError("funnel", ExpressionError("a funnel is a single question, or states", 0))
            yield Piece("share", main, base)
        case "funnel":
            for state in indicator.funnel or {}:
                yield Piece("share", read(f"funnel.{state}", "truth"), base, ("state", state))


def _shares(
    indicator: Indicator, study: Study, questions: Mapping[str, Question], main: Resolved, base: Resolved
) -> Iterator[Piece]:
    """A condition, a whole question, or each option of a ranking among the first."""
    question = parted(main, questions)
    if isinstance(question, Ranking):
        for option in study.options(question):
            tree = Compare("<=", Option(question.id, option), Constant(float(indicator.top)))
            yield Piece("share", replace(main, tree=tree, type="truth"), base, (study.over(question), option))
        return
    if main.type != "truth" and question is None:
        message = "this is neither true nor false, nor a question with options"
        raise KeyedError(indicator.kind, ExpressionError(message, 0, "Compare it with something."))
    yield Piece("share", main, base)


def _means(study: Study, questions: Mapping[str, Question], main: Resolved, base: Resolved) -> Iterator[Piece]:
    question = parted(main, questions)
    if not isinstance(question, Ranking):
        yield Piece("mean", main, base)
        return
    for option in study.options(question):
        tree = Option(question.id, option)
        yield Piece("mean", replace(main, tree=tree, type="number"), base, (study.over(question), option))


def _gap(expected: Resolved, experienced: Resolved, base: Resolved) -> Iterator[Piece]:
    """The mean difference on the same people, and the shares above, at and below what was expected."""
    loops = {r.loop for r in (expected, experienced) if r.loop is not None}
    if len(loops) > 1:
        raise KeyedError("gap.experienced", ExpressionError("two loops are mixed in one gap", 0, "Use one of them."))
    read = tuple(dict.fromkeys((*experienced.questions, *expected.questions)))
    whole = Resolved(Compute("-", experienced.tree, expected.tree), "number", read, next(iter(loops), None))
    yield Piece("mean", whole, base)
    for name, operator in GAPS.items():
        tree = Compare(operator, experienced.tree, expected.tree)
        yield Piece("share", replace(whole, tree=tree, type="truth"), base, ("gap", name))


def texts(indicator: Indicator, questions: Mapping[str, Question]) -> Question | None:
    """The question whose texts, or whose named brands, a `mentions:` indicator counts."""
    return questions.get((indicator.mentions or "").strip())


def own_dimensions(indicator: Indicator, study: Study, questions: Mapping[str, Question]) -> set[str]:
    """What the figures of an indicator are one by one of, without any `by:`: options, channels, brands, states."""
    found = pieces(indicator, study, questions)
    whole = (whole_question(p, questions) for p in found)
    named = {"brand"} if indicator.kind == "mentions" else set()
    return named | {p.part[0] for p in found if p.part} | {study.over(q) for q in whole if q is not None}


def indicator_questions(indicator: Indicator) -> set[str]:
    """The names that an indicator and its base speak of; a bare code may be among them. Raises `KeyedError`."""
    told = {} if indicator.kind == "time_to" else indicator.expressions()
    return {leaf.name for key, text in {"base": indicator.base, **told}.items() for leaf in names(_read(key, text))}


def _read(key: str, text: str) -> Tree:
    try:
        return parse(text)
    except ExpressionError as error:
        raise KeyedError(key, error) from None


def renamed(tree: Tree, called: Mapping[str, str]) -> Tree:
    """The tree with some questions called otherwise: the item of a grid in the place of the grid."""

    def called_so(leaf: Tree) -> Tree:
        return replace(leaf, name=called.get(leaf.name, leaf.name)) if isinstance(leaf, Name | Option | Call) else leaf

    return replaced(tree, called_so) if called else tree


def replaced(tree: Tree, by: Callable[[Tree], Tree]) -> Tree:
    """The tree with each leaf that names something as `by` makes it."""
    match tree:
        case Name() | Option() | Call():
            return by(tree)
        case Compare(_, left, right) | Compute(_, left, right) | Both(left, right) | Either(left, right):
            return replace(tree, left=replaced(left, by), right=replaced(right, by))
        case Not(of) | Member(of) | Between(of):
            return replace(tree, of=replaced(of, by))
        case _:
            return tree


def whole_question(piece: Piece, questions: Mapping[str, Question]) -> Question | None:
    """The question whose options or marks a piece gives one figure each for; None for one figure."""
    if piece.kind != "share" or piece.main.type == "truth":
        return None
    return parted(piece.main, questions)
