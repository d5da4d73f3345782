"""What two surveys fielded otherwise: blends of panels, and the margins of every weighting and population."""

from __future__ import annotations

from pathlib import Path

import pytest

from small import loaded, write
from vigie.study.identity import indicator_identity
from vigie.study.instruments import differences

STUDY = """
study: fields
title: Fields
languages: [en]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}
  - {id: land, kind: single, label: Country, options: {fr: France, de: Germany}}
  - {id: age, kind: numeric, label: Age, minimum: 0}
indicators:
  - {id: women, share: sex == f}
  - {id: french, share: land == fr, weighting: adults}
weighting: WEIGHTING
waves:
  - {id: "1", INSTRUMENTfiles: {survey: ONE}}
  - {id: "2", files: {survey: TWO}}
"""
FILES = {"a.csv": "", "b.csv": ""}
BOTH = "[{path: a.csv, panel: x}, {path: b.csv, panel: y}]"
ADULTS = "among: {adults: {base: age >= 18, margins: 'among{wave}.csv'}}"
SEXES = "variable,category,total\nsex,f,100\nsex,m,100\n"


def waves(folder: Path, *, one: str = "a.csv", two: str = "b.csv", by: str = "", instrument: str = "", **margins: str):
    """The study and its two waves; `margins` are the files of the two, by name."""
    weighting = f"{{{by}everyone: {{margins: 'everyone{{wave}}.csv'}}, {ADULTS}}}"
    text = STUDY.replace("WEIGHTING", weighting).replace("ONE", one).replace("TWO", two)
    text = text.replace("INSTRUMENT", "instrument: one.yaml, " if instrument else "")
    first = SEXES if not by else "land,variable,category,total\nfr,sex,f,1\nfr,sex,m,1\nde,sex,f,1\nde,sex,m,1\n"
    files = FILES | {"one.yaml": f"questions: {instrument}\n", "study.yaml": text}
    files |= {f"{name}{wave}.csv": first for name in ("everyone", "among") for wave in "12"}
    files |= {f"{name}.csv": given for name, given in margins.items()}
    study = loaded(write(folder, files))
    return study, study.waves["1"], study.waves["2"]


def rules(*made) -> dict[str, tuple[str, ...]]:
    return {d.rule: d.indicators for d in differences(*made)}


# where respondents come from


def blend(x: int, y: int) -> str:
    return f"{SEXES}panel,x,{x}\npanel,y,{y}\n".replace("100", str((x + y) // 2))


def test_a_blend_of_the_same_shares_is_the_same_source_however_large_the_population(tmp_path):
    study, before, now = made = waves(
        tmp_path, one=BOTH, two=BOTH, everyone1=blend(100, 100), everyone2=blend(200, 200)
    )
    women = study.indicators["women"]
    assert indicator_identity(study, before, women) == indicator_identity(study, now, women)
    assert rules(*made) == {}


def test_another_blend_is_told_as_another_source_of_the_sample(tmp_path):
    (item,) = differences(*waves(tmp_path, one=BOTH, two=BOTH.replace("a.csv, panel: x", "a.csv, panel: z"),
                                 everyone1=SEXES, everyone2=SEXES))  # fmt: skip
    assert (item.rule, item.severity, item.broken) == ("panel", "break", ("women", "french"))
    assert (item.before, item.now) == ("x, y", "y, z")


def test_other_shares_of_a_blend_are_told_with_their_percentages(tmp_path):
    (item,) = differences(*waves(tmp_path, one=BOTH, two=BOTH, everyone1=blend(100, 100), everyone2=blend(120, 80)))
    assert (item.rule, item.broken) == ("panel", ("women", "french"))
    assert item.sentence["en"].endswith("x (60.0%), y (40.0%) instead of x (50.0%), y (50.0%).")
    assert "x (60,0" in item.sentence["fr"]


def test_one_panel_instead_of_a_blend_is_another_source(tmp_path):
    (item,) = differences(*waves(tmp_path, one=BOTH))
    assert (item.rule, item.before, item.now) == ("panel", "x, y", "not told")


# weights


def number(value: float, amount: str = "total") -> str:
    sexes = SEXES.replace("total", amount).replace("100", "50" if amount == "share" else "100")
    return sexes + f"age,,{value}\n"


OTHER_MARGINS = [
    ({"everyone2": SEXES.replace("f,100", "f,120").replace("m,100", "m,80")}, {"margin_totals": ("women",)}),
    ({"everyone2": SEXES.replace("100", "200")}, {}),
    ({"among2": SEXES.replace("f,100", "f,120").replace("m,100", "m,80")}, {"margin_totals": ("french",)}),
    ({"among2": SEXES + "land,fr,100\nland,de,100\n"}, {"margins": ("french",)}),
    ({"everyone1": number(40, "share"), "everyone2": number(45, "share")}, {"margin_totals": ("women",)}),
    ({"everyone1": number(40, "share"), "everyone2": number(40, "total")}, {"margin_totals": ("women",)}),
    ({"everyone1": number(40, "share"), "everyone2": number(40, "share")}, {}),
]


@pytest.mark.parametrize(("margins", "told"), OTHER_MARGINS)
def test_other_margins_are_told_of_the_indicators_that_stand_on_them(tmp_path, margins, told):
    assert rules(*waves(tmp_path, **margins)) == told


POPULATIONS = "land,variable,category,total\nfr,sex,f,52\nfr,sex,m,48\nde,sex,f,50\nde,sex,m,50\n"


@pytest.mark.parametrize("moved", [("fr,sex,f,52", "fr,sex,f,60"), ("de,sex,m,50", "de,sex,m,60")], ids=["fr", "de"])
def test_the_margins_of_each_population_are_compared(tmp_path, moved):
    given = {"everyone1": POPULATIONS, "everyone2": POPULATIONS.replace(*moved)}
    assert rules(*waves(tmp_path, by="by: land, ", **given)) == {"margin_totals": ("women",)}


def test_another_population_is_another_category_of_the_weighting(tmp_path):
    both, one = POPULATIONS, POPULATIONS.partition("de,")[0]
    given = {"everyone1": one, "among1": one, "everyone2": both, "among2": both}
    made = waves(tmp_path, by="by: land, ", instrument="[{id: land, options: {fr: France}}]", **given)
    items = [d for d in differences(*made) if d.of == "wave"]
    assert [(d.rule, d.now, d.indicators) for d in items] == [
        ("margin_categories", "land", ("women",)), ("margin_categories", "land", ("french",)),
    ]  # fmt: skip
