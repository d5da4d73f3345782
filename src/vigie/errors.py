"""What can go wrong, said once: problems (records, all of them at once) and the one exception that carries them.

A problem in a person's file is a `Problem` in a list; a call that cannot go on raises `VigieError` with that list.
Every message says where, what, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CODES: dict[str, str] = {
    # the site
    "site-settings": "A setting of the site is missing, impossible or unsafe.",
    # reading
    "file-missing": "A file that the study names does not exist.",
    "file-unreadable": "A file cannot be read in the format, the encoding or the separator that it claims to have.",
    "file-too-large": "A file, a cell or a nesting is larger than Vigie accepts from a person's hand.",
    "yaml-syntax": "The text is not YAML 1.2.",
    "duplicate-key": "The same key stands twice in one mapping; the second would silently replace the first.",
    # the study
    "unknown-key": "A key that Vigie does not know stands in the study.",
    "missing-key": "A key that is needed is not there.",
    "wrong-value": "A value is not of the kind or in the range that its key takes.",
    "unknown-name": "A name is used that nothing in the study defines.",
    "duplicate-name": "Two things of one kind bear the same name.",
    "expression": "A routing, base, filter or indicator cannot be read as an expression, or compares what cannot be.",
    "margins": "Population margins do not fit the questionnaire or each other.",
    "scale-not-nps": "NPS is defined on a 0-10 scale only.",
    "funnel-open": "The states of a funnel do not sum to 100 %: some exclude each other not, or some are missing.",
    "loop": "A loop over channels or brands does not fit the question that feeds it.",
    "grid": "A mystery grid is inconsistent.",
    "declaration": "What is declared of waves cannot be: a harmless change, a parallel run, or who answered again.",
    "brand-dates": "The rows of one brand overlap in time or contradict each other.",
    # data
    "column-missing": "A column that the import names is not in the file.",
    "duplicate-header": "A column name stands twice in a file, and the import does not say which one is meant.",
    "duplicate-id": "Two rows bear the same respondent, test, review or case.",
    "missing-id": "A row has no respondent, test or case.",
    "unknown-code": "A cell holds a code that the question does not have.",
    "bad-number": "A cell that should hold a number does not, or holds one out of range.",
    "bad-date": "A cell that should hold a date or a duration does not, or holds an impossible one.",
    "ambiguous-date": "Day and month cannot be told apart in a column of dates.",
    "bad-mark": "A mark is not a number between 0 and the criterion's maximum.",
    "contradiction": "Two answers of one row exclude each other.",
    "unknown-brand": "A row names a brand that is not in the list of brands at that wave.",
    "no-rows": "No row is left after the filter and the exclusions.",
    # computing
    "design": "A stratum has several population sizes, or fewer units than were drawn, or one where none may be alone.",
    "weighting-failed": "No weights reach the margins within the bounds, or a category of the population has nobody.",
    "nothing-to-run": "The study has no wave with files, or the wave that was asked for does not exist.",
    "cannot-write": "The results cannot be written where they should go.",
    "missing-extra": "Something was asked for that needs a part which is not installed.",
    "usage": "The command line is not understood.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (file, line, column; 1-based), what, and what to do."""

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise LookupError(f"{self.code!r} is not in the catalogue of errors")

    @property
    def place(self) -> str:
        parts = [self.file, *(str(p) for p in (self.line, self.column) if p is not None)]
        return ":".join(p for p in parts if p)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "") + f" [{self.code}]"


class VigieError(Exception):
    """A call that cannot go on, with every problem that stops it."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def failure(code: str, message: str, hint: str = "", *, file: str = "") -> VigieError:
    """A `VigieError` with one problem."""
    return VigieError(Problem(code, message, hint, file=file))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to the one written, if any is close."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(name: str, known: Sequence[str], *, most: int = 12) -> str:
    """`Did you mean "phone"? There are: …` for an unknown name."""
    near = nearest(name, known)
    head = f'Did you mean "{near}"? ' if near else ""
    if not known:
        return head + "There are none."
    listed = ", ".join(known[:most]) + (f" … ({len(known)} in all)" if len(known) > most else "")
    return f"{head}There are: {listed}."
