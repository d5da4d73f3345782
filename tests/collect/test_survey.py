"""A survey file made elsewhere becomes answers with their states; what is refused is counted and listed."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from small import loaded, write
from surveys import fatal, survey
from vigie.collect.ledger import Ledger
from vigie.collect.survey import read_survey

USED = "  - {id: used, kind: multiple, label: Used, options: {phone: Téléphone, email: E-mail, chat: Tchat}}\n"
WITH_NONE = USED.replace("}}", "}, none: Aucun}")
SEX = "  - {id: sex, kind: single, label: Sex, options: {f: Une femme, m: Un homme}}\n"
MARK = "  - {id: mark, kind: scale, label: Mark, scale: {from: 0, to: 10, low: Bad, high: Good}"
CHANNELS = "  - {id: used, kind: multiple, label: Used, options: channels, none: Aucun}\n"

# -- the layouts of a multiple question

YES, NO = True, False
CHOSEN = [[YES, NO, NO], [YES, NO, YES], [NO, YES, NO]]
LAYOUTS = {
    "a column per option": ("respondent,used.phone,used.email,used.chat\n1,1,0,0\n2,1,0,1\n3,0,1,0\n", "{}"),
    "words for yes and no": (
        "respondent,used.phone,used.email,used.chat\n1,Oui,non,Non\n2,OUI,no,x\n3,faux,vrai,0\n",
        "{}",
    ),
    "numbered columns, blanks for no": (
        "respondent,Q7r1,Q7r2,Q7r11\n1,1,,\n2,1,,1\n3,,1,\n",
        '{columns: {used: {from: "Q7r{option}", options: {1: phone, 2: email, 11: chat}, chosen: 1}}}',
    ),
    "labels over columns": (
        "respondent,a,b\n1,Téléphone,\n2,téléphone,Tchat\n3,,E-mail\n",
        "{columns: {used: {from: [a, b], labels: true}}}",
    ),
    "codes over columns": (
        "respondent,a,b\n1,7,\n2,7,9\n3,,8.0\n",
        "{columns: {used: {from: [a, b], codes: {7: phone, 8: email, 9: chat}}}}",
    ),
    "one delimited cell": (
        "respondent,q\n1,phone\n2,chat | phone\n3,email|\n",
        '{columns: {used: {from: q, delimiter: "|"}}}',
    ),
    "one delimited cell of the file's codes": (
        "respondent,q\n1,A\n2,C|A\n3,B\n",
        '{columns: {used: {from: q, delimiter: "|", options: {A: phone, B: email, C: chat}}}}',
    ),
    "one delimited cell of labels, by position": (
        "respondent,q,q\n1,x,Téléphone\n2,x,Tchat; TÉLÉPHONE\n3,x,E-mail\n",
        '{columns: {used: {position: 3, delimiter: ";", labels: true}}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_a_multiple_question_gives_the_same_answers(tmp_path, layout):
    data, rules = LAYOUTS[layout]
    facts = survey(tmp_path, USED, data, rules)
    assert [list(row) for row in zip(*(facts[f"used.{o}"] for o in ("phone", "email", "chat")), strict=True)] == CHOSEN
    assert facts["used:state"] == ["answered"] * 3
    assert not facts.refused


def test_an_empty_row_is_none_chosen_only_where_the_question_was_reached_and_silence_means_no(tmp_path):
    rules = '{columns: {used: {from: "u{option}", options: {1: phone, 2: email, 3: chat}, chosen: 1}}}'
    facts = survey(tmp_path, USED + SEX, "respondent,u1,u2,u3,sex\n1,,,,f\n2,,,,\n3,1,,,\n", rules)
    assert facts["used:state"] == ["answered", "skipped", "answered"]
    assert facts["used.phone"] == [False, None, True]


def test_ticks_that_nothing_reads_as_yes_are_a_wrong_import_however_many_cells_say_no(tmp_path):
    rules = '{columns: {used: {from: "u{option}", options: {1: phone, 2: email, 3: chat}, chosen: Oui}}}'
    ticked = "".join(f"{i},1,0,0\n" for i in range(10)) + "".join(f"{i},0,0,0\n" for i in range(10, 40))
    (problem,) = fatal(tmp_path, USED, "respondent,u1,u2,u3\n" + ticked, rules)
    assert problem.code == "unknown-code"
    assert 'column "u1"' in problem.message
    facts = survey(tmp_path, USED, "respondent,u1,u2,u3\n40,0,Oui,0\n" + ticked, rules)  # the import reads some
    assert facts.refused == {"unknown-code": (0, 10)}


def test_with_an_option_none_an_empty_row_is_no_answer(tmp_path):
    data = "respondent,used.phone,used.email,used.chat,used.none,sex\n1,,,,,f\n2,,,,1,f\n3,0,0,0,0,f\n"
    facts = survey(tmp_path, WITH_NONE + SEX, data)
    assert facts["used:state"] == ["skipped", "answered", "answered"]
    assert facts["used.none"] == [None, True, False]


def test_an_exclusive_option_beside_another_is_a_contradiction(tmp_path):
    data = "respondent,used.phone,used.email,used.chat,used.none\n1,1,0,0,1\n2,0,0,0,1\n"
    facts = survey(tmp_path, WITH_NONE, data)
    assert facts["used:state"] == ["skipped", "answered"]
    assert facts.refused == {"contradiction": (0, 1)}
    assert facts.places == ['s0.csv, row 2, column "used": "phone; none" excludes itself']


def test_do_not_know_beside_an_option_is_a_contradiction(tmp_path):
    rules = '{columns: {used: {from: q, delimiter: ";"}}}'
    facts = survey(tmp_path, USED.replace("}}", "}, dont_know: {code: 99}}"), "respondent,q\n1,99\n2,99;phone\n", rules)
    assert facts["used:state"] == ["dont_know", "skipped"]
    assert facts.refused == {"contradiction": (0, 1)}


def test_a_few_contradictions_among_many_answers_do_not_stop_the_wave(tmp_path):
    rows = "".join(f"{i:03},f,{int(i >= 14)},0,0,{int(i < 14 or i >= 28)},7\n" for i in range(40))
    questions = SEX + WITH_NONE + MARK + ", ask_if: used.phone}\n"
    facts = survey(tmp_path, questions, "respondent,sex,used.phone,used.email,used.chat,used.none,mark\n" + rows)
    assert facts.refused == {"contradiction": (0, 14 + 12)}  # marks of who did not phone; "none" beside the phone


# -- headers


def test_repeated_headers_are_told_and_counted_by_position(tmp_path):
    data = "respondent,Q,Q\n1,f,m\n"
    (problem,) = fatal(tmp_path, SEX, data, "{columns: {sex: Q}}")
    assert (problem.code, problem.file) == ("duplicate-header", "s0.csv")
    assert "position:" in problem.hint
    assert survey(tmp_path, SEX, data, "{columns: {sex: {position: 3}}}")["sex"] == ["m"]


def test_a_question_text_can_be_a_header_and_labels_can_be_codes(tmp_path):
    data = '\ufeff"Répondant ?";"Vous êtes, vous…"\n1;une  femme\n2;Un homme\n3;UNE FEMME\n'
    rules = '{respondent: "Répondant ?", columns: {sex: {from: "Vous êtes, vous…", labels: true}}}'
    assert survey(tmp_path, SEX, data, rules)["sex"] == ["f", "m", "f"]


def test_a_missing_column_is_told_with_the_nearest_name(tmp_path):
    problems = fatal(tmp_path, SEX, "respondant,sexe\n1,f\n", "{columns: {sex: sexx}}")
    assert [p.code for p in problems] == ["column-missing"]
    assert "respondant" in problems[0].hint
    (problem,) = fatal(tmp_path, SEX, "respondent,sexe\n1,f\n", "{columns: {sex: sexx}}")
    assert 'Did you mean "sexe"' in problem.hint


def test_a_question_that_a_file_with_the_studys_own_names_lacks_is_noted_as_not_in_the_wave(tmp_path):
    facts = survey(tmp_path, SEX + MARK + "}\n", "respondent,sex\n1,f\n")
    assert facts["mark:state"] == ["not_in_wave"]
    assert facts.ledger.notes == ['s0.csv: no column for "mark"']


# -- rows


def test_rows_that_a_filter_takes_out_are_counted_and_not_listed_one_by_one(tmp_path):
    data = "respondent,sex,statut\n1,f,3\n2,m,4\n3,m,3.0\n4,f,\n"
    facts = survey(tmp_path, SEX, data, "{keep: statut == 3}")
    assert facts["respondent"] == ["1", "3"]
    assert facts.refused == {"keep": (2, 0)}
    (problem,) = fatal(tmp_path, SEX, data, "{keep: status == 3}")
    assert (problem.code, problem.file) == ("expression", "s0.csv")
    assert 'Did you mean "statut"' in problem.hint


def test_respondents_missing_or_twice_are_refused_with_file_and_row(tmp_path):
    first, second = "respondent,sex\nb,f\n,m\na,m\nb,m\n", "respondent,sex\na,f\nc,m\n"
    facts = survey(tmp_path, SEX, [first, second])
    assert facts["respondent"] == ["a", "b", "c"]
    assert facts["sex"] == ["m", "f", "m"]
    assert facts.refused == {"missing-id": (1, 0), "duplicate-id": (2, 0)}
    assert facts.places == [
        "s0.csv, row 3: no respondent",
        's1.csv, row 2: "a" already stands in an earlier row',
        's0.csv, row 5: "b" already stands in an earlier row',
    ]


@pytest.mark.parametrize("data", ["respondent,sex\n", "respondent,sex\n,f\n", "respondent,sex\n\n\n"])
def test_a_file_without_rows_is_told(tmp_path, data):
    (problem,) = fatal(tmp_path, SEX, data)
    assert (problem.code, problem.file) == ("no-rows", "s0.csv")


def test_files_with_different_columns_are_one_survey(tmp_path):
    facts = survey(tmp_path, SEX + MARK + "}\n", ["respondent,sex\n1,f\n", "respondent,mark\n2,7\n"])
    assert facts["sex"] == ["f", None]
    assert facts["mark"] == [None, 7.0]


# -- values and states


def test_answers_have_six_states(tmp_path):
    questions = SEX + MARK + ", ask_if: sex == f, dont_know: {code: 99}, refused: {code: 98}}\n"
    questions += "  - {id: later, kind: numeric, label: Later}\n"
    facts = survey(tmp_path, questions, "respondent,sex,mark\n1,f,7\n2,f,99\n3,f,98.0\n4,f,\n5,m,\n6,,\n")
    states = ["answered", "dont_know", "refused", "skipped", "not_asked", "skipped"]
    assert facts["mark:state"][:5] == states[:5]
    assert facts["mark:state"][5] == "not_asked"  # who did not say what the routing needs was not asked for certain
    assert set(facts["later:state"]) == {"not_in_wave"}
    assert facts["mark"] == [7.0, None, None, None, None, None]


def test_an_answer_where_the_question_was_not_to_be_asked_is_refused(tmp_path):
    facts = survey(tmp_path, SEX + MARK + ", ask_if: sex == f}\n", "respondent,sex,mark\n1,m,7\n2,f,8\n")
    assert facts["mark"] == [None, 8.0]
    assert facts["mark:state"] == ["not_asked", "answered"]
    assert facts.refused == {"contradiction": (0, 1)}


def test_cells_that_are_no_code_and_no_mark_are_refused_one_by_one(tmp_path):
    data = "respondent,sex,mark\n1,x,11\n2,f,7.5\n3,m,1e0\n4,f,-1\n5,m,sept\n6,f,10\n"
    facts = survey(tmp_path, SEX + MARK + "}\n", data)
    assert facts["sex"] == [None, "f", "m", "f", "m", "f"]
    assert facts["mark"] == [None, None, 1.0, None, None, 10.0]
    assert facts.refused == {"unknown-code": (0, 1), "bad-number": (0, 4)}
    assert 's0.csv, row 2, column "sex": "x" is not a code of "sex"' in facts.places


def test_a_column_that_is_mostly_wrong_stops_the_wave(tmp_path):
    rows = "".join(f"{i},{'Femme' if i % 2 else 'Homme'}\n" for i in range(20))
    (problem,) = fatal(tmp_path, SEX, "respondent,sex\n" + rows)
    assert (problem.code, problem.file, problem.line) == ("unknown-code", "s0.csv", 2)
    assert "20 of 20" in problem.message
    assert "import" in problem.hint


NUMBER = "  - {id: spent, kind: numeric, label: Spent, minimum: 0, maximum: 1500}\n"


@pytest.mark.parametrize(
    ("rules", "cells", "values", "refused"),
    [
        ("{}", ["12,5", "1 200", "-1", "2000"], [12.5, 1200.0, None, None], 2),
        ("{decimal: ','}", ["12,5", "1.200,5", "x", ""], [12.5, 1200.5, None, None], 1),
        ("{from: spent, ignore: [NR, 9999]}", ["3", "NR", "9999", "9999.0"], [3.0, None, None, None], 0),
        ("{from: spent, unit: min}", ["90", "01:30:00", "1h30", "30 s"], [90.0, 90.0, 90.0, 0.5], 0),
        ("{from: spent, codes: {rien: 0}}", ["rien", "1e3", "1e400", "inf"], [0.0, 1e3, None, None], 2),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(tmp_path, rules, cells, values, refused):
    rows = "".join(f"{i};{cell}\n" for i, cell in enumerate(cells))
    column = rules if rules.startswith("{from") else ""
    rules = f"{{columns: {{spent: {column}}}}}" if column else rules
    facts = survey(tmp_path, NUMBER, "respondent;spent\n" + rows, rules)
    assert facts["spent"] == values
    assert facts.refused == ({"bad-number": (0, refused)} if refused else {})


def test_a_number_without_a_maximum_still_has_one(tmp_path):
    facts = survey(tmp_path, "  - {id: spent, kind: numeric, label: S}\n", "respondent,spent\n1,1e300\n2,-1e16\n3,5\n")
    assert facts["spent"] == [None, None, 5.0]


DAY = "  - {id: day, kind: date, label: Day, earliest: 2020-01-01}\n"


@pytest.mark.parametrize(
    ("order", "cells", "days"),
    [
        ("{}", ["31/01/2024", "02/01/2024"], [date(2024, 1, 31), date(2024, 1, 2)]),
        ("{}", ["01/31/2024", "02/01/2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
        ("{dates: dmy}", ["03/04/2024", "02/01/2024"], [date(2024, 4, 3), date(2024, 1, 2)]),
        ("{dates: mdy}", ["03/04/2024", "02/01/2024"], [date(2024, 3, 4), date(2024, 2, 1)]),
        ("{columns: {day: {from: day, order: excel}}}", ["45322", "2024-02-30"], [date(2024, 1, 31), None]),
        ("{}", ["2024-01-31T10:00:00", "2019-12-31"], [date(2024, 1, 31), None]),
    ],
)
def test_dates_are_read_in_the_order_that_the_column_tells(tmp_path, order, cells, days):
    facts = survey(tmp_path, DAY, f"respondent,day\n1,{cells[0]}\n2,{cells[1]}\n", order)
    assert facts["day"] == days
    assert facts.refused == ({"bad-date": (0, 1)} if None in days else {})


def test_dates_that_nothing_tells_apart_are_told(tmp_path):
    (problem,) = fatal(tmp_path, DAY, "respondent,day\n1,03/04/2024\n2,05/06/2024\n")
    assert problem.code == "ambiguous-date"
    assert "dmy" in problem.hint


def test_what_is_known_of_the_interview_is_read_with_it(tmp_path):
    rules = (
        "{respondent: ID, weight: {from: W, decimal: ','}, stratum: {from: S, codes: {}}, "
        "started_at: {from: T, order: dmy}, duration: {from: D, unit: min}}"
    )
    data = "ID;W;S;T;D;sex\n1;1,5;01;31/01/2024 10:30;12;f\n2;0;02;32/01/2024;x;m\n3;2;;;;m\n4;1e300;;;;m\n"
    facts = survey(tmp_path, SEX, data, rules)
    assert facts["base_weight"] == [1.5, 2.0]
    assert facts["stratum"] == ["01", ""]
    assert facts["duration"] == [720.0, None]
    assert [t and t.hour for t in facts["started_at"]] == [10, None]
    assert facts.refused == {"bad-number": (2, 0)}


def test_a_workbook_says_the_same_as_a_text_file(tmp_path):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for row, cells in enumerate([["respondent", "sex", "mark"], [1, "f", 7], [2, "m", 10.0]]):
            book.get_worksheet_by_name("Feuil1") or book.add_worksheet("Feuil1")
            book.get_worksheet_by_name("Feuil1").write_row(row, 0, cells)
    write(tmp_path, {"a.xlsx": out.getvalue()})
    text = f"study: s\ntitle: S\nquestions:\n{SEX}{MARK}}}\nwaves: [{{id: w, files: {{survey: a.xlsx}}}}]\n"
    study = loaded(write(tmp_path, {"study.yaml": text}))
    tables, read = read_survey(study, study.waves["w"], Ledger("survey"))
    assert read == 2
    assert tables["respondents"]["respondent"].to_pylist() == ["1", "2"]
    assert tables["respondents"]["mark"].to_pylist() == [7.0, 10.0]


# -- loops

LOOP = CHANNELS + MARK.replace("id: mark", "id: mark, per: {channel: used}") + "}\n"
CAPPED = LOOP.replace("{channel: used}", "{channel: used, at_most: 2, choose: random}")
THREE = "channels: [phone, email, chat]\n"
LOOPED = (
    "respondent,used.phone,used.email,used.chat,used.none,mark.phone,mark.email,mark.chat\n"
    "a,1,1,1,0,7,,9\nb,1,0,0,0,,,\nc,0,0,0,1,,,\nd,1,0,0,0,5,6,\n"
)


def test_a_loop_gives_one_row_per_person_and_channel_chosen(tmp_path):
    facts = survey(tmp_path, LOOP, LOOPED, header=THREE)
    assert facts.contacts("person", "channel", "eligible", "asked", "mark", "mark:state") == [
        ("a", "chat", 3, 3, 9.0, "answered"),
        ("a", "email", 3, 3, None, "skipped"),
        ("a", "phone", 3, 3, 7.0, "answered"),
        ("b", "phone", 1, 1, None, "skipped"),
        ("d", "phone", 1, 1, 5.0, "answered"),
    ]
    assert facts.refused == {"contradiction": (0, 1)}
    assert 'row 5, column "mark.email"' in facts.places[0]


def test_a_loop_that_is_drawn_knows_how_many_were_eligible_and_how_many_asked(tmp_path):
    facts = survey(tmp_path, CAPPED, LOOPED, header=THREE)
    assert facts.contacts("person", "channel", "eligible", "asked") == [
        ("a", "chat", 3, 2), ("a", "phone", 3, 2), ("d", "phone", 1, 1),
    ]  # fmt: skip


def test_the_columns_of_a_loop_may_be_numbered_as_its_channels_are(tmp_path):
    data = LOOPED.replace("used.none", "U9").replace("used.phone,used.email,used.chat", "U1,U2,U3")
    data = data.replace("mark.phone,mark.email,mark.chat", "M1,M2,M3")
    codes = "options: {1: phone, 2: email, 3: chat, 9: none}"
    rules = f'{{columns: {{used: {{from: "U{{option}}", {codes}, chosen: 1}}, mark: "M{{channel}}"}}}}'
    assert len(survey(tmp_path, LOOP, data, rules, header=THREE).contacts("mark")) == 5
    own = rules.replace('"M{channel}"', '{from: "M{channel}", options: {1: phone, 2: email, 3: chat}}')
    assert len(survey(tmp_path, LOOP, data, own, header=THREE).contacts("mark")) == 5


def test_a_single_question_in_a_loop_maps_its_own_codes_and_the_loops_names(tmp_path):
    questions = CHANNELS + SEX.replace("id: sex", "id: sex, per: {channel: used}")
    data = "respondent,used.phone,used.email,used.chat,used.none,S_T,S_M\n1,1,1,0,0,1,2\n"
    rules = '{columns: {sex: {from: "S_{channel}", options: {T: phone, M: email}, codes: {1: f, 2: m}}}}'
    facts = survey(tmp_path, questions, data, rules, header=THREE)
    assert facts.contacts("channel", "sex") == [("email", "m"), ("phone", "f")]


def test_a_question_routed_inside_a_loop_is_asked_evaluation_by_evaluation(tmp_path):
    why = "  - {id: why, kind: single, label: Why, per: {channel: used}, ask_if: mark < 5, options: {a: A, b: B}}\n"
    data = (
        "respondent,used.phone,used.email,used.chat,used.none,mark.phone,mark.email,why.phone,why.email\n"
        "1,1,1,0,0,2,8,a,b\n"
    )
    facts = survey(tmp_path, LOOP + why, data, header=THREE)
    assert facts.contacts("channel", "why", "why:state") == [("email", None, "not_asked"), ("phone", "a", "answered")]
    assert facts.refused == {"contradiction": (0, 1)}


def test_a_loop_over_brands_names_the_sector_of_each(tmp_path):
    write(tmp_path, {"brands.csv": "brand,name,sector,from\nELX,ELX,energy,\nnew,Neuf,telecom,2025-01-01\n"})
    questions = "  - {id: known, kind: multiple, label: Known, options: brands}\n"
    questions += MARK.replace("id: mark", "id: mark, per: {brand: known}") + "}\n"
    data = "respondent,known.ELX,known.new,mark.ELX,mark.new\n1,1,1,7,8\n2,0,1,,9\n"
    facts = survey(tmp_path, questions, data, header="brands: brands.csv\n")
    assert facts.contacts("person", "grain", "brand", "sector", "mark") == [
        ("1", "brand", "ELX", "energy", 7.0), ("1", "brand", "new", None, 8.0), ("2", "brand", "new", None, 9.0),
    ]  # fmt: skip


def test_numbers_that_may_be_thousands_or_decimals_are_not_guessed(tmp_path):
    question = "  - {id: spent, kind: numeric, label: Spent}\n"
    data = 'respondent,spent\n1,"1,200"\n2,"3,450"\n'
    (problem,) = fatal(tmp_path / "a", question, data)
    assert "thousands, or decimals?" in problem.message
    facts = survey(tmp_path / "b", question, data, rules='{decimal: ","}')
    assert facts["spent"] == [1.2, 3.45]


def test_an_id_column_that_repeats_itself_is_a_wrong_import(tmp_path):
    rows = "".join(f"{i % 11},{i}\n" for i in range(300))
    question = "  - {id: spent, kind: numeric, label: Spent}\n"
    (problem,) = fatal(tmp_path, question, "respondent,spent\n" + rows)
    assert "289 of 300 rows have the respondent of an earlier row" in problem.message
