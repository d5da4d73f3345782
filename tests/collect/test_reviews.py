"""A file of reviews becomes reviews by brand and their texts; what is refused is counted and listed."""

from __future__ import annotations

import datetime as dt

import pytest

from intake import facts, fatal, sheet

HEAD = ("review", "brand", "stars", "text", "author", "published_on")
DAY = "2024-05-06"


def reviews(folder, *rows, head=HEAD, **named):
    return facts(folder, "reviews", sheet(head, *rows), **named)


def one(folder, column, *values, head=HEAD, **named):
    """A column of the reviews in rows that hold these values in one more column."""
    rows = [(i, "o", 3, f"t{i}", "", DAY, v) for i, v in enumerate(values)]
    return reviews(folder, *rows, head=(*head, column), **named)


def test_a_review_goes_by_its_brands_id_name_or_alias(tmp_path):
    found = reviews(tmp_path, (1, "o", 5, "", "", DAY), (2, "ondine", 4, "", "", DAY), (3, "ODN", 3, "", "", DAY))
    assert found.rows("reviews", "review", "brand", "sector", "stars", "part") == [
        ("1", "o", "energy", 5, 1), ("2", "o", "energy", 4, 1), ("3", "o", "energy", 3, 1),
    ]  # fmt: skip
    assert found.read == 3


def test_a_review_of_several_brands_is_shared_out(tmp_path):
    rules = (
        "{review: review, brand: {from: brand, delimiter: ';'}, stars: stars, text: text, published_on: published_on}"
    )
    rows = ((1, "c; Ondine;", 5, "both", "", DAY), (2, "o;o", 1, "", "", DAY), (3, "o;zz", 1, "", "", DAY))
    found = reviews(tmp_path, *rows, rules=rules)
    assert found.rows("reviews", "review", "brand", "part") == [("1", "c", 0.5), ("1", "o", 0.5), ("2", "o", 1)]
    assert found.rows("verbatims", "origin", "text") == [("1", "both")]
    assert found.refused == {"unknown-brand": (1, 0)}


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        ("5", 5), ("4.0", 4), ("5/5", 5), ("3 / 5", 3), ("4 étoiles", 4), ("1 star", 1), ("★★★★", 4), ("★★☆☆☆", 2),
        ("2 sur 5", 2), ("4,5", None), ("6", None), ("0", None), ("8/10", None), ("great", None), ("★x", None),
    ],
)  # fmt: skip
def test_stars_are_whole_and_within_the_range(tmp_path, cell, stars):
    found = reviews(tmp_path, (1, "o", cell, "words", "", DAY))
    assert found.rows("reviews", "stars", "stars:state") == [(stars, "answered" if stars else "skipped")]
    assert found.refused == ({} if stars else {"bad-number": (0, 1)})


def test_another_number_of_stars_is_the_studys_business(tmp_path):
    found = reviews(tmp_path, (1, "o", "8/10", "", "", DAY), section="reviews: {stars: 10}")
    assert found.column("reviews", "stars") == [8]


def test_rows_that_cannot_stand_are_refused_with_row_and_reason(tmp_path):
    rows = (
        ("", "o", 5, "", "", DAY), (2, "Ondinne", 5, "", "", DAY), (3, "old", 5, "", "", DAY), (4, "", 5, "", "", DAY),
        (5, "o", "", "", "", DAY), (6, "o", 5, "", "", ""), (7, "o", 5, "", "", "2024-02-30"),
        (8, "o", 5, "", "", "2023-12-31"), (9, "o", 5, "", "", DAY), (9, "c", 1, "", "", DAY),
    )  # fmt: skip
    found = reviews(tmp_path, *rows)
    assert found.rows("reviews", "review", "brand") == [("9", "o")]
    assert found.refused == {
        "missing-id": (1, 0), "unknown-brand": (3, 0), "no_answer": (1, 0), "bad-date": (2, 1), "outside_wave": (1, 0),
        "duplicate-id": (1, 0),
    }  # fmt: skip
    assert 'f0.csv, row 3: "Ondinne" is not a brand of this wave' in found.places
    assert 'f0.csv, row 11: "9" already stands in an earlier row' in found.places
    assert "f0.csv: 1 rows" in found.places


def test_a_wave_without_dates_takes_every_review(tmp_path):
    found = reviews(tmp_path, (1, "o", 5, "", "", "2019-01-01"), (2, "o", 5, "", "", ""), field="")
    assert found.column("reviews", "published") == [dt.date(2019, 1, 1), None]
    assert not found.refused


def test_the_same_words_of_one_author_on_one_day_are_one_review(tmp_path):
    rows = (
        (1, "o", 5, "good", "ann", DAY), (2, "o", 4, "good", "ann", DAY), (3, "o", 5, "good", "bob", DAY),
        (4, "o", 5, "good", "", DAY), (5, "o", 5, "good", "", DAY), (6, "c", 5, "good", "ann", DAY),
        (7, "o", 5, "good", "ann", "2024-05-07"),
    )  # fmt: skip
    found = reviews(tmp_path, *rows)
    assert found.column("reviews", "review") == ["1", "3", "4", "5", "6", "7"]
    assert found.refused == {"duplicate-id": (1, 0)}


def test_authors_are_numbers_and_the_unknown_ones_stand_alone(tmp_path):
    rows = [(i, "o", 5, f"t{i}", a, DAY) for i, a in enumerate(["Zoé Martin", "Ann", "Zoé Martin", "", ""])]
    found = reviews(tmp_path, *rows)
    authors = found.column("reviews", "author")
    assert all(a.isdigit() for a in authors)
    assert authors[0] == authors[2]
    assert len(set(authors)) == 4
    assert "Martin" not in str(found.tables["reviews"].to_pydict())
    again = reviews(tmp_path / "again", *reversed(rows))
    assert again.column("reviews", "author")[:3] == authors[:3]


def test_moderation_leaves_only_what_was_published(tmp_path):
    rules = (
        "{review: review, brand: brand, stars: stars, published_on: published_on, "
        "moderation: {from: m, codes: {OK: published, KO: refused, '?': pending}}}"
    )
    rows = [(i, "o", 5, "", "", DAY, m) for i, m in enumerate(["OK", "ko", "?", "", "refused", "maybe"])]
    found = reviews(tmp_path, *rows, head=(*HEAD, "m"), rules=rules)
    assert found.column("reviews", "review") == ["0", "3"]
    assert found.refused == {"moderation": (3, 0), "unknown-code": (1, 0)}


def test_yes_and_no_are_said_in_several_ways(tmp_path):
    found = one(tmp_path, "verified", "oui", "No", "1", "false", "", "Y", "perhaps")
    assert found.column("reviews", "verified") == ["yes", "no", "yes", "no", None, "yes", None]
    assert found.column("reviews", "verified:state")[4] == "skipped"
    assert found.refused == {"unknown-code": (0, 1)}


def test_words_of_yes_and_no_may_be_mapped(tmp_path):
    codes = "solicited: {from: s, codes: {Invité: yes, Spontané: no}}"
    rules = f"{{brand: brand, stars: stars, published_on: published_on, {codes}}}"
    assert one(tmp_path, "s", "Invité", "spontané", rules=rules).column("reviews", "solicited") == ["yes", "no"]


def test_a_reply_says_yes_and_its_words_are_not_kept(tmp_path):
    found = one(tmp_path, "replied", "Dear Ann, we are sorry", "", "Thank you")
    assert found.column("reviews", "replied") == ["yes", "no", "yes"]
    assert "sorry" not in str(found.tables["reviews"].to_pydict())


def test_an_empty_cell_beside_yes_and_no_is_unknown(tmp_path):
    assert one(tmp_path, "replied", "yes", "", "no").column("reviews", "replied") == ["yes", None, "no"]


def test_a_dated_reply_is_a_reply_that_does_not_come_first(tmp_path):
    found = one(tmp_path, "replied_at", "2024-05-07T10:00:00", "2024-05-06", "", "2024-05-05")
    assert found.column("reviews", "replied") == ["yes", "yes", "no", "no"]
    assert found.column("reviews", "replied_at")[0] == dt.datetime.fromisoformat("2024-05-07T10:00")
    assert found.refused == {"contradiction": (0, 1)}


def test_a_reply_dated_on_the_day_of_publication_takes_no_negative_time(tmp_path):
    found = reviews(tmp_path, (1, "o", 5, "", "", "2024-05-06T18:00", "2024-05-06"), head=(*HEAD, "replied_at"))
    assert found.column("reviews", "replied_at") == found.column("reviews", "published_on")


def test_an_experience_after_the_publication_is_a_contradiction(tmp_path):
    found = one(tmp_path, "experience_on", "2024-05-06", "2024-05-07")
    assert found.column("reviews", "experienced") == [dt.date(2024, 5, 6), None]
    assert found.places == ['f0.csv, row 3, column "experience_on": "2024-05-07" is after the publication']


def test_relative_dates_count_from_the_day_of_collection(tmp_path):
    rows = (
        (1, "o", 5, "", "", "il y a 3 jours", "2024-05-06"), (2, "o", 5, "", "", "a month ago", "2024-05-06"),
        (3, "o", 5, "", "", "2024-05-01", ""), (4, "o", 5, "", "", "hier", ""),
    )  # fmt: skip
    found = reviews(tmp_path, *rows, head=(*HEAD, "collected_on"))
    assert found.column("reviews", "published") == [dt.date(2024, 5, 3), dt.date(2024, 4, 6), dt.date(2024, 5, 1)]
    assert found.refused == {"bad-date": (1, 1)}
    assert any("collected_on" in said for said in found.places)


def test_dates_whose_order_nobody_knows_stop_the_run(tmp_path):
    problems = fatal(tmp_path, "reviews", sheet(HEAD, (1, "o", 5, "", "", "05/06/2024")))
    assert "ambiguous-date" in {p.code for p in problems}
    rules = "{review: review, brand: brand, stars: stars, published_on: {from: published_on, order: dmy}}"
    found = reviews(tmp_path / "said", (1, "o", 5, "", "", "05/06/2024"), rules=rules)
    assert found.column("reviews", "published") == [dt.date(2024, 6, 5)]


def test_the_title_stands_before_the_text_unless_it_only_repeats_it(tmp_path):
    head = ("brand", "title", "text", "published_on")
    rows = (
        ("o", "Slow", "Three weeks.", DAY), ("o", "Slow!", "Three weeks.", DAY), ("o", "Three w…", "Three weeks.", DAY),
        ("o", "Slow", "", DAY), ("o", "", "Three weeks.", DAY),
    )  # fmt: skip
    found = reviews(tmp_path, *rows, head=head)
    assert found.column("verbatims", "text") == [
        "Slow. Three weeks.", "Slow! Three weeks.", "Three weeks.", "Slow", "Three weeks.",
    ]  # fmt: skip


def test_texts_are_redacted_and_brands_are_not(tmp_path):
    found = reviews(tmp_path, (1, "o", 1, "Ondine lost it, write to ann.lee@example.org", "", DAY))
    (text,) = found.column("verbatims", "text")
    assert "example.org" not in text
    assert "Ondine" in text
    assert found.rows("verbatims", "source", "origin", "question", "value") == [("reviews", "1", "text", "")]


def test_rows_number_the_reviews_of_a_file_without_ids(tmp_path):
    data = sheet(("brand", "stars", "published_on"), ("o", 5, DAY), ("c", 4, DAY))
    assert facts(tmp_path / "one", "reviews", data).column("reviews", "review") == ["2", "3"]
    assert facts(tmp_path / "two", "reviews", data, data).column("reviews", "review") == ["1-2", "1-3", "2-2", "2-3"]


OWN = (
    "reviews: {questions: [{id: product, kind: category, label: P}, {id: trust, kind: grid, label: T, "
    "items: {speed: S, care: C}, scale: {from: 1, to: 5, low: l, high: h}}, "
    "{id: why, kind: open, label: W, ask_if: stars <= 2}, "
    "{id: liked, kind: multiple, label: L, options: {price: P, staff: S}}]}"
)


def test_the_studys_own_questions_are_read_and_routed(tmp_path):
    rules = (
        "{review: review, brand: brand, stars: stars, published_on: published_on, columns: {product: p, why: w, "
        "trust: {from: 'T {item}', options: {SPD: speed, CAR: care}}, liked: {from: l, delimiter: '|'}}}"
    )
    head = (*HEAD, "p", "w", "T SPD", "T CAR", "l")
    rows = (
        (1, "o", 5, "", "", DAY, "auto", "no reason", 4, 9, "price"),
        (2, "o", 1, "", "", DAY, "", "too slow", "", 2, "price|staff"),
    )
    found = reviews(tmp_path, *rows, head=head, rules=rules, section=OWN)
    assert found.rows("reviews", "product", "product:state") == [("auto", "answered"), (None, "skipped")]
    assert found.rows("reviews", "trust_speed", "trust_care") == [(4, None), (None, 2)]
    assert found.column("reviews", "why:state") == ["not_asked", "answered"]
    assert found.rows("reviews", "liked.price", "liked.staff") == [(True, False), (True, True)]
    assert found.rows("verbatims", "question", "origin", "text") == [("why", "2", "too slow")]
    assert found.refused == {"bad-number": (0, 1), "contradiction": (0, 1)}


def test_own_questions_that_no_file_has_are_not_in_the_wave(tmp_path):
    found = reviews(tmp_path, (1, "o", 5, "", "", DAY), section=OWN)
    assert found.column("reviews", "product:state") == ["not_in_wave"]
    assert 'f0.csv: no column for "product"' in found.ledger.notes


def test_a_review_of_nothing_but_own_answers_counts(tmp_path):
    rules = "{brand: brand, columns: {product: p}, published_on: published_on}"
    rows = (("o", DAY, "auto"), ("o", DAY, ""))
    found = reviews(tmp_path, *rows, head=("brand", "published_on", "p"), rules=rules, section=OWN)
    assert found.column("reviews", "product") == ["auto"]
    assert found.refused == {"no_answer": (1, 0)}


def test_a_file_of_unknown_brands_is_a_wrong_import(tmp_path):
    rows = [(i, "Ondinne", 5, "", "", DAY) for i in range(12)]
    (problem, *_) = fatal(tmp_path, "reviews", sheet(HEAD, *rows))
    assert (problem.code, problem.file) == ("unknown-brand", "f0.csv")
    assert "12 of 12" in problem.message
    assert problem.hint


def test_a_file_whose_ids_repeat_is_a_wrong_import(tmp_path):
    rows = [("7", "o", 5, f"t{i}", "", DAY) for i in range(20)]
    (problem,) = fatal(tmp_path, "reviews", sheet(HEAD, *rows))
    assert problem.code == "duplicate-id"
    assert problem.hint


@pytest.mark.parametrize("rows", [[], [(1, "zz", 5, "", "", DAY)]])
def test_a_file_without_reviews_is_told(tmp_path, rows):
    (problem,) = fatal(tmp_path, "reviews", sheet(HEAD, *rows))
    assert (problem.code, problem.file) == ("no-rows", "f0.csv")
    assert problem.hint


def test_a_file_without_the_brand_is_told_with_the_nearest_name(tmp_path):
    (problem,) = fatal(tmp_path, "reviews", sheet(("brnd", "stars"), ("o", 5)))
    assert problem.code == "column-missing"
    assert 'Did you mean "brnd"' in problem.hint
