"""Words, numbers and dates in both languages; catalogues complete, placeholders intact."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from vigie import language
from vigie.errors import CODES
from vigie.language import REASONS, reason, speak

fr, en = speak("fr"), speak("en")
SOURCES = Path(language.__file__).parent
N, H = "\u202f", "\u00a0"


def catalogue(code: str):
    with (language.LOCALE / code / "LC_MESSAGES" / "vigie.po").open("rb") as file:
        return read_po(file, locale=code)


def messages() -> dict[str, tuple[str, ...]]:
    """Every message of the sources, by its msgid; a plural has two forms."""
    found = {}
    for _, _, message, _, _ in extract_from_dir(SOURCES, method_map=[("**.py", "python")]):
        forms = message if isinstance(message, tuple) else (message,)
        found[forms[0]] = forms
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_message_has_a_french_translation():
    known = catalogue("fr")
    missing = []
    for msgid in messages():
        entry = known.get(msgid)
        forms = () if entry is None else entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if not forms or not all(forms) or entry.fuzzy:
            missing.append(msgid)
    assert not missing


def test_the_english_catalogue_lists_every_message():
    known = catalogue("en")
    assert not [msgid for msgid in messages() if known.get(msgid) is None]


def test_no_translation_is_left_over_from_a_message_that_is_gone():
    there = messages()
    for code in language.LANGUAGES:
        ids = (m.id if isinstance(m.id, str) else m.id[0] for m in catalogue(code) if m.id)
        assert not [msgid for msgid in ids if msgid not in there]


def test_translations_keep_the_placeholders():
    known = catalogue("fr")
    for forms in messages().values():
        translated = known[forms[0]].string
        translated = translated if isinstance(translated, tuple) else (translated,)
        for i, text in enumerate(translated):
            assert placeholders(text) == placeholders(forms[min(i, len(forms) - 1)]), forms[0]


def test_the_catalogues_compile_without_error():
    assert not [str(error) for code in language.LANGUAGES for _, errors in catalogue(code).check() for error in errors]


def test_a_missing_compiled_catalogue_is_read_from_its_source(monkeypatch, tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "vigie.po").write_bytes((language.LOCALE / "fr" / "LC_MESSAGES" / "vigie.po").read_bytes())
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    assert language.Words("fr").gettext("Channels") == "Canaux"


def test_importing_the_language_loads_no_heavy_part():
    code = "import sys, vigie.language; sys.exit(any(m.split('.')[0] in ('babel', 'numpy') for m in sys.modules))"
    env = {"PYTHONPATH": str(SOURCES.parent)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0


def test_every_reason_of_the_data_is_a_sentence_in_both_languages():
    codes = list(CODES)
    data = codes[codes.index("column-missing") : codes.index("no-rows") + 1]
    assert set(data) <= set(REASONS)
    for key in REASONS:
        assert reason(key, "fr") != reason(key, "en") != key


def test_an_unknown_reason_stays_as_it_is():
    assert reason("solar-flare", "fr") == "solar-flare"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "french", "english"),
    [
        (0.8, "share", 0, f"80{N}%", "80%"),
        (0.8049, "share", 1, f"80,5{N}%", "80.5%"),
        (-0.034, "nps", 0, "−3", "−3"),
        (0.12, "nps", 0, "+12", "+12"),
        (13.84, "score", 1, "13,8", "13.8"),
        (1234.5, "mean", 1, f"1{N}234,5", "1,234.5"),
        (-0.001, "mean", 1, "0,0", "0.0"),
    ],
)
def test_a_value_is_written_in_its_unit(value, unit, decimals, french, english):
    assert fr.value(value, unit, decimals) == french
    assert en.value(value, unit, decimals) == english


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (62.5, 0, "63"), (63.5, 0, "64"), (-2.5, 0, "\u22123"), (6.25, 1, "6.3"), (0.35, 1, "0.4"), (1.005, 2, "1.01"),
        (0.285 * 100, 0, "29"), (62.49999999999999, 0, "63"), (62.4999999999999, 0, "62"), (0.1 + 0.2 + 0.2, 0, "1"),
        (62.4999, 0, "62"), (1234567.5, 0, "1,234,568"), (1e20, 0, f"{10**20:,}"), (7, 0, "7"),
        (float("nan"), 1, "nan"),
    ],
)  # fmt: skip
def test_halves_are_rounded_up_as_in_spreadsheets(value, digits, written):
    assert speak("en").number(value, digits) == written


def test_a_share_that_is_nearly_nothing_or_nearly_all_is_told_as_such():
    words = speak("en")
    told = [words.value(share, "share") for share in (0.0049, 0.005, 0.625, 0.994, 0.995, 0.9951, 1.0)]
    assert told == ["<\u00a01%", "1%", "63%", "99%", ">\u00a099%", ">\u00a099%", "100%"]


def test_a_difference_is_never_rounded_down_to_nothing():
    assert fr.signed(0.004, "share") == "+0,4"
    assert fr.points(-0.07, "share") == f"7{H}points"
    assert fr.points(0.01, "share") == f"1{H}point"


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (0.0, 0, "0 points", "0 point"),
        (0.004, 0, "0.4 points", "0,4 point"),
        (0.01, 0, "1 point", "1 point"),
        (0.0143, 0, "1 point", "1 point"),
        (0.01, 1, "1.0 points", "1,0 point"),
        (0.012, 1, "1.2 points", "1,2 point"),
        (0.016, 1, "1.6 points", "1,6 point"),
        (0.0196, 1, "2.0 points", "2,0 points"),
        (0.0196, 2, "1.96 points", "1,96 point"),
        (-0.016, 0, "2 points", "2 points"),
        (0.07, 0, "7 points", "7 points"),
    ],
)
def test_points_are_plural_as_the_size_that_is_printed(value, decimals, english, french):
    assert en.points(value, "share", decimals) == english.replace(" ", H)
    assert fr.points(value, "nps" if decimals else "share", decimals) == french.replace(" ", H)


def test_small_groups_are_not_counted_aloud():
    assert [fr.people(n) for n in (0, 1, 4, 5, 1240)] == ["0", f"<{H}5", f"<{H}5", "5", f"1{N}240"]


def test_ranks():
    assert fr.rank(1, 1) == "1"
    assert fr.rank(1, 4) == "1–4"


def test_periods_do_not_repeat_what_their_ends_share():
    assert fr.period("2024-01-08", "2024-01-26") == "8–26 janvier 2024"
    assert en.period("2024-01-08", "2024-03-15") == "8 January – 15 March 2024"
    assert fr.period("2023-12-28", "2024-01-04") == "28 décembre 2023 – 4 janvier 2024"
    assert fr.period("2024-01-08", "2024-01-08") == "8 janvier 2024"
    assert fr.period("2024-03-01", "2024-03-31") == "1er–31 mars 2024"
    assert fr.period("2024-02-11", "2024-03-01") == "11 février – 1er mars 2024"
    assert fr.date("2024-03-01") == "1er mars 2024"
    assert en.period("2024-03-01", "2024-03-31") == "1–31 March 2024"
    assert fr.period("", "") == ""
    assert fr.period("spring", "") == "spring"


def test_lists_end_with_and():
    assert fr.listing(["a"]) == "a"
    assert fr.listing(["a", "b", "c"]) == "a, b et c"
    assert en.listing(list("abcdefgh"), most=3) == "a, b, c and 5 others"


def test_french_spaces_do_not_break_lines():
    assert fr.typeset("Vraiment ? « Oui » : 80 %") == f"Vraiment{N}? «{N}Oui{N}»{H}: 80{N}%"
    assert en.typeset("Really ?") == "Really ?"


def test_numbers_stay_with_their_words():
    assert fr.bind("notes 7 à 10 en 12 mois") == f"notes{H}7{H}à{H}10 en 12{H}mois"
    assert fr.bind("(notes 5 et plus)") == f"(notes{H}5{H}et{H}plus)"
    assert en.bind("marks 9 and 10") == f"marks{H}9{H}and{H}10"
    assert fr.bind("trois canaux") == "trois canaux"


def test_a_share_that_is_not_nothing_is_never_written_zero():
    assert fr.value(0.004, "share") == f"<{H}1{N}%"
    assert fr.value(0.0, "share") == f"0{N}%"
    assert fr.value(0.004, "share", 1) == f"0,4{N}%"
    assert en.value(0.0003, "share", 1) == f"<{H}0.1%"


def test_a_share_that_is_not_all_is_never_written_a_hundred():
    assert fr.value(0.997, "share") == f">{H}99{N}%"
    assert en.value(0.9996, "share", 1) == f">{H}99.9%"
    assert fr.value(1.0, "share") == f"100{N}%"
    assert fr.interval(0.996, 0.9991, "share") == f"99,6–99,9{N}%"
    assert fr.interval(0.5401, 0.5999, "share") == f"54–60{N}%"


@pytest.mark.parametrize(
    ("hours", "decimals", "said"),
    [
        (81 / 3600, 1, f"1{H}min{H}21{H}s"),
        (38.4 / 3600, 1, f"38{H}s"),
        (38.4 / 3600, 2, f"38.4{H}s"),
        (119.6 / 3600, 1, f"2{H}min"),
        (12.4 / 60, 1, f"12.4{H}min"),
        (12.43 / 60, 2, f"12.43{H}min"),
        (0.75, 1, f"45{H}min"),
        (6.5, 1, f"6.5{H}h"),
        (80.0, 1, f"3.3{H}d"),
        (0.0, 1, f"0{H}s"),
    ],
)
def test_a_short_time_keeps_its_seconds_and_its_digits(hours, decimals, said):
    assert en.value(hours, "hours", decimals) == said


def test_the_ends_of_a_time_differ_where_they_do():
    second = 1 / 3600
    assert en.interval(70 * second, 92 * second, "hours", 1) == f"1{H}min{H}10{H}s – 1{H}min{H}32{H}s"
    assert en.interval(80.8 * second, 81.3 * second, "hours", 1) == f"1{H}min{H}20.8{H}s – 1{H}min{H}21.3{H}s"
    assert en.interval(30 * second, 41 * second, "hours", 1) == f"30–41{H}s"
    assert en.interval(0.5, 0.75, "hours", 1) == f"30–45{H}min"
    assert en.interval(0.1, 1.7, "hours", 1) == f"6{H}min – 1.7{H}h"
    assert en.interval(0.0, 1.7, "hours", 1) == f"0.0–1.7{H}h"
    assert en.interval(1.01, 1.04, "hours", 1) == f"1.01–1.04{H}h"
    assert en.signed(-81 * second, "hours", 1) == f"−1{H}min{H}21{H}s"


def test_a_reason_depends_on_what_was_left_out():
    assert en.reason("contradiction") == "two answers exclude each other"
    assert "before the opening" in en.reason("contradiction", "log")
    for source in ("mystery", "reviews", "log"):
        assert "interview" not in en.reason("keep", source)
        assert "answers" not in en.reason("contradiction", source)
    for key, source in language.REASONS_OF:
        assert fr.reason(key, source) != en.reason(key, source)


def test_a_long_text_is_cut_at_a_word():
    assert language.shortened("Quel est votre âge ?", 40) == "Quel est votre âge ?"
    assert language.shortened("Quel est votre âge aujourd’hui ?", 20) == "Quel est votre âge…"
    assert language.shortened("x" * 50, 20) == "x" * 19 + "…"


def test_plurals():
    assert fr.ngettext("{n} brand", "{n} brands", 0) == "0 marque"
    assert en.ngettext("{n} brand", "{n} brands", 0) == "0 brands"


def test_a_language_without_catalogue_is_told_in_english():
    assert speak("de").gettext("Channels") == "Channels"
    assert speak("fr-CA").gettext("Channels") == "Canaux"


def test_braces_in_values_are_left_alone():
    assert en.gettext("“{text}”", text="{channel}") == "“{channel}”"
