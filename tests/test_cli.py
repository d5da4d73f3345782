"""The command as a person meets it: quick to start, JSON alone on standard output, bad input without a traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

TINY = Path(__file__).parent / "studies" / "tiny"
VIGIE = [sys.executable, "-c", "from vigie.cli import main; main()"]


def vigie(*arguments, **more):
    return subprocess.run([*VIGIE, *map(str, arguments)], capture_output=True, text=True, check=False, **more)


def test_help_loads_nothing_heavy():
    heavy = "numpy pydantic pyarrow ibis duckdb pandas scipy django rich.console vigie.run vigie.study.model"
    program = (
        "import sys\nfrom vigie.cli import app\n"
        "try:\n    app(['--help'], standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {heavy.split()!r} if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("[]")


def test_the_version_is_printed_without_a_command():
    done = vigie("--version")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, version("vigie"), "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "Did you mean 'run'"),
        (["run"], "STUDY"),
        (["run", "/nowhere"], "does not exist"),
        (["check", TINY, "--josn"], "--json"),
        (["run", TINY, "--wave", "2042"], 'There is no wave "2042".'),
        (["run", TINY, "--formats", "htm"], 'Did you mean "html"?'),
        (["demo", "/tmp/vigie-demo", "--size", "big"], "There are: small, full."),  # noqa: S108
        (["demo", "/tmp/vigie-demo", "--seed", "-1"], "--seed"),  # noqa: S108
        (["serve", "--home", "/tmp/vigie-site", "--database", "postgresql://v:pa/ss@127.0.0.1/v"], "%2F"),  # noqa: S108
    ],
)
def test_a_mistake_on_the_command_line_ends_with_a_remedy_and_exit_1(arguments, said):
    done = vigie(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_check_prints_every_problem_as_json_on_standard_output_alone(tmp_path):
    shutil.copytree(TINY, tmp_path / "s")
    text = (TINY / "study.yaml").read_text(encoding="utf-8")
    text = text.replace("banner: [sex, age]", "banner: [sexe, age]").replace("share: any(used)}", "share: any(usde)}")
    (tmp_path / "s" / "study.yaml").write_text(text, encoding="utf-8")
    done = vigie("check", tmp_path / "s", "--json")
    problems = json.loads(done.stdout)
    assert done.returncode == 1
    assert {p["code"] for p in problems} == {"unknown-name", "expression"}
    assert all(p["line"] and p["file"] == "study.yaml" for p in problems)
    assert any('Did you mean "sex"?' in p["hint"] for p in problems)
    assert any('Did you mean "used"?' in p["hint"] for p in problems)


def test_run_names_its_steps_and_says_where_everything_is(tmp_path):
    done = vigie("run", TINY, "--out", tmp_path, "--formats", "html")
    assert done.returncode == 0, done.stderr
    assert "reading the survey" in done.stderr
    assert str(tmp_path / "2024" / "current") in done.stderr
    assert done.stdout == ""


def test_the_schema_accepts_the_studies_of_the_project_and_refuses_a_misspelt_key():
    schema = json.loads(vigie("schema").stdout)
    check = jsonschema.Draft202012Validator(schema)
    study = json.loads(json.dumps(YAML(typ="safe", pure=True).load(TINY / "study.yaml"), default=str))
    assert list(check.iter_errors(study)) == []
    assert list(check.iter_errors(study | {"chanels": []}))
    assert list(check.iter_errors(study | {"indicators": [{"id": "x", "shear": "any(used)"}]}))
