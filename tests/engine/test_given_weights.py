"""Final weights of a file are taken as they are: no raking, no margins for that wave."""

from __future__ import annotations

import pytest

from line import figure, results, study_folder

STUDY = """
study: given
title: Given
languages: [en]
questions: [{id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}]
indicators: [{id: women, share: sex == f}]
weighting: {everyone: {method: raking, margins: "margins-{wave}.csv"}}
imports: {panel: {weight: w}}
show: {hide: 1, fragile: 1}
waves:
  - {id: "2023", weights: as_given, files: {survey: {path: survey.csv, import: panel}}}
  - {id: "2024", files: {survey: {path: survey.csv, import: panel}}}
"""
FILES = {
    "study.yaml": STUDY,
    "survey.csv": "respondent,w,sex\n1,3,f\n2,3,f\n3,1,m\n4,1,\n",
    "margins-2024.csv": "variable,category,share\nsex,f,0.52\nsex,m,0.48\n",
}


def test_a_wave_with_final_weights_is_not_raked_and_needs_no_margins(tmp_path):
    found = results(study_folder(tmp_path, FILES))
    given, raked = found["2023"], found["2024"]
    assert figure(given, "women")["value"] == pytest.approx(6 / 7)
    assert figure(given, "women")["n"] == 3
    assert figure(given, "women")["lineage"]["weighting"] == given["weighting"]["method"] == "base"
    assert given["weighting"]["n_effective"] == pytest.approx(8**2 / 20)  # Kish: (Σd)² / Σd²
    assert given["weighting"]["margins"] == []
    assert not given["exclusions"]  # who did not tell a margin's question counts all the same
    assert figure(raked, "women")["value"] == pytest.approx(0.52)
    assert raked["weighting"]["method"] == "base+raking"


def test_final_weights_of_one_are_no_weights_to_speak_of(tmp_path):
    study = STUDY.replace('  - {id: "2024", files: {survey: {path: survey.csv, import: panel}}}\n', "")
    files = FILES | {"study.yaml": study, "survey.csv": "respondent,w,sex\n1,1,f\n2,1,m\n"}
    found = results(study_folder(tmp_path, files))["2023"]
    assert figure(found, "women")["value"] == 0.5
    assert found["weighting"] is None
