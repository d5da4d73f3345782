"""What a report says of two waves: lines of breaks, notes beneath charts, declarations on the methodology sheet."""

from __future__ import annotations

import dataclasses
import re

import openpyxl
import pytest

from line import study_folder
from linked_waves import HAPPY, LESS, RUN, SAME, STUDY, TWO, linked, rows
from report import sample
from report.pages import read
from vigie import run
from vigie.report.compose import compose
from vigie.report.html import render
from vigie.results.figures import Rolling


def released(folder, listed: str, *, language: str = "en", same: str = "", **files: str):
    study = linked(folder, listed, same=same, reports=language, **files)
    return {p.wave: p.folder for p in run.run(study)}


def page(folder, language: str = "en"):
    return read((folder / f"report.{language}.html").read_text(encoding="utf-8"))


def plain(reader) -> str:
    return " ".join(reader.words.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("language", "told", "note"),
    [
        ("en", "Declared harmless: Only the politeness changed.", "a change of the instrument was declared harmless"),
        (
            "fr",
            "Déclaré sans effet : Only the politeness changed.",
            "un changement de l’instrument est déclaré sans effet",
        ),
    ],
)
def test_a_declaration_stands_beneath_the_chart_and_on_the_methodology_sheet(tmp_path, language, told, note):
    folder = released(
        tmp_path, TWO, language=language, same=SAME, a_csv=rows("a", 0.4), b_csv=rows("b", 0.7), one_yaml=HAPPY
    )["2"]
    words = plain(page(folder, language))
    assert told in words
    assert note in words
    book = openpyxl.load_workbook(folder / f"report.{language}.xlsx")
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    assert any(note in cell.replace("\u00a0", " ").replace("\u202f", " ") for cell in cells)


def test_a_parallel_run_is_named_with_its_reason_and_its_wave_has_no_arrow(tmp_path):
    found = released(tmp_path, RUN, a_csv=rows("a", 0.2), p_csv=rows("p", 0.6), b_csv=rows("b", 0.9))
    beside, after = page(found["1w"]), page(found["2"])
    assert not [a for tag, a in beside.elements if tag in ("i", "text") and "arrow" in (a.get("class") or "")]
    words = plain(after)
    assert "Wave 1w ran beside wave 1 with another instrument: Change of mode." in words
    assert "linked by a parallel run of both instruments, whose error is counted" in words
    assert [a for tag, a in after.elements if tag in ("i", "text") and "arrow" in (a.get("class") or "")]
    drawn = [a for tag, a in after.elements if tag == "line" and a.get("class") == "break"]
    assert drawn, "the two series are not on one level"


def test_a_list_that_grew_is_told_beneath_each_channel(tmp_path):
    first = rows("a", 0.5, channels=("phone", "email"))
    words = plain(page(released(tmp_path, TWO, a_csv=first, b_csv=rows("b", 0.5), one_yaml=LESS)["2"]))
    assert "the list of channels grew" in words
    assert "compared on the channels that both waves list" in words
    assert "“used” lists further channels: Chat." in words


def test_means_of_waves_are_drawn_dashed_and_bands_hold_the_whole_line(tmp_path):
    listed = "".join(f'  - {{id: "{w}", files: {{survey: {w}.csv}}}}\n' for w in "1234")
    files = {f"{w}_csv": rows(w, 0.5) for w in "1234"}
    found = page(released(tmp_path, listed, **files)["4"])
    assert [a for tag, a in found.elements if tag == "polyline" and a.get("class") == "curve rolling"]
    words = plain(found)
    assert "Dashed: the mean of the last 2 waves." in words
    assert "Bands hold a whole unbroken line at once" in words


def averaged(*sizes):
    """A study of two indicators with means of so many waves, and five waves that are alike."""
    both = "  - {id: glad, label: Glad people, share: glad == y, rolling: 2OWN}\n"
    listed = "".join(f"  - {{id: i{n}, label: Glad {n}, share: glad == y, rolling: {n}}}\n" for n in sizes)
    assert both in STUDY
    return STUDY.replace("SAME", "").replace("REPORTS", "en").replace(both, listed), "".join(
        f'  - {{id: "{w}", files: {{survey: {w}.csv}}}}\n' for w in "12345"
    )


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((3,), ["Dashed: the mean of the last 3 waves."]),
        ((2, 4), ["Dashed, Glad 2: the mean of the last 2 waves.", "Dashed, Glad 4: the mean of the last 4 waves."]),
        ((5,), []),  # one mean is no line
    ],
)
def test_each_dashed_line_is_told_with_its_own_number_of_waves(tmp_path, sizes, said):
    text, listed = averaged(*sizes)
    files = {f"{w}.csv": rows(w, 0.5) for w in "12345"} | {"study.yaml": text + listed}
    folder = {p.wave: p.folder for p in run.run(study_folder(tmp_path, files), formats=["html"])}["5"]
    words = plain(page(folder))
    assert re.findall(r"Dashed[^.]+\.", words) == said
    dashed = [a for tag, a in page(folder).elements if tag == "polyline" and a.get("class") == "curve rolling"]
    assert bool(dashed) is bool(said)


def test_means_of_waves_that_only_a_folded_table_has_are_not_told_as_dashed():
    rolling = Rolling(("2023", "2024"), 0.79, 0.01, 0.77, 0.81)

    def rolled(wave, indicator):
        results = sample.results(wave)
        return dataclasses.replace(results, estimates=tuple(
            dataclasses.replace(e, rolling=rolling)
            if e.indicator == indicator and len(e.segment) == (indicator == "sector") else e
            for e in results.estimates
        ))  # fmt: skip

    for indicator, told in (("sector", False), ("contacted", True)):
        before = (sample.results("2022"), rolled("2023", indicator))
        words = plain(read(render(compose(rolled("2024", indicator), before, "en"))))
        assert ("Dashed" in words) is told


def test_people_in_both_waves_are_told_on_the_methodology_sheet(tmp_path):
    same = rows("a", 0.5)
    found = released(
        tmp_path, TWO.replace(" instrument: one.yaml,", ""), a_csv=same, b_csv=same.replace(",y,", ",n,", 20)
    )
    words = plain(page(found["2"]))
    assert "400 respondents out of 400 bear the key of a respondent of wave 1." in words
    assert "people answered in both waves: tested with their covariance" in words


def test_a_change_of_mix_is_told_below_the_trends(tmp_path):
    def person(key: str, i: int, women: int) -> str:
        woman = i % 10 < women
        glad = (i * 7 + i // 10) % 10 < (8 if woman else 3)
        return f"{key}{i},{'f' if woman else 'm'},{'y' if glad else 'n'},1,0,0"

    def lines(key: str, women: int) -> str:
        head = "respondent,sex,glad,used.phone,used.email,used.chat"
        return "\n".join([head, *(person(key, i, women) for i in range(1500))])

    found = released(tmp_path, TWO.replace(" instrument: one.yaml,", ""), a_csv=lines("a", 3), b_csv=lines("b", 7))
    assert "come from another mix by “Sex”" in plain(page(found["2"]))
