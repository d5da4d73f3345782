"""Surveys of a few rows for tests of intake: a study from its questions, a file, and the facts that come of them."""

from __future__ import annotations

import pytest

from small import loaded, write
from vigie.collect.ledger import Ledger
from vigie.collect.survey import read_survey
from vigie.errors import VigieError


class Facts:
    """The facts of a survey, as plain lists."""

    def __init__(self, tables, ledger, read):
        self.tables, self.ledger, self.read = tables, ledger, read

    def __getitem__(self, column):
        return self.tables["respondents"][column].to_pylist()

    def contacts(self, *columns):
        return list(zip(*(self.tables["contacts"][c].to_pylist() for c in columns), strict=True))

    def texts(self, *columns):
        """The rows of `verbatims`."""
        found = self.tables.get("verbatims")
        return [] if found is None else list(zip(*(found[c].to_pylist() for c in columns), strict=True))

    @property
    def refused(self):
        return {e.reason: (e.rows, e.cells) for e in self.ledger.exclusions()}

    @property
    def places(self):
        return [f"{where}: {said}" for listed in self.ledger.places.values() for where, said in listed]


def survey(
    folder, questions: str, data: str | bytes | list, rules: str = "{}", header: str = "", wave: str = ""
) -> Facts:
    """A survey of these questions, read with the rules of an import; `wave` are further keys of the wave."""
    files = [data] if isinstance(data, (str, bytes)) else data
    names = [f"s{i}.csv" for i in range(len(files))]
    listed = ", ".join(f"{{path: {n}, import: file}}" for n in names)
    text = (
        f"study: s\ntitle: S\n{header}questions:\n{questions}imports:\n  file: {rules}\n"
        f'waves: [{{id: "2024", field: [2024-01-08, 2024-01-26], files: {{survey: [{listed}]}}{wave}}}]\n'
    )
    study = loaded(write(folder, {"study.yaml": text, **dict(zip(names, files, strict=True))}))
    ledger = Ledger("survey")
    return Facts(*_swapped(read_survey(study, study.waves["2024"], ledger), ledger))


def _swapped(found, ledger):
    return found[0], ledger, found[1]


def fatal(folder, *arguments, **named):
    """The problems that make the files unusable."""
    with pytest.raises(VigieError) as caught:
        survey(folder, *arguments, **named)
    return caught.value.problems
