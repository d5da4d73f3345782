"""Every problem of the catalogue, each in a study of a few lines, told with its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from small import FILES, STUDY, edit, loaded, write
from vigie.errors import CODES
from vigie.study.loading import load_study

S, B, M, G, I = "study.yaml", "brands.csv", "margins.csv", "grid.yaml", "other.yaml"
OWN = (S, "tests: tests.csv}", "tests: tests.csv}, instrument: other.yaml")
TWICE = """\
  - {id: V, files: {tests: tests.csv}}
  - {id: v, files: {tests: tests.csv}}
  - {id: "2024\""""
NESTED = """\
  - {id: again, kind: multiple, label: Again, options: channels, per: {channel: used}}
  - {id: day, kind: date, label: Day, per: {channel: again}}"""

AMONG = (S, "{everyone:", "{among: {a: {base: any(used), margins: margins.csv}}, everyone:")
BY = (S, "{everyone:", "{by: sex, everyone:")
MARGINS = FILES["margins.csv"]

# code, edits (file, old, new), the file and line told, and what is said
CASES: list[tuple[str, list[tuple[str, str, str]], str, str]] = [
    ("file-missing", [(S, "brands.csv", "brand.csv")], "study.yaml:4", 'Did you mean "brands.csv"'),
    ("file-missing", [(S, "tests: tests.csv", "tests: test.csv")], "study.yaml:20", 'Did you mean "tests.csv"'),
    ("file-missing", [(S, "path: survey.csv", f"path: {'x' * 300}.csv")], "study.yaml:20", "does not exist"),
    ("file-unreadable", [(B, "Ondine", "On\x01dine")], "brands.csv:2", "U+0001"),
    ("file-unreadable", [(B, "ondine,Ondine", "ondine,Ondine,energy,,,,,SA,b")], "brands.csv:2", "14 cells"),
    ("file-unreadable", [(M, "f,0.52", "f,0,52")], "margins.csv:2", "The line has 4 cells, and the first line 3."),
    ("file-unreadable", [(S, "brands.csv", ".")], "study.yaml:4", "cannot be opened"),
    ("file-too-large", [(S, "title: Small", f"title: {'[' * 45}{']' * 45}")], "study.yaml:2", "levels"),
    ("yaml-syntax", [(S, "title: Small", "title: [Small")], "study.yaml:3", "not YAML"),
    ("yaml-syntax", [(S, "title: Small", 'title: "\\ud800"')], "study.yaml:2", "U+D800"),
    ("yaml-syntax", [(S, "title: Small", "title: Sm\x02all")], "study.yaml:2", "U+0002"),
    ("yaml-syntax", [(S, "title: Small", "? [a]\n: b")], "study.yaml:2", "plain text"),
    ("unknown-name", [OWN, (I, "id: day", "id: dayy")], "other.yaml:2", 'no question "dayy" in the study to change'),
    ("yaml-syntax", [(S, "title: Small", "title: Small\n<<: {a: 1}")], "study.yaml:3", "no merge keys"),
    ("duplicate-key", [(S, "title: Small", "title: Small\ntitle: Large")], "study.yaml:3", "already in line 2"),
    ("unknown-key", [(S, "title: Small", "title: Small\nbaner: [sex]")], "study.yaml:3", 'Did you mean "banner"'),
    ("unknown-key", [(S, "kind: single, label", "kind: single, optoins: 1, label")], "study.yaml:7", '"options"'),
    ("unknown-key", [(B, "aliases", "alias")], "brands.csv:1", 'Did you mean "aliases"'),
    ("unknown-key", [OWN, (I, "questions:", "title: x\nquestions:")], "other.yaml:1", "There is: questions, order"),
    ("missing-key", [(S, "title: Small\n", "")], "study.yaml:1", '"title" is missing'),
    ("missing-key", [(S, "kind: date, ", "")], "study.yaml:10", '"kind" is missing'),
    ("missing-key", [(S, "channel_weights: {phone: 1}", "channel_weights: {email: 1}")], "study.yaml:15", "no weight"),
    ("missing-key", [OWN, (I, "id: day, ", "")], "other.yaml:2", 'needs an "id"'),
    ("wrong-value", [(S, "kind: date", "kind: dat")], "study.yaml:10", 'Did you mean "date"'),
    ("wrong-value", [(S, '"2024"', '"2024/1"')], "study.yaml:20", "names a folder"),
    ("wrong-value", [(S, '"2024"', '".."')], "study.yaml:20", "names a folder"),
    ("wrong-value", [(S, '"2024"', "CON")], "study.yaml:20", "reserved on Windows"),
    ("wrong-value", [(S, '"2024"', "w" * 61)], "study.yaml:20", "at most 60"),
    ("wrong-value", [(S, "study: small", "study: Small Study")], "study.yaml:1", "small letters"),
    ("wrong-value", [(S, "margins.csv}", "margins.csv, bounds: [3, 0.3]}")], "study.yaml:14", "around 1"),
    ("wrong-value", [(S, "method: raking", "method: logit")], "study.yaml:14", "needs `bounds:`"),
    ("wrong-value", [(S, "method: raking", "method: linear, bounds: [0.3, 3]")], "study.yaml:14", "truncated"),
    ("wrong-value", [(S, "method: raking", "negative: true")], "study.yaml:14", "can give negative weights"),
    ("wrong-value", [(S, "margins.csv}", "margins.csv, bounds: [0.3]}")], "study.yaml:14", "for example [0.3, 3]"),
    ("wrong-value", [(S, "margins.csv}", "margins.csv, bounds: [1, 2, 3]}")], "study.yaml:14", "a pair is expected"),
    ("wrong-value", [(S, "margins.csv}", "margins.csv, bounds: 3}")], "study.yaml:14", "a pair is expected"),
    ("wrong-value", [(S, '"2024",', '"2024", field: [2024-01-08],')], "study.yaml:20", "[2024-01-08, 2024-01-26]"),
    ("wrong-value", [(S, "survey: {path: survey.csv, import: panel}", "survey: {path: survey.csv, panel: a}"),
     (S, '"2024",', f'"2024", panel: {"p" * 201},')], "study.yaml:20", "at most 200"),
    ("wrong-value", [(S, "[phone, email]", "[phone, 3]")], "study.yaml:3", "a list of channel names is expected"),
    ("wrong-value", [(S, "method: raking", "trim: 0")], "study.yaml:14", "greater than 0"),
    ("unknown-name", [(S, "{everyone:", "{by: sx, everyone:")], "study.yaml:14", 'Did you mean "sex"'),
    ("unknown-name", [(S, "share: any(used)", "share: any(used), weighting: five")], "study.yaml:12", "weighting"),
    ("wrong-value", [(S, "share: any(used)", "share: brand == ondine, source: mystery, weighting: a"), AMONG],
     "study.yaml:12", "Only people are weighted"),
    ("expression", [(S, "{everyone:", "{among: {a: {base: any(usd), margins: margins.csv}}, everyone:")],
     "study.yaml:14", 'Did you mean "used"'),
    ("loop", [(S, "{everyone:", "{among: {a: {base: mark > 3, margins: margins.csv}}, everyone:")],
     "study.yaml:14", "of a loop"),
    ("margins", [BY], "margins.csv:1", "sex,variable,category,total"),
    ("margins", [BY, (M, MARGINS, "sex,variable,category,share\nf,day,,1\n")], "margins.csv:1",
     'no line of "day" in "m"'),
    ("margins", [BY, (M, MARGINS, "sex,variable,category,share\nf,day,,1\nw,day,,1\n")], "margins.csv:3",
     'no category "w"'),
    ("margins", [OWN, BY, (I, "{id: day, label: Which day}", "{id: sex, remove: true}")], "study.yaml:20",
     'Wave 2024 does not ask "sex"'),
    ("margins", [OWN, BY, (I, "{id: day, label: Which day}", "{id: sex, kind: multiple}")], "study.yaml:20",
     'as a single question, once, "sex"'),
    ("margins", [(S, "kind: date", "kind: numeric"), (M, "sex,m,0.48", "sex,m,0.48\nday,1,4")], "margins.csv:4",
     "is a number"),
    ("missing-key", [(S, "{path: survey.csv, import: panel}", "[{path: survey.csv, panel: a}, other.yaml]")],
     "study.yaml:20", "name their panel"),
    ("wrong-value", [(S, "tests: tests.csv", "tests: {path: tests.csv, panel: a}")], "study.yaml:20", "no panel"),
    ("wrong-value", [(S, "{phone: 1}", "{phone: .inf}")], "study.yaml:15", "number"),
    ("wrong-value", [(S, "tests: tests.csv", "tests: ../tests.csv")], "study.yaml:20", "leads out"),
    ("wrong-value", [(S, "tests: tests.csv", "tests: {path: tests.csv, import: panel}")], "study.yaml:20", "a survey"),
    ("wrong-value", [(S, '"m_{channel}"', "m")], "study.yaml:17", "needs {channel}"),
    ("wrong-value", [(S, "{from: S,", "{from: [S, T],")], "study.yaml:17", "not in a list"),
    ("wrong-value", [(S, '"m_{channel}"', '"m_{channel}", day: {from: d, options: {1: x}}')], "study.yaml:17", "codes"),
    ("wrong-value", [(S, '"m_{channel}"', '{from: "m_{channel}", codes: {best: 11}}')], "study.yaml:17", "1 to 10"),
    ("wrong-value", [(S, '"m_{channel}"', '"m_{channel}", used: U')], "study.yaml:17", "where each one is"),
    ("wrong-value", [(G, "grid: phone\ndimensions:\n", "")], "grid.yaml:1", "a mapping"),
    ("wrong-value", [(S, "banner: [sex]", "banner: [day]")], "study.yaml:5", "cannot break tables"),
    ("wrong-value", [OWN, (I, "questions:", "question:")], "other.yaml:1", 'a list "questions"'),
    ("unknown-name", [(S, "banner: [sex]", "banner: [sexe]")], "study.yaml:5", 'Did you mean "sex"'),
    ("unknown-name", [(S, "[phone, email]", "[phone, email, fone]")], "study.yaml:3", 'Did you mean "phone"'),
    ("unknown-name", [(S, "2: m}", "2: w}")], "study.yaml:17", 'no option "w"'),
    ("unknown-name", [(S, "OK: answered", "OK: answred")], "study.yaml:18", 'Did you mean "answered"'),
    ("unknown-name", [(S, "import: panel", "import: pannel")], "study.yaml:20", 'Did you mean "panel"'),
    ("unknown-name", [(B, ",,,,\n", ",,,,ondinne\n")], "brands.csv:2", 'Did you mean "ondine"'),
    ("unknown-name", [OWN, (I, "{id: day, label: Which day}", "{id: dya, remove: true}")], "other.yaml:2", '"day"'),
    ("duplicate-name", [(S, "{id: day, kind: date", "{id: sex, kind: date")], "study.yaml:10", "stands twice"),
    ("duplicate-name", [(S, "{id: day, kind: date", "{id: sector, kind: date")], "study.yaml:10", "keeps for itself"),
    ("unknown-name", [(S, "label: Day", "label: 'By {canal}?'")], "study.yaml:10", '"{canal}"'),
    ("wrong-value", [(S, "title: Small", "title: Small\nshow: {hide: 100, fragile: 30}")], "study.yaml:3", "not above"),
    ("duplicate-name", [(S, "label: Day", "label: Day, refused: {code: 9}, dont_know: {code: 9}")],
     "study.yaml:10", "another answer"),
    ("duplicate-name", [(S, "channel: used}, ", "channel: used}, dont_know: {code: 7}, ")], "study.yaml:9", "a mark"),
    ("duplicate-name", [(S, "f: Woman, m: Man", "f: W, m: w"), (S, "codes: {1: f, 2: m}", "labels: true")],
     "study.yaml:17", "Two options"),
    ("duplicate-name", [(S, "tests: tests.csv", "tests: [tests.csv, ./tests.csv]")], "study.yaml:20", "stands twice"),
    ("duplicate-name", [(M, "sex,m,0.48", "sex,m,0.48\nsex,f,0.1")], "margins.csv:4", "stands twice"),
    ("duplicate-name", [(B, ",,,,\n", ",,,,\nb,ONDINE,energy,,,,\n")], "brands.csv:3", "both called"),
    ("duplicate-name", [(S, '  - {id: "2024"', TWICE)], "study.yaml:21", "a folder"),
    ("expression", [(S, "share: any(used)", "share: any(usde)")], "study.yaml:12", 'Did you mean "used"'),
    ("expression", [(S, "share: any(used)", "share: used.phoone")], "study.yaml:12", 'Did you mean "phone"'),
    ("expression", [(S, "share: any(used)", "share: sex >= f")], "study.yaml:12", "have no order"),
    ("expression", [(S, "share: any(used)", "share: dya >= 7")], "study.yaml:12", 'Did you mean "day"'),
    ("expression", [(S, "share: any(used)", "share: dya > day")], "study.yaml:12", 'Did you mean "day"'),
    ("expression", [(S, "share: any(used)", "share: f >= sex")], "study.yaml:12", "Write the question first"),
    ("expression", [(S, "share: any(used)", "share: '\"f\" > 3'")], "study.yaml:12", "Write the question first"),
    ("expression", [(S, "status == 3", "status => 3")], "study.yaml:17", 'Compare with ">="'),
    ("expression", [(S, "status == 3", "(status =< 3)")], "study.yaml:17", 'Compare with "<="'),
    ("expression", [(S, "status == 3", "status = 3")], "study.yaml:17", 'Compare with "=="'),
    ("expression", [(S, "status == 3", "status")], "study.yaml:17", "a condition is needed"),
    ("expression", [(S, "label: Day}", "label: Day, ask_if: later == 1}")], "study.yaml:10", 'no question "later"'),
    ("expression", [OWN, (I, "label: Which day", "ask_if: usd.phone")], "other.yaml:2", 'Did you mean "used"'),
    ("expression", [OWN, (S, "label: Day}", "label: Day, ask_if: sex == f}"), (I, "{id: day, label: Which day}",
     "{id: sex, remove: true}"), (M, "sex", "day")], "study.yaml:10", "In the instrument of wave 2024"),
    ("margins", [(M, "variable,category", "category,variable")], "margins.csv:1", "first line"),
    ("margins", [(M, "sex,f,0.52\nsex,m,0.48\n", "")], "margins.csv:1", "no line"),
    ("margins", [(M, "sex,m,0.48\n", "")], "margins.csv:2", 'category "m" of "sex" has no target'),
    ("margins", [(M, "sex,m", "sex,w")], "margins.csv:3", 'no category "w"'),
    ("margins", [(M, "0.52", "0"), (M, "0.48", "0")], "margins.csv:2", "all zero"),
    ("margins", [(M, "sex,m,0.48", "sex,m,0.48\nage,a,1")], "margins.csv:4", "does not ask"),
    ("margins", [(M, "sex,m,0.48", "sex,m,0.48\nday,a,1")], "margins.csv:4", "is not a single question"),
    ("margins", [(S, "kind: date", "kind: single, options: {a: A}"), (M, "sex,m,0.48", "sex,m,0.48\nday,a,100")],
     "margins.csv:2", "totals differ"),
    ("margins", [(M, "0.48", "0.84")], "margins.csv:2", 'shares of "sex" add up to 1.36, and not to 1 or 100.'),
    ("margins", [(M, "0.52", "51.2"), (M, "0.48", "48.2")], "margins.csv:2", "add up to 99.4"),
    ("margins", [(M, "0.52", "5200"), (M, "0.48", "4800")], "margins.csv:2", 'head counts with "total"'),
    ("margins", [BY, (M, MARGINS, "sex,variable,category,share\nf,sex,f,1\nf,sex,m,0\nm,sex,f,0.2\nm,sex,m,1\n")],
     "margins.csv:4", 'add up to 1.2 in "m"'),
    ("scale-not-nps", [(S, "share: any(used)", "nps: mark")], "study.yaml:12", "0-10 scale"),
    ("loop", [(S, "per: {channel: used}", "per: {channel: sex}")], "study.yaml:9", "does not list channels"),
    ("loop", [(S, "share: any(used)", "share: any(used), by: channel")], "study.yaml:12", "asked per channel"),
    ("loop", [(S, "label: Day}", "label: Day, ask_if: mark >= 7}")], "study.yaml:10", "not part of"),
    ("loop", [(S, "  - {id: day, kind: date, label: Day}", NESTED)], "study.yaml:11", "in a loop itself"),
    ("grid", [(G, "id: solved", "id: brand")], "grid.yaml", "Rename the criterion"),
    ("declaration", [(S, "label: Day}", "label: Day, same_as: {wave: '2024', reason: why}}")], "study.yaml:10",
     "did not change after wave 2024"),
    ("brand-dates", [(B, "ondine,Ondine,energy,,,,", "ondine,O,energy,,,,\nondine,P,energy,,,,")], "brands.csv:3",
     "on the same day (line 2 too)"),
    ("brand-dates", [(B, ",,,,\n", ",,2024-02-01,2024-01-01,\n")], "brands.csv:2", "before it begins"),
    ("column-missing", [(B, "brand,name,sector", "brand,nom,sector")], "brands.csv:1", 'no column "name"'),
    ("duplicate-header", [(B, "aliases", "name")], "brands.csv:1", "heads two columns"),
    ("bad-number", [(M, "0.48", "half")], "margins.csv:3", '"half" is not a share'),
    ("bad-date", [(B, ",,,,\n", ",,31/01/2024,,\n")], "brands.csv:2", "2024-01-31"),
]  # fmt: skip
TOLD_ELSEWHERE = {
    **dict.fromkeys(
        ("duplicate-id", "missing-id", "unknown-code", "ambiguous-date", "contradiction", "no-rows"),
        "collect/test_survey.py",
    ),
    **dict.fromkeys(("bad-mark", "unknown-brand"), "collect/test_mystery.py"),
    "funnel-open": "study/test_sources.py",
    "design": "engine/test_sampling.py",
    "site-settings": "web/test_configuration.py",
    **dict.fromkeys(("weighting-failed", "nothing-to-run", "usage", "cannot-write", "missing-extra"), "test_run.py"),
}


def test_the_study_that_the_cases_damage_is_sound(tmp_path):
    study = loaded(edit(write(tmp_path, FILES), S, OWN[1:]))
    assert study.instrument("2024")["day"].label == {"": "Which day"}


@pytest.mark.parametrize(("code", "edits", "place", "said"), CASES)
def test_a_problem_is_told_with_its_place_and_its_remedy(tmp_path, code, edits, place, said):
    write(tmp_path, FILES)
    for name, old, new in edits:
        edit(tmp_path, name, (old, new))
    study, problems = load_study(tmp_path)
    assert study is None
    told = [p for p in problems if p.code == code and f"{p.place}:".startswith(f"{place}:")]
    assert any(said in str(p) for p in told), "\n".join(map(str, problems))
    assert all(p.hint or p.code == "wrong-value" for p in problems)


@pytest.mark.parametrize(("f", "m"), [("0.52", "0.48"), ("51.9", "48"), ("52,2", "47.9"), ("0.525", "0.48")])
def test_shares_may_carry_the_rounding_of_print(tmp_path, f, m):
    given = FILES["margins.csv"].replace("0.52", f'"{f}"').replace("0.48", m)
    write(tmp_path, FILES | {"margins.csv": given})
    assert load_study(tmp_path)[1] == []


def test_a_file_of_margins_that_cannot_be_read_is_not_told_to_have_gaps(tmp_path):
    write(tmp_path, FILES | {"margins.csv": "variable,category,share\nsex,f,0,52\nsex,m,half\n"})
    assert [p.place for p in load_study(tmp_path)[1]] == ["margins.csv:2", "margins.csv:3"]


def test_a_wave_of_several_panels_may_have_an_instrument_of_its_own(tmp_path):
    files = "{path: survey.csv, panel: x}, {path: other.csv, panel: y}"
    text = STUDY.replace(
        "survey: {path: survey.csv, import: panel}, tests: tests.csv}", f"survey: [{files}]}}, instrument: {I}"
    )
    study = loaded(write(tmp_path, FILES | {"study.yaml": text, "other.csv": "respondent\n1\n"}))
    assert list(study.instrument("2024")) == ["panel", "sex", "used", "mark", "day"]


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    write(tmp_path, FILES | {"brands.csv": b"x" * (17 << 20), "grid.yaml": b"#" * (5 << 20)})
    assert [p.code for p in load_study(tmp_path)[1]] == ["file-too-large", "file-too-large"]


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path):
    write(tmp_path, FILES | {"study.yaml": STUDY.replace("Small", "Société").encode("cp1252")})
    (problem,) = load_study(tmp_path)[1]
    assert (problem.code, problem.line) == ("file-unreadable", 2)


def test_every_problem_of_the_catalogue_has_a_case():
    tests = Path(__file__).parent.parent
    covered = {code for code, *_ in CASES}
    assert covered | set(TOLD_ELSEWHERE) == set(CODES)
    for code, name in TOLD_ELSEWHERE.items():
        assert f'"{code}"' in (tests / name).read_text(encoding="utf-8"), code
