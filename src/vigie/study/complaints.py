"""How checks complain: at the place of the part that is wrong, once, with the nearest name that exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from vigie.errors import Problem, suggestion
from vigie.study.document import Document, Path_
from vigie.study.expressions import ExpressionError
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.resolution import Resolved, Type, resolve


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

    def place(self, *paths: Path_) -> Path_:
        """The first of these paths that stands in the document, else the last."""
        return next((p for p in paths if p in self.document.places), paths[-1])

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
