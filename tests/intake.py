"""What the files of one source become, for tests: facts as plain tuples, and what was refused."""

from __future__ import annotations

import csv
import io

import pytest

from small import loaded, write
from vigie.collect.ledger import Ledger
from vigie.collect.log import read_log
from vigie.collect.mystery import read_tests
from vigie.collect.reviews import read_reviews
from vigie.errors import VigieError

BRANDS = (
    "brand,name,sector,aliases,from,until\no,Ondine,energy,Ondine Énergie|ODN,,\nold,Vieux,energy,,,2023-12-31\n"
    "c,Cabestan,telecom,,,\n"
)
READERS = {"mystery": ("tests", read_tests), "reviews": ("reviews", read_reviews), "log": ("log", read_log)}


class Facts:
    """The tables that a reader gave, and its ledger."""

    def __init__(self, tables, ledger, read):
        self.tables, self.ledger, self.read = tables, ledger, read

    def rows(self, table, *columns):
        return list(zip(*(self.tables[table][c].to_pylist() for c in columns), strict=True))

    def column(self, table, name):
        return self.tables[table][name].to_pylist()

    @property
    def refused(self):
        return {e.reason: (e.rows, e.cells) for e in self.ledger.exclusions()}

    @property
    def places(self):
        return [f"{where}: {said}" for listed in self.ledger.places.values() for where, said in listed]


def sheet(*rows):
    """Rows of cells as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def facts(folder, source, *data, rules=None, section="", field="field: [2024-01-01, 2024-12-31], ") -> Facts:
    """The facts of one source's files, read with an import of these rules (none: the study's own names)."""
    key, reader = READERS[source]
    names = [f"f{i}.csv" for i in range(len(data))]
    imported = ", import: i" if rules else ""
    listed = ", ".join(f"{{path: {n}{imported}}}" for n in names)
    text = (
        f"study: s\ntitle: S\nlanguages: [en]\nchannels: [phone, email]\nbrands: brands.csv\n{section}\n"
        + (f"imports: {{i: {rules}}}\n" if rules else "")
        + f'waves: [{{id: "2024", {field}files: {{{key}: [{listed}]}}}}]\n'
    )
    study = loaded(write(folder, {"brands.csv": BRANDS, "study.yaml": text} | dict(zip(names, data, strict=True))))
    ledger = Ledger(source)
    found, read = reader(study, study.waves["2024"], ledger)
    return Facts(found, ledger, read)


def fatal(*arguments, **named):
    """The problems that stop the reading."""
    with pytest.raises(VigieError) as caught:
        facts(*arguments, **named)
    return caught.value.problems
