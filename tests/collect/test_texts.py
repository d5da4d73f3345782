"""Texts are kept redacted, in one order, and nothing of a wave's folder holds them as they came."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq

from line import study_folder
from vigie import run
from vigie.collect.texts import brand_words, verbatims, whole


def test_blank_texts_are_left_out_and_white_space_around_the_others_too():
    origin, texts = pa.array(["b", "a", "c", "d"]), pa.array(["  le service est trop lent ", "", None, " \n"])
    table = verbatims("survey", origin, "story", "phone", texts)
    assert table.to_pylist() == [
        {"source": "survey", "origin": "b", "question": "story", "value": "phone", "text": "le service est trop lent",
         "language": "fr"}
    ]  # fmt: skip


def test_the_texts_of_all_sources_stand_in_one_order():
    one = verbatims("survey", pa.array(["2", "1"]), "why", "", pa.array(["lent", "cher"]))
    other = verbatims("reviews", pa.array(["9"]), "text", "", pa.array(["bien"]))
    more = verbatims("survey", pa.array(["3"]), "any", "", pa.array(["rien"]))
    found = whole([one, other, more])
    rows = list(zip(*(found[c].to_pylist() for c in ("source", "question", "origin", "text")), strict=True))
    assert rows == [
        ("reviews", "text", "9", "bien"), ("survey", "any", "3", "rien"), ("survey", "why", "1", "cher"),
        ("survey", "why", "2", "lent"),
    ]  # fmt: skip
    assert whole([]).column_names == found.column_names


STUDY = """
study: texts
title: Texts
languages: [en]
brands: brands.csv
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man, o: Other}, specify: o}
  - {id: named, kind: mention, label: Named}
  - {id: story, kind: open, label: Story, ask_if: sex == f}
indicators: [{id: told, share: answered(story)}]
show: {hide: 1, fragile: 1}
imports: {file: {specify: {sex: sex_text}}}
waves: [{id: w, files: {survey: {path: survey.csv, import: file}}}]
"""
SECRETS = ["jeanne.durand@example.org", "0612345678", "kadabra"]


def test_nothing_of_a_wave_holds_what_was_taken_out_of_texts_or_refused_with_them(tmp_path):
    rows = (
        f"1,f,Ondine,Write to {SECRETS[0]} please,\n2,o,call {SECRETS[1]},,my mail is {SECRETS[0]}\n"
        f"3,m,,{SECRETS[2]},{SECRETS[2]}\n"
    )
    files = {
        "study.yaml": STUDY, "brands.csv": "brand,name,sector\nondine,Ondine,energy\n",
        "survey.csv": "respondent,sex,named,story,sex_text\n" + rows,
    }  # fmt: skip
    study = study_folder(tmp_path, files)
    run.run(study, formats=["html", "xlsx"])
    facts = list((study / "out").rglob("*.parquet"))
    kept = [json.dumps(pq.read_table(path).to_pylist(), default=str) for path in facts]
    kept += [p.read_text(encoding="utf-8") for p in (study / "out").rglob("*") if p.suffix in (".json", ".html")]
    assert {"verbatims.parquet", "respondents.parquet"} <= {p.name for p in facts}
    assert [s for s in SECRETS for text in kept if s in text] == []
    (texts,) = (pq.read_table(p) for p in facts if p.name == "verbatims.parquet")
    assert list(zip(texts["question"].to_pylist(), texts["origin"].to_pylist(), strict=True)) == [
        ("named", "2"), ("sex.o", "2"), ("story", "1"),
    ]  # fmt: skip


def test_the_words_that_redaction_keeps_are_the_brands_names_and_aliases(tmp_path):
    brands = "brand,name,sector,aliases,from,until\nx,Marie Conseil,retail,MC|Marie C,,2020-01-01\n"
    study = run.load(study_folder(tmp_path, {"study.yaml": STUDY, "brands.csv": brands, "survey.csv": "respondent\n"}))
    assert brand_words(study) == ("MC", "Marie C", "Marie Conseil")
