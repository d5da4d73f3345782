"""A file of mystery tests becomes tests and marks; what is refused is counted and listed."""

from __future__ import annotations

import pytest

from small import loaded, write
from vigie.collect.ledger import Ledger
from vigie.collect.mystery import read_tests
from vigie.errors import VigieError

FILES = {
    "brands.csv": (
        "brand,name,sector,aliases,from,until\no,Ondine,energy,Ondine Énergie|ODN,,\n"
        "old,Vieux,energy,,,2023-12-31\nc,Cabestan,telecom,,,\n"
    ),
    "phone.yaml": (
        "grid: phone\ndimensions:\n  - {id: reply, label: Reply, criteria: [{id: solved, label: S, out_of: 2}, "
        "{id: polite, label: P}]}\n  - {id: access, label: A, criteria: [{id: found, label: F, needs_reply: false}]}\n"
    ),
    "email.yaml": "grid: email\ndimensions:\n  - {id: reply, label: Reply, criteria: [{id: solved, label: S}]}\n",
}
HEADER = "test,brand,channel,outcome,solved,polite,found\n"


class Facts:
    """The facts of tests and marks, as plain tuples."""

    def __init__(self, tables, ledger, read):
        self.tables, self.ledger, self.read = tables, ledger, read

    def tests(self, *columns):
        return list(zip(*(self.tables["tests"][c].to_pylist() for c in columns), strict=True))

    def marks(self, test):
        names = ("test", "criterion", "mark", "state")
        rows = zip(*(self.tables["marks"][c].to_pylist() for c in names), strict=True)
        return {criterion: (mark, state) for t, criterion, mark, state in rows if t == test}

    @property
    def refused(self):
        return {e.reason: (e.rows, e.cells) for e in self.ledger.exclusions()}

    @property
    def places(self):
        return [f"{where}: {said}" for listed in self.ledger.places.values() for where, said in listed]


def campaign(folder, *data: str, rules: str | None = None) -> Facts:
    names = [f"t{i}.csv" for i in range(len(data))]
    imported = ", import: visits" if rules else ""
    listed = ", ".join(f"{{path: {n}{imported}}}" for n in names)
    text = (
        "study: s\ntitle: S\nchannels: [phone, email, chat]\nbrands: brands.csv\n"
        "mystery: {grids: {phone: phone.yaml, email: email.yaml}}\n"
        + (f"imports: {{visits: {rules}}}\n" if rules else "")
        + f'waves: [{{id: "2024", field: [2024-01-08, 2024-01-26], files: {{tests: [{listed}]}}}}]\n'
    )
    study = loaded(write(folder, FILES | {"study.yaml": text} | dict(zip(names, data, strict=True))))
    ledger = Ledger("mystery")
    found, read = read_tests(study, study.waves["2024"], ledger)
    return Facts(found, ledger, read)


def fatal(folder, *data, **named):
    with pytest.raises(VigieError) as caught:
        campaign(folder, *data, **named)
    return caught.value.problems


def test_a_mark_has_four_states(tmp_path):
    facts = campaign(
        tmp_path, HEADER + "1,o,phone,answered,2,na,\n2,o,phone,unanswered,,,1\n3,o,email,answered,0.5,,\n"
    )
    assert facts.marks("1") == {"solved": (2, "marked"), "polite": (None, "not_applicable"), "found": (None, "missing")}
    silent = (None, "unanswered")
    assert facts.marks("2") == {"solved": silent, "polite": silent, "found": (1, "marked")}
    assert facts.marks("3") == {"solved": (0.5, "marked")}
    assert facts.tests("test", "brand", "sector", "channel") == [
        ("1", "o", "energy", "phone"), ("2", "o", "energy", "phone"), ("3", "o", "energy", "email"),
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["3", "-1", "bien", "1;5", "²"])
def test_a_mark_that_cannot_be_is_a_missing_one(tmp_path, cell):
    facts = campaign(tmp_path, HEADER + f"1,o,phone,answered,{cell},1,1\n2,o,phone,answered,1,1,1\n")
    assert facts.marks("1")["solved"] == (None, "missing")
    assert facts.refused == {"bad-mark": (0, 1)}
    assert facts.places == [f't0.csv, row 2, column "solved": "{cell}" is not a mark from 0 to 2']


def test_a_mark_on_a_reply_that_never_came_is_a_contradiction(tmp_path):
    facts = campaign(tmp_path, HEADER + "1,o,phone,unanswered,2,,1\n")
    assert facts.marks("1")["solved"] == (None, "unanswered")
    assert facts.refused == {"contradiction": (0, 1)}


def test_a_brand_goes_by_its_id_its_name_and_its_aliases(tmp_path):
    rows = ["o", "Ondine", "ONDINE", "ondine  énergie", "odn", "Cabestan"]
    facts = campaign(tmp_path, HEADER + "".join(f"{i},{b},phone,answered,1,1,1\n" for i, b in enumerate(rows)))
    assert [b for (b,) in facts.tests("brand")] == ["o"] * 5 + ["c"]


def test_rows_that_cannot_stand_are_refused_with_row_and_reason(tmp_path):
    rows = (
        ",o,phone,answered,1,1,1\n2,Ondinne,phone,answered,1,1,1\n3,old,phone,answered,1,1,1\n4,,phone,answered,1,1,1\n"
        "5,o,chat,answered,1,1,1\n6,o,phone,perhaps,1,1,1\n7,o,phone,,1,1,1\n8,o,phone,invalid,1,1,1\n"
        "9,o,phone,answered,1,1,1\n9,c,phone,answered,0,0,0\n"
    )
    facts = campaign(tmp_path, HEADER + rows)
    assert facts.tests("test", "brand") == [("9", "o")]
    assert facts.marks("9")["solved"] == (1, "marked")
    assert facts.refused == {
        "missing-id": (1, 0), "unknown-brand": (3, 0), "unknown-code": (3, 0), "invalid_outcome": (1, 0),
        "duplicate-id": (1, 0),
    }  # fmt: skip
    assert 't0.csv, row 3: "Ondinne" is not a brand of this wave' in facts.places
    assert "t0.csv, row 8: an empty cell is not an outcome" in facts.places
    assert 't0.csv, row 11: "9" already stands in an earlier row' in facts.places


def test_a_file_of_unknown_brands_is_a_wrong_import(tmp_path):
    (problem,) = fatal(tmp_path, HEADER + "".join(f"{i},Ondinne,phone,answered,1,1,1\n" for i in range(12)))
    assert (problem.code, problem.file) == ("unknown-brand", "t0.csv")
    assert "12 of 12" in problem.message
    assert problem.hint


def test_a_file_without_rows_is_told(tmp_path):
    for rows, said in (("", "headers and no rows"), ("1,o,phone,invalid,,,\n", "`keep:`")):
        (problem,) = fatal(tmp_path, HEADER + rows)
        assert (problem.code, problem.file) == ("no-rows", "t0.csv")
        assert said in problem.hint


def test_a_missing_criterion_is_told_with_the_nearest_name(tmp_path):
    (problem,) = fatal(tmp_path, "test,brand,channel,outcome,solvd,polite,found\n1,o,phone,answered,1,1,1\n")
    assert problem.code == "column-missing"
    assert 'Did you mean "solvd"' in problem.hint


def test_two_files_are_one_campaign_and_a_test_stands_once(tmp_path):
    one, two = HEADER + "b,o,phone,answered,1,1,1\n", HEADER + "a,c,phone,answered,2,1,1\nb,c,phone,answered,0,0,0\n"
    facts = campaign(tmp_path, one, two)
    assert facts.tests("test", "brand") == [("a", "c"), ("b", "o")]
    assert facts.marks("b")["solved"] == (1, "marked")
    assert facts.refused == {"duplicate-id": (1, 0)}
    assert facts.read == 3


def test_without_an_outcome_a_test_that_nobody_answered_has_no_answer_date_and_no_mark(tmp_path):
    header = "test,brand,channel,answered_at,solved,polite,found\n"
    facts = campaign(tmp_path, header + "1,o,phone,2024-01-09T10:00:00,1,1,1\n2,o,phone,,,,1\n3,o,phone,,2,,1\n")
    assert facts.tests("outcome") == [("answered",), ("unanswered",), ("answered",)]


def test_names_and_codes_made_elsewhere_are_mapped(tmp_path):
    rules = (
        "{test: N, brand: {from: M, codes: {B1: o}}, channel: {from: C, codes: {TEL: phone}}, tester: T, "
        "outcome: {from: R, codes: {OUI: answered, NON: unanswered, NUL: invalid}}, "
        'sent_at: {from: E, order: dmy}, marks: {from: "n_{criterion}", options: {sol: solved}, codes: {bien: 2}}, '
        "not_applicable: NC, decimal: ','}"
    )
    header = "N;M;C;R;T;E;n_sol;n_polite;n_found\n"
    rows = "1;B1;TEL;oui;k1;08/01/2024 10:00;1,5;NC;1\n2;Ondine;Téléphone;NON;k2;32/01/2024;;;0\n3;o;TEL;nul;;;;;\n"
    facts = campaign(tmp_path, header + rows + "4;o;TEL;OUI;k1;;bien;1;1\n", rules=rules)
    assert facts.tests("test", "brand", "outcome", "tester") == [
        ("1", "o", "answered", "k1"), ("2", "o", "unanswered", "k2"), ("4", "o", "answered", "k1"),
    ]  # fmt: skip
    assert facts.marks("1") == {"solved": (1.5, "marked"), "polite": (None, "not_applicable"), "found": (1, "marked")}
    assert facts.marks("4")["solved"] == (2, "marked")
    assert facts.refused == {"invalid_outcome": (1, 0), "bad-date": (0, 1)}


def test_a_file_of_one_channel_need_not_say_it(tmp_path):
    rules = "{test: test, brand: brand, only_channel: email}"
    facts = campaign(tmp_path, "test,brand,solved\n1,o,1\n", rules=rules)
    assert facts.tests("channel", "outcome") == [("email", "answered")]
