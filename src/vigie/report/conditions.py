"""Conditions in words: what people answered, what tests, reviews and cases have; nothing where words do not suffice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from vigie.language import Words, shortened
from vigie.report.parts import named
from vigie.results.figures import Source
from vigie.study.expressions import (
    Between,
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Member,
    Name,
    Not,
    Option,
    Tree,
)  # fmt: skip

FEW, FEW_LONG, MANY_LONG = 2, 60, 32  # characters of each answer, where few are listed and where many are


class Speech(Protocol):
    """The names that a condition speaks of."""

    words: Words
    kinds: dict[str, str]

    def question(self, asked: str) -> str: ...
    def option(self, asked: str, code: float | str) -> str: ...
    def quoted(self, text: str) -> str: ...
    def number(self, value: float) -> str: ...
    def date(self, day: date) -> str: ...


class Unsaid(Exception):  # noqa: N818 - no error: the reader gets other words
    """A condition that has no words."""


class Conditions:
    """The words of conditions on one source: of people what they did, of records what they have."""

    def __init__(self, speech: Speech, source: Source) -> None:
        self.speech, self.words, self.people = speech, speech.words, source == "survey"
        self.source = source

    def whole(self, tree: Tree) -> str:
        """`respondents who …`, `reviews with a text, …`; nothing where a part of it has no words."""
        inside = [part for part in _parts(tree) if not isinstance(part, Not)]
        outside = [part.of for part in _parts(tree) if isinstance(part, Not)]
        try:
            said = self._together([self._one(part, alone=len(inside) == 1) for part in inside])
            without = [self._one(part, alone=True) for part in outside]
        except Unsaid:
            return ""
        return self._sentence(said, self.words.gettext(", or ").join(without) if len(without) < 3 else "")

    def _sentence(self, said: str, without: str) -> str:
        words = self.words
        if self.people:
            if said and without:
                return words.gettext("respondents who {conditions}, except those who {others}",
                                     conditions=said, others=without)  # fmt: skip
            if without:
                return words.gettext("respondents except those who {others}", others=without)
            return words.gettext("respondents who {conditions}", conditions=said)
        if not without:
            return said
        every = {"mystery": words.gettext("all tests"), "reviews": words.gettext("all reviews")}
        told = said or every.get(self.source) or words.gettext("all cases")
        return words.gettext("{records}, except {others}", records=told, others=without)

    def _together(self, said: Sequence[str]) -> str:
        return self.words.gettext(" and ").join(said)

    def _one(self, tree: Tree, *, alone: bool) -> str:
        """One condition that is no conjunction; of several alternatives, `either … or …` beside others."""
        if (choice := _choice(tree)) is not None:
            return self._choice(*choice)
        match tree:
            case Both():
                return self._together([self._one(part, alone=False) for part in _parts(tree)])
            case Either():
                return self._either(list(_alternatives(tree)), alone=alone)
            case Not(Call("answered", asked)) if self.people:
                return self.words.gettext("left “{question}” unanswered", question=self.speech.question(asked))
            case Call(function, asked):
                return self._call(function, asked)
            case Between(Name(asked), low, high):
                return self._between(asked, low, high)
            case Compare(operator, Option(asked, option), Constant(int() | float() as place)):
                return self._ranked(asked, option, operator, place)
            case Compare(operator, left, Constant(value)):
                return self._compared(left, operator, value)
            case Compare(operator, left, Name(code)):
                return self._compared(left, operator, code)
        raise Unsaid

    def _either(self, parts: Sequence[Tree], *, alone: bool) -> str:
        calls = {part.function: part.name for part in parts if isinstance(part, Call)}
        if len(calls) == len(parts) and set(calls) == {"answered", "dont_know"} and len(set(calls.values())) == 1:
            question = self.speech.question(calls["answered"])
            return self.words.gettext("answered “{question}”, “don’t know” included", question=question)
        mixed = any(isinstance(part, Both) for part in parts)
        said = [self._one(part, alone=True) for part in parts]
        if len(said) == 2 and not alone:
            return self.words.gettext("either {first} or {last}", first=said[0], last=said[1])
        return (self.words.gettext(", or ") if mixed or not alone else self.words.gettext(" or ")).join(said)

    def _choice(self, asked: str, codes: Sequence[float | str]) -> str:
        """The labels of the answers asked for: `used.chatbot`, `age in [a1, a2]`, `sex == f`."""
        labels = [self.speech.option(asked, code) for code in codes]
        if not all(labels):
            if len(codes) == 1 and isinstance(codes[0], (int, float)):
                return self._compared(Name(asked), "==", codes[0])
            raise Unsaid
        most = FEW_LONG if len(labels) <= FEW else MANY_LONG
        either = self.words.gettext(" or ").join(self.speech.quoted(shortened(label, most)) for label in labels)
        return self._answer(either, asked)

    def _answer(self, said: str, asked: str) -> str:
        about = {"answers": said, "question": self.speech.question(asked)}
        if self.people:
            return self.words.gettext("answered {answers} to “{question}”", **about)
        return self.words.gettext("{question}: {answers}", **about)

    def _call(self, function: str, asked: str) -> str:
        words, question = self.words, self.speech.question(asked)
        match function:
            case "answered" if self.people:
                return words.gettext("answered “{question}”", question=question)
            case "answered" if self.source == "reviews" and asked == "text":
                return words.gettext("reviews with a text")
            case "answered":
                return words.gettext("{question}: known", question=question)
            case "any" if self.people:
                return words.gettext("chose an answer to “{question}”", question=question)
            case "any":
                return words.gettext("{question}: at least one", question=question)
            case "dont_know":
                return self._answer(self.speech.quoted(words.gettext("Don’t know")), asked)
            case "refused" if self.people:
                return words.gettext("refused to answer “{question}”", question=question)
        raise Unsaid

    def _compared(self, left: Tree, operator: str, value: float | str | date) -> str:
        words = self.words
        if isinstance(left, Call) and left.function == "polarity" and operator == "==":
            return self._polarity(left.name, str(value))
        if isinstance(left, Call) and left.function == "count" and isinstance(value, (int, float)):
            question = self.speech.question(left.name)
            said = words.gettext("{number} of the answers", number=self._bound(operator, value))
            return self._answer(said, left.name) if not self.people else words.gettext(
                "chose {number} of the answers to “{question}”", number=self._bound(operator, value), question=question
            )  # fmt: skip
        if not isinstance(left, Name):
            raise Unsaid
        if operator == "!=":
            label = self.speech.option(left.name, value) if isinstance(value, (str, int, float)) else ""
            if not label:
                raise Unsaid
            return self._answer(words.gettext("something else than {answer}", answer=self.speech.quoted(label)),
                                left.name)  # fmt: skip
        if isinstance(value, date):
            return self._dated(left.name, operator, value)
        if isinstance(value, str):
            raise Unsaid
        return self._answer(self._bound(operator, value), left.name)

    def _bound(self, operator: str, value: float) -> str:
        words, n = self.words, self.speech.number(value)
        match operator:
            case ">=":
                return words.gettext("{n} or more", n=n)
            case "<=":
                return words.gettext("{n} or less", n=n)
            case ">":
                return words.gettext("more than {n}", n=n)
            case "<":
                return words.gettext("less than {n}", n=n)
            case "==":
                return n
        raise Unsaid

    def _dated(self, asked: str, operator: str, day: date) -> str:
        words, said = self.words, self.speech.date(day)
        match operator:
            case ">=" | ">":
                return self._answer(words.gettext("from {date} on", date=said), asked)
            case "<=" | "<":
                return self._answer(words.gettext("until {date}", date=said), asked)
        return self._answer(said, asked)

    def _between(self, asked: str, low: float, high: float) -> str:
        span = self.words.gettext("{low} to {high}", low=self.speech.number(low), high=self.speech.number(high))
        return self._answer(span, asked)

    def _ranked(self, asked: str, option: str, operator: str, place: float) -> str:
        """The place that an option was given in a ranking; who ranks it not at all stands behind all others."""
        words, label = self.words, self.speech.option(asked, option)
        if not label:
            raise Unsaid
        about = {"option": self.speech.quoted(label), "question": self.speech.question(asked)}
        last = int(place) if operator in ("<=", ">") else int(place) - 1
        if operator in ("<=", "<", "==") and (operator == "==" or last == 1):
            first = int(place) if operator == "==" else 1
            if first == 1:
                return words.gettext("ranked {option} first in “{question}”", **about)
            return words.gettext("ranked {option} at place {n} in “{question}”", n=first, **about)
        if operator in ("<=", "<") and last > 1:
            return words.gettext("ranked {option} among the first {n} in “{question}”", n=last, **about)
        if operator in (">", ">=") and last >= 1:
            return words.gettext("ranked {option} below place {n} in “{question}”", n=last, **about)
        raise Unsaid

    def _polarity(self, asked: str, code: str) -> str:
        read = named(f"polarity:{code}", self.words)
        if not read:
            raise Unsaid
        if self.people:
            question = self.speech.question(asked)
            return self.words.gettext("wrote a text read as {polarity} to “{question}”", polarity=read,
                                      question=question)  # fmt: skip
        return self.words.gettext("text read as {polarity}", polarity=read)


def _parts(tree: Tree) -> Iterator[Tree]:
    """What must all be true."""
    if isinstance(tree, Both):
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    else:
        yield tree


def _alternatives(tree: Tree) -> Iterator[Tree]:
    """Of which one must be true."""
    if isinstance(tree, Either):
        yield from _alternatives(tree.left)
        yield from _alternatives(tree.right)
    else:
        yield tree


def _choice(tree: Tree) -> tuple[str, list[float | str]] | None:
    """The question and the codes of a condition that is one of its answers."""
    match tree:
        case Option(asked, option):
            return asked, [option]
        case Compare("==", Name(asked), Constant(value)) if not isinstance(value, date):
            return asked, [value]
        case Compare("==", Name(asked), Name(code)):
            return asked, [code]
        case Member(Name(asked), values):
            return asked, list(values)
        case Either():
            found = [_choice(part) for part in _alternatives(tree)]
            choices = [choice for choice in found if choice is not None]
            if len(choices) == len(found) and len({asked.casefold() for asked, _ in choices}) == 1:
                return choices[0][0], [code for _, codes in choices for code in codes]
    return None
