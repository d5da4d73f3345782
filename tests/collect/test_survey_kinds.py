"""Grids, categories, rankings, brands named, words beside an option: how a file gives them, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from small import write
from surveys import fatal, survey
from vigie.study.loading import load_study

TRUST = (
    "  - {id: trust, kind: grid, label: Trust, items: {speed: Speed, tone: Tone},"
    " scale: {from: 1, to: 5, low: Low, high: High}}\n"
)
SEX = "  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}\n"
ORDER = "  - {id: order, kind: ranking, label: Order, options: {a: Aaa, b: Bbb, c: Ccc}}\n"
BRANDS = (
    "brand,name,sector,aliases,from,until\n"
    "ondine,Ondine,energy,Ondine Énergie,,\nlumeo,Lumeo,energy,,,\nzephyr,Zéphyr Voyages,travel,,,\n"
    "perenna,Perenna,energy,,2025-01-01,\n"
)
NAMED = "  - {id: named, kind: mention, label: Named}\n"


def problems(folder, questions, rules, header="", wave=""):
    """What `vigie check` says of a survey of these questions."""
    text = f"study: s\ntitle: S\n{header}questions:\n{questions}imports:\n  file: {rules}\n"
    text += f"waves: [{{id: w, files: {{survey: {{path: s.csv, import: file}}}}{wave}}}]\n"
    return load_study(write(folder, {"study.yaml": text, "s.csv": "respondent\n1\n"}))[1]


# -- grids


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        ("trust_speed,trust_tone", "{}"),
        ("T_speed,T_tone", '{columns: {trust: "T_{item}"}}'),
        ("T1,T2", '{columns: {trust: {from: "T{item}", options: {1: speed, 2: tone}}}}'),
        ("T1,tone", '{columns: {trust: {from: "T{item}", options: {1: speed, 9: tone}}, trust_tone: tone}}'),
    ],
)
def test_the_items_of_a_grid_stand_where_its_pattern_puts_them(tmp_path, header, rules):
    facts = survey(tmp_path, TRUST, f"respondent,{header}\n1,5,1\n2,,6\n", rules)
    assert facts["trust_speed"] == [5.0, None]
    assert facts["trust_tone"] == [1.0, None]
    assert facts.refused == {"bad-number": (0, 1)}


def test_the_answers_of_a_grid_are_mapped_for_all_items_at_once(tmp_path):
    rules = '{columns: {trust: {from: "T{item}", options: {1: speed, 2: tone}, codes: {Bad: 1, Good: 5}}}}'
    facts = survey(tmp_path, TRUST, "respondent,T1,T2\n1,Good,Bad\n", rules)
    assert (facts["trust_speed"], facts["trust_tone"]) == ([5.0], [1.0])


def test_an_item_that_a_file_lacks_is_noted_and_a_grid_of_which_it_has_nothing_stops_the_wave(tmp_path):
    facts = survey(tmp_path, TRUST, "respondent,T_speed\n1,5\n", '{columns: {trust: "T_{item}"}}')
    assert facts["trust_tone:state"] == ["not_in_wave"]
    assert facts.ledger.notes == ['s0.csv: no column for "trust_tone"']
    left = '{columns: {trust: {from: "T{item}", options: {1: speed}}}}'
    assert survey(tmp_path, TRUST, "respondent,T1,T2\n1,5,4\n", left)["trust_tone:state"] == ["not_in_wave"]
    (problem,) = fatal(tmp_path, TRUST, "respondent,speed\n1,5\n", '{columns: {trust: "T_{item}"}}')
    assert (problem.code, "T_{item}" in problem.message) == ("column-missing", True)


def test_a_grid_in_a_loop_takes_the_items_and_the_loops_names(tmp_path):
    questions = "  - {id: used, kind: multiple, label: Used, options: channels}\n"
    questions += TRUST.replace("id: trust", "id: trust, per: {channel: used}")
    data = "respondent,U1,U2,T1_1,T1_2,T2_1\n1,1,1,5,4,3\n"
    rules = (
        '{columns: {used: {from: "U{option}", options: {1: phone, 2: email}},'
        ' trust: {from: "T{item}_{channel}", options: {1: speed, 2: tone}}}}'
    )
    facts = survey(tmp_path, questions, data, rules, header="channels: [phone, email]\n")
    assert facts.contacts("channel", "trust_speed", "trust_tone") == [("email", 4.0, None), ("phone", 5.0, 3.0)]


# -- categories


def test_a_category_is_any_code_as_it_stands_or_as_the_import_maps_it(tmp_path):
    question = "  - {id: place, kind: category, label: Place, dont_know: {code: 99}}\n"
    data = "respondent,place\n1, Nantes \n2,4.0\n3,99\n4,\n5,NTE\n"
    facts = survey(tmp_path, question, data, "{columns: {place: {from: place, codes: {NTE: Nantes}}}}")
    assert facts["place"] == ["Nantes", "4", None, None, "Nantes"]
    assert facts["place:state"] == ["answered", "answered", "dont_know", "skipped", "answered"]
    assert not facts.refused


# -- rankings

RANKED = {
    "the place in a column per option": ("order.a,order.b,order.c", ["2,1,3", ",1,", "2,1,"], "{}"),
    "the file's own numbers": (
        "O7,O8,O9",
        ["2,1,3", ",1.0,", "2,1,"],
        '{columns: {order: {from: "O{option}", options: {7: a, 8: b, 9: c}}}}',
    ),
    "zero where nothing is ranked": (
        "O_a,O_b,O_c",
        ["2,1,3", "0,1,0", "2,1,0"],
        '{columns: {order: {from: "O_{option}", ignore: 0}}}',
    ),
    "codes in order": ("R1,R2,R3", ["b,a,c", "b,,", "b,a,"], "{columns: {order: [R1, R2, R3]}}"),
    "labels in order": (
        "R1,R2,R3",
        ["Bbb,AAA,Ccc", "bbb,,", "Bbb,aaa,"],
        "{columns: {order: {from: [R1, R2, R3], labels: true}}}",
    ),
    "one delimited cell": (
        "R",
        ["2>1>3", "2", " 2 > 1 >"],
        '{columns: {order: {from: R, delimiter: ">", codes: {1: a, 2: b, 3: c}}}}',
    ),
}


@pytest.mark.parametrize("layout", RANKED)
def test_every_layout_of_a_ranking_gives_the_same_places(tmp_path, layout):
    header, rows, rules = RANKED[layout]
    empty = "," * header.count(",")
    data = f"respondent,{header}\n" + "".join(f"{i},{row}\n" for i, row in enumerate([*rows, empty]))
    facts = survey(tmp_path, ORDER, data, rules)
    assert [facts[f"order.{o}"] for o in "abc"] == [[2, 4, 2, None], [1, 1, 1, None], [3, 4, 4, None]]
    assert facts["order:state"] == ["answered", "answered", "answered", "skipped"]
    assert not facts.refused


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ("1,1,2", "contradiction", '"a 1; b 1; c 2" is no order'),
        ("1,,3", "contradiction", '"a 1; c 3" is no order'),
        ("2,2,1", "contradiction", '"a 2; b 2; c 1" is no order'),
        (",2,", "contradiction", '"b 2" is no order'),
        ("1,4,2", "bad-number", '"4" is not a place from 1 to 3'),
        ("1,1.5,2", "bad-number", '"1.5" is not a place from 1 to 3'),
        ("1,0,", "bad-number", '"0" is not a place from 1 to 3'),
        ("1,first,", "bad-number", '"first" is not a place from 1 to 3'),
        ("1,99,", "contradiction", '"a 1" is no order'),
    ],
)
def test_an_order_that_cannot_be_is_refused(tmp_path, row, code, said):
    question = ORDER.replace("}}", "}, dont_know: {code: 99}}")
    facts = survey(tmp_path, question, f"respondent,order.a,order.b,order.c\n1,{row}\n2,99,,\n3,3,2,1\n")
    assert facts["order:state"] == ["skipped", "dont_know", "answered"]
    assert facts["order.a"] == [None, None, 3]
    assert facts.refused == {code: (0, 1)}
    assert facts.places[0].endswith(said)


PLACES = st.lists(st.lists(st.sampled_from(["", "1", "2", "3", "4"]), min_size=4, max_size=4), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=PLACES)
def test_places_are_an_order_or_are_refused(tmp_path_factory, rows):
    question = ORDER.replace("c: Ccc", "c: Ccc, d: Ddd").replace("}}", "}, places: 3}")
    cells = [*rows, *[["1", "2", "3", ""]] * 10]  # enough that nothing is mostly wrong
    data = "respondent,order.a,order.b,order.c,order.d\n"
    data += "".join(f"{i:03},{','.join(row)}\n" for i, row in enumerate(cells))
    facts = survey(tmp_path_factory.mktemp("s"), question, data)
    for i, row in enumerate(cells):
        given = [int(cell) for cell in row if cell]
        sound = bool(given) and sorted(given) == list(range(1, len(given) + 1)) and len(given) <= 3
        assert facts["order:state"][i] == ("answered" if sound else "skipped")
        places = [facts[f"order.{o}"][i] for o in "abcd"]
        assert places == ([int(cell or 5) for cell in row] if sound else [None] * 4)


@pytest.mark.parametrize(
    ("row", "code"), [("a,a,", "contradiction"), (",a,", "contradiction"), ("a,,b", "bad-number"),
                      ("a,x,", "unknown-code"), ("a,b,c", "bad-number"), ("99,a,", "contradiction")]
)  # fmt: skip
def test_options_in_an_order_that_cannot_be_are_refused(tmp_path, row, code):
    question = ORDER.replace("}}", "}, places: 2, dont_know: {code: 99}}")
    facts = survey(tmp_path, question, f"respondent,R1,R2,R3\n1,{row}\n2,b,a,\n", "{columns: {order: [R1, R2, R3]}}")
    assert facts["order:state"] == ["skipped", "answered"]
    assert facts["order.c"] == [None, 4]
    assert facts.refused == {code: (0, 1)}


def test_an_option_that_was_not_offered_has_no_place(tmp_path):
    rules = '{columns: {order: {from: "O{option}", options: {1: a, 2: b}}}}'
    facts = survey(tmp_path, ORDER, "respondent,O1,O2\n1,2,1\n", rules)
    assert (facts["order.a"], facts["order.c"]) == ([2], [None])
    assert facts.ledger.notes == ['s0.csv: "order" was not asked about "c"']


def test_places_route(tmp_path):
    why = "  - {id: why, kind: numeric, label: Why, ask_if: order.a == 1}\n"
    facts = survey(tmp_path, ORDER + why, "respondent,order.a,order.b,order.c,why\n1,1,2,,5\n2,2,1,,5\n3,,,,\n")
    assert facts["why:state"] == ["answered", "not_asked", "not_asked"]


def test_a_ranking_says_where_its_places_are(tmp_path):
    (problem,) = problems(tmp_path, ORDER, "{columns: {order: R}}")
    assert (problem.code, "delimiter" in problem.hint) == ("wrong-value", True)


# -- brands named


def named(folder, cells, question=NAMED, rules="{}", columns="named"):
    write(folder, {"brands.csv": BRANDS})
    data = f"respondent,{columns}\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))
    return survey(folder, question, data, rules, header="brands: brands.csv\n")


def test_words_are_folded_into_the_list_of_brands(tmp_path):
    facts = named(
        tmp_path, ["Ondine", "ONDINE ENERGIE", "ondinne", "zephyr voyages et Lumeo", "Grobulax", "aucune", ""]
    )
    assert facts["named.ondine"] == [True, True, True, False, False, False, None]
    assert facts["named.lumeo"] == [False, False, False, True, False, False, None]
    assert facts["named.zephyr"] == [False, False, False, True, False, False, None]
    assert facts["named.unlisted"] == [False, False, False, False, True, False, None]
    assert facts["named:state"] == ["answered"] * 6 + ["skipped"]
    assert not facts.refused


def test_a_brand_that_does_not_stand_at_the_wave_cannot_be_named(tmp_path):
    facts = named(tmp_path, ["Perenna", "Lumeo"])
    assert facts["named.perenna"] == [None, None]
    assert facts["named.unlisted"] == [True, False]


@pytest.mark.parametrize(
    "word",
    ["aucune", "Aucun", "rien", "None", "no", "-", "je ne sais pas", "NSP", "Don’t know", "Je n'en connais aucune",
     "je ne sais plus très bien", "aucune idée", "I don't remember any"],
)  # fmt: skip
def test_nobody_and_no_idea_are_no_unlisted_brand(tmp_path, word):
    with_none = NAMED.replace("label: Named", "label: Named, none: None of them")
    plain, none = named(tmp_path / "a", [word]), named(tmp_path / "b", [word], with_none)
    assert (plain["named.unlisted"], plain["named:state"]) == ([False], ["answered"])
    assert (none["named.unlisted"], none["named.none"]) == ([False], [True])
    assert plain.texts("text") == none.texts("text") == []


def test_no_idea_is_do_not_know_where_the_question_has_it(tmp_path):
    facts = named(tmp_path, ["ne sait pas", "dk", "aucune", "99", "Lumeo"], NAMED.replace(
        "label: Named", "label: Named, none: None, dont_know: {code: 99}"))  # fmt: skip
    assert facts["named:state"] == ["dont_know", "dont_know", "answered", "dont_know", "answered"]
    assert facts["named.none"] == [None, None, True, None, False]


def test_several_columns_or_a_delimiter_hold_several_brands_and_none_gives_way_to_a_brand(tmp_path):
    question = NAMED.replace("label: Named", "label: Named, none: None")
    rules = "{columns: {named: [B1, B2]}}"
    columns = named(tmp_path / "a", ["Lumeo,Ondine", "Lumeo,aucune", "Bidule,Grobulax", ","], question, rules, "B1,B2")
    assert columns["named.ondine"] == [True, False, False, None]
    assert columns["named.lumeo"] == [True, True, False, None]
    assert columns["named.none"] == [False, False, False, None]
    assert columns.texts("origin", "text") == [("2", "Bidule; Grobulax")]
    rules = '{columns: {named: {from: B, delimiter: "/"}}}'
    cells = named(tmp_path / "b", ["Lumeo/Grobulax/Truc Muche"], question, rules, "B")
    assert (cells["named.lumeo"], cells["named.unlisted"]) == ([True], [True])
    assert cells.texts("question", "text") == [("named", "Grobulax; Truc Muche")]


def test_an_import_says_what_words_mean_before_names_are_looked_for(tmp_path):
    rules = "{columns: {named: {from: named, codes: {L'Ondée: ondine, La Lumière: lumeo}}}}"
    facts = named(tmp_path, ["l'ondée", "LA  LUMIÈRE", "Ondine"], rules=rules)
    assert (facts["named.ondine"], facts["named.lumeo"]) == ([True, False, True], [False, True, False])
    write(tmp_path, {"brands.csv": BRANDS})
    (problem,) = problems(tmp_path, NAMED, rules.replace("lumeo", "lumo"), "brands: brands.csv\n")
    assert (problem.code, "lumeo" in problem.hint) == ("unknown-name", True)


def test_the_words_of_unlisted_brands_are_kept_redacted(tmp_path):
    facts = named(tmp_path, ["Grobulax", "écrire à jean.martin@example.org", "Ondine"])
    texts = dict(facts.texts("origin", "text"))
    assert texts["0"] == "Grobulax"
    assert "example.org" not in texts["1"]
    assert sorted(texts) == ["0", "1"]
    assert set(facts.texts("source", "question", "value")) == {("survey", "named", "")}


# -- words beside an option

OTHER = "  - {id: why, kind: single, label: Why, options: {price: Price, other: Other}, specify: other}\n"
OTHERS = "  - {id: why, kind: multiple, label: Why, options: {price: P, o1: O, o2: O}, specify: [o1, o2]}\n"


@pytest.mark.parametrize(
    ("columns", "rules"),
    [("why,why.other.text", "{}"), ("Q,T", "{columns: {why: Q}, specify: {why: T}}"),
     ("Q,T_other", '{columns: {why: Q}, specify: {why: "T_{option}"}}'),
     ("Q,T_9", '{columns: {why: Q}, specify: {why: {from: "T_{option}", options: {9: other}}}}')],
)  # fmt: skip
def test_words_stand_beside_their_option_and_are_no_part_of_another(tmp_path, columns, rules):
    data = f"respondent,{columns}\n1,other, le bruit \n2,price,\n3,other,\n4,price,trop cher\n5,,oups\n6,other,  \n"
    facts = survey(tmp_path, OTHER, data, rules)
    assert facts.texts("origin", "question", "value", "text") == [("1", "why.other", "", "le bruit")]
    assert facts["why"] == ["other", "price", "other", "price", None, "other"]
    assert facts.refused == {"contradiction": (0, 2)}
    assert not [p for p in facts.places if "cher" in p or "oups" in p]


def test_several_options_of_a_multiple_question_have_words_of_their_own(tmp_path):
    data = "respondent,w.price,w.o1,w.o2,T1,T2\n1,0,1,1,le bruit,la file\n2,1,0,1,le bruit,\n"
    rules = '{columns: {why: "w.{option}"}, specify: {why: {from: "T{option}", options: {1: o1, 2: o2}}}}'
    facts = survey(tmp_path, OTHERS, data, rules)
    assert facts.texts("origin", "question", "text") == [("1", "why.o1", "le bruit"), ("1", "why.o2", "la file")]
    assert facts["why.o1"] == [True, False]
    assert facts.refused == {"contradiction": (0, 1)}
    (problem,) = problems(tmp_path, OTHERS, '{columns: {why: "w.{option}"}, specify: {why: T}}')
    assert (problem.code, "{option}" in problem.message) == ("wrong-value", True)


def test_a_column_of_words_that_the_import_names_must_be_there(tmp_path):
    (problem,) = fatal(tmp_path, OTHER, "respondent,why,texte\n1,other,x\n", "{specify: {why: text}}")
    assert (problem.code, '"texte"' in problem.hint) == ("column-missing", True)


def test_words_in_a_loop_belong_to_their_evaluation(tmp_path):
    questions = "  - {id: used, kind: multiple, label: Used, options: channels}\n"
    questions += OTHER.replace("id: why", "id: why, per: {channel: used}")
    data = "respondent,used.phone,used.email,why.phone,why.email,why.phone.other.text\n1,1,1,other,price,la musique\n"
    facts = survey(tmp_path, questions, data, header="channels: [phone, email]\n")
    assert facts.texts("question", "value", "text") == [("why.other", "phone", "la musique")]


# -- open questions

STORY = "  - {id: story, kind: open, label: Story, ask_if: sex == f, dont_know: {code: 99}}\n"


def test_texts_are_redacted_and_nowhere_kept_as_they_came(tmp_path):
    data = (
        "respondent,sex,story\n1,f,Rappelez-moi au 06 12 34 56 78 merci\n2,m,secret de polichinelle\n3,f,99\n4,f,\n"
        "5,f,The answer was slow and useless\n"
    )
    facts = survey(tmp_path, SEX + STORY, data)
    rows = facts.texts("source", "origin", "question", "value", "language")
    assert rows == [("survey", "1", "story", "", "fr"), ("survey", "5", "story", "", "en")]
    assert "06 12" not in facts.texts("text")[0][0]
    assert facts["story:state"] == ["answered", "not_asked", "dont_know", "skipped", "answered"]
    assert "story" not in facts.tables["respondents"].column_names
    assert not [p for p in facts.places if "polichinelle" in p]


def test_texts_of_a_loop_keep_the_value_that_they_are_about(tmp_path):
    questions = "  - {id: used, kind: multiple, label: Used, options: channels}\n"
    questions += "  - {id: story, kind: open, label: Story, per: {channel: used}}\n"
    data = "respondent,used.phone,used.email,story.phone,story.email\nb,1,1,lent,rapide\na,0,1,oups,clair\n"
    facts = survey(tmp_path, questions, data, header="channels: [phone, email]\n")
    assert facts.texts("value", "origin", "text") == [
        ("email", "a", "clair"), ("email", "b", "rapide"), ("phone", "b", "lent"),
    ]  # fmt: skip
    assert "story" not in facts.tables["contacts"].column_names


def test_a_survey_without_a_text_has_no_verbatims(tmp_path):
    facts = survey(tmp_path, SEX + STORY, "respondent,sex,story\n1,m,\n2,f,99\n")
    assert sorted(facts.tables) == ["respondents"]


def test_files_of_one_survey_may_hold_words_or_not(tmp_path):
    write(tmp_path, {"brands.csv": BRANDS})
    files = ["respondent,why,named\n2,other,Truc\n", "respondent,why,why.other.text\n1,other,le bruit\n3,price,\n"]
    facts = survey(tmp_path, OTHER + NAMED, files, header="brands: brands.csv\n")
    assert facts.texts("origin", "question", "text") == [("2", "named", "Truc"), ("1", "why.other", "le bruit")]
    assert facts["named.unlisted"] == [None, True, None]
