"""The small language of expressions, read into a tree: `any(used) and satisfaction >= 7`. Nothing is run as Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

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
)

MOST_TOKENS = 600
DEEPEST = 60
FUNCTIONS = ("any", "count", "answered", "dont_know", "refused", "polarity", "intensity")

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.(?!\.)\d+)?)(?![A-Za-z_0-9])
      | (?P<text>"[^"]*"|'[^']*')
      | `(?P<quoted>[^`]+)`
      | (?P<name>[^\W\d]\w*|\d+\w+)
      | (?P<sign>\.\.|==|!=|<=|>=|[-+*/<>()\[\],.=])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, text, quoted, name, sign, end
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f'"{text[at]}" does not belong here', at)
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup, match.group(match.lastgroup), at))
        at = match.end()
        if len(found) > MOST_TOKENS:
            raise ExpressionError(f"the expression has more than {MOST_TOKENS} words", at)
    return [*found, _Token("end", "", len(text))]


def parse(text: str) -> Tree:
    """The tree of an expression; raises `ExpressionError` with the place of what cannot be read."""
    parser = _Parser(_tokens(text))
    tree = parser.either(0)
    parser.expect_end()
    return tree


class _Parser:
    """Recursive descent: either < both < not < comparison < sum < product < atom."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.position = tokens, 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> _Token | None:
        token = self.next
        if token.kind in ("sign", "name") and token.text in texts:
            self.position += 1
            return token
        return None

    def expect(self, sign: str) -> _Token:
        found = self.take(sign)
        if found is None:
            raise ExpressionError(f'"{sign}" is expected {self._here()}', self.next.at)
        return found

    def _here(self) -> str:
        return "at the end" if self.next.kind == "end" else f'before "{self.next.text}"'

    def expect_end(self) -> None:
        if self.next.kind == "end":
            return
        raise ExpressionError(f'"{self.next.text}" does not belong here', self.next.at)

    def either(self, depth: int) -> Tree:
        if depth > DEEPEST:
            raise ExpressionError(f"the expression is nested more than {DEEPEST} deep", self.next.at)
        tree = self.both(depth)
        while token := self.take("or"):
            tree = Either(tree, self.both(depth), token.at)
        return tree

    def both(self, depth: int) -> Tree:
        tree = self.negation(depth)
        while token := self.take("and"):
            tree = Both(tree, self.negation(depth), token.at)
        return tree

    def negation(self, depth: int) -> Tree:
        if token := self.take("not"):
            if depth > DEEPEST:
                raise ExpressionError(f"the expression is nested more than {DEEPEST} deep", token.at)
            return Not(self.negation(depth + 1), token.at)
        return self.comparison(depth)

    def comparison(self, depth: int) -> Tree:
        left = self.sum(depth)
        if token := self.take("==", "!=", "<", "<=", ">", ">="):
            return Compare(token.text, left, self.sum(depth), token.at)  # type: ignore[arg-type]
        if token := self.take("in"):
            return self.membership(left, token.at)
        if self.next.text == "not" and self.tokens[self.position + 1].text == "in":
            self.position += 2
            return Not(self.membership(left, self.next.at), self.next.at)
        if self.next.kind == "sign" and self.next.text == "=":
            self.no_comparison()
        return left

    def no_comparison(self) -> NoReturn:
        """`=`, `=>` and `=<` are what other languages write."""
        first, second = self.tokens[self.position : self.position + 2]
        turned = second.kind == "sign" and second.text in "<>" and second.at == first.at + 1
        written, meant = (f"={second.text}", f"{second.text}=") if turned else ("=", "==")
        raise ExpressionError(f'"{written}" does not belong here', first.at, f'Compare with "{meant}".')

    def membership(self, left: Tree, at: int) -> Tree:
        if self.take("["):
            values = [self.constant()]
            while self.take(","):
                values.append(self.constant())
            self.expect("]")
            return Member(left, tuple(values), at)
        low = self.constant()
        self.expect("..")
        high = self.constant()
        if isinstance(low, str) or isinstance(high, str):
            raise ExpressionError("a range runs between two numbers", at)
        return Between(left, low, high, at)

    def constant(self) -> float | str:
        sign = -1 if self.take("-") else 1
        token = self.next
        if token.kind not in ("number", "text", "name", "quoted") or (sign < 0 and token.kind != "number"):
            raise ExpressionError(f"a code or a number is expected {self._here()}", token.at)
        self.position += 1
        if token.kind == "number":
            return sign * number(token)
        return token.text[1:-1] if token.kind == "text" else token.text

    def sum(self, depth: int) -> Tree:
        tree = self.product(depth)
        while token := self.take("+", "-"):
            tree = Compute(token.text, tree, self.product(depth), token.at)  # type: ignore[arg-type]
        return tree

    def product(self, depth: int) -> Tree:
        tree = self.atom(depth)
        while token := self.take("*", "/"):
            tree = Compute(token.text, tree, self.atom(depth), token.at)  # type: ignore[arg-type]
        return tree

    def atom(self, depth: int) -> Tree:
        token = self.next
        if self.take("("):
            tree = self.either(depth + 1)
            self.expect(")")
            return tree
        if self.take("-"):
            if depth > DEEPEST:
                raise ExpressionError(f"the expression is nested more than {DEEPEST} deep", token.at)
            inner = self.atom(depth + 1)
            if isinstance(inner, Constant) and isinstance(inner.value, (int, float)):
                return Constant(-inner.value, token.at)
            return Compute("-", Constant(0), inner, token.at)
        if token.kind == "number":
            self.position += 1
            return Constant(number(token), token.at)
        if token.kind == "text":
            self.position += 1
            return Constant(token.text[1:-1], token.at)
        if token.kind in ("name", "quoted") and token.text not in ("and", "or", "not", "in"):
            return self.named()
        raise ExpressionError(f"a question or a value is expected {self._here()}", token.at)

    def named(self) -> Tree:
        token = self.next
        self.position += 1
        if token.kind == "name" and token.text == "everyone":
            return Everyone(token.at)
        if token.kind == "name" and self.take("("):
            if token.text not in FUNCTIONS:
                hint = suggestion(token.text, FUNCTIONS)
                raise ExpressionError(f'there is no function "{token.text}"', token.at, hint)
            inside = self.next
            if inside.kind not in ("name", "quoted"):
                raise ExpressionError(f"{token.text}(…) takes a question", inside.at)
            self.position += 1
            self.expect(")")
            return Call(token.text, inside.text, token.at)
        if self.take("."):
            option = self.next
            if option.kind not in ("name", "number", "quoted"):
                raise ExpressionError(f'an option of "{token.text}" is expected after the dot', option.at)
            self.position += 1
            return Option(token.text, option.text, token.at)
        return Name(token.text, token.at)


def number(token: _Token) -> float:
    """A number as it is written; whole numbers stay whole, so that `4` prints and compares as `4`."""
    if len(token.text) > 30:
        raise ExpressionError("a number has at most 30 digits", token.at)
    return int(token.text) if token.text.isdigit() and len(token.text) < 16 else float(token.text)
