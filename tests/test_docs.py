"""The documentation says what the code does: generated pages are fresh, every setting is told, shown snippets run."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from small import command
from vigie import run
from vigie.errors import CODES
from vigie.study import drivers, grids, imports, indicators, model, questions, sections, waves

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "scripts"))


def test_the_generated_reference_is_fresh():
    import reference

    for name, text in reference.pages().items():
        assert (DOCS / "reference" / name).read_text(encoding="utf-8") == text, f"run `make docs`: {name} is stale"


def test_every_line_of_a_table_is_whole():
    for name in ("settings.md", "questions.md", "results.md"):
        page = (DOCS / "reference" / name).read_text(encoding="utf-8")
        torn = [line for line in page.splitlines() if line.startswith("|") and not line.endswith("|")]
        assert not torn, f"{name}: {torn}"


def test_every_command_has_a_heading():
    import typer

    from vigie.cli import app

    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    assert all(f"## vigie {name}\n" in page for name in group.commands)


def test_every_error_code_has_a_heading():
    page = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    assert all(f"## {code}\n" in page for code in CODES)


def _shapes() -> list[type[BaseModel]]:
    modules = (drivers, grids, imports, indicators, model, questions, sections, waves)
    found = {v for m in modules for v in vars(m).values() if isinstance(v, type) and issubclass(v, BaseModel)}
    return sorted((s for s in found if s.__name__ != "Model"), key=lambda s: s.__name__)


@pytest.mark.parametrize("shape", _shapes(), ids=lambda s: s.__name__)
def test_every_setting_says_what_it_means(shape):
    silent = [name for name, info in shape.model_fields.items() if not info.description]
    assert not silent, f"{shape.__name__}: {silent} without a docstring"
    pages = "".join((DOCS / "reference" / n).read_text(encoding="utf-8") for n in ("settings.md", "questions.md"))
    assert all(f"| `{info.alias or name}` |" in pages for name, info in shape.model_fields.items())


def test_every_question_kind_has_a_heading():
    page = (DOCS / "reference" / "questions.md").read_text(encoding="utf-8")
    assert all(f"## {kind}\n" in page for kind in questions.KINDS)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def tutorial(tmp_path):
    """The study of the tutorial, made word by word from its page."""
    page = DOCS / "tutorial" / "first-wave.md"
    study, weighting = blocks(page, "yaml")
    survey, margins = blocks(page, "text")
    for name, text in {"data/survey.csv": survey, "margins/2024.csv": margins}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path, study, weighting


def test_the_tutorial_s_study_runs_as_it_is_written(tutorial):
    folder, study, weighting = tutorial
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    assert run.check(folder) == []
    first = run.run(folder)
    assert first[0].fresh
    assert not run.run(folder)[0].fresh, "nothing has changed, so nothing is done"
    (folder / "study.yaml").write_text(study + weighting, encoding="utf-8")
    again = run.run(folder)
    assert again[0].fresh


def test_the_python_snippets_run(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "tests" / "studies" / "tiny", tmp_path / "observatory")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    for snippet in blocks(DOCS / "how-to" / "use-from-python.md", "python"):
        exec(compile(snippet, "use-from-python.md", "exec"), scope)  # noqa: S102 - our own page
    assert scope["problems"] == []
    assert set(scope["use"]) == {"phone", "email", "chat", "other"}
    assert list(zip(scope["sets"].low.tolist(), scope["sets"].high.tolist(), strict=True)) == [(1, 2), (1, 2), (3, 3)]


def test_the_snippet_of_replicate_weights_runs():
    scope: dict[str, object] = {}
    (snippet,) = blocks(DOCS / "how-to" / "analyse-a-complex-sample.md", "python")
    exec(compile(snippet, "analyse-a-complex-sample.md", "exec"), scope)  # noqa: S102 - our own page
    one, other = scope["errors"]
    assert one == pytest.approx(other, rel=0.2)


def test_the_snippet_of_tables_runs(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "tests" / "studies" / "tiny", tmp_path / "observatory")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    (snippet,) = blocks(DOCS / "how-to" / "make-a-table.md", "python")
    exec(compile(snippet, "make-a-table.md", "exec"), scope)  # noqa: S102 - our own page
    assert [head.code for head in scope["table"].columns] == ["", "f", "m"]
    assert scope["leagues"][0].of == "brand"


def test_the_snippet_of_drivers_is_a_study(tmp_path):
    questions, more = blocks(DOCS / "how-to" / "find-drivers.md", "yaml")
    head, waves = "study: s\ntitle: S\n", "waves:\n  - {id: w, files: {survey: survey.csv}}\n"
    (tmp_path / "study.yaml").write_text(head + questions + more + waves, encoding="utf-8")
    (tmp_path / "survey.csv").write_text("respondent\n1\n", encoding="utf-8")
    assert run.check(tmp_path) == []


def test_links_between_pages_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readme_leads_to_every_page():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [
        p.relative_to(ROOT).as_posix() for room in ("how-to", "why", "tutorial") for p in (DOCS / room).glob("*.md")
    ]
    assert not [page for page in pages if f"({page})" not in text]


def test_the_commands_of_the_page_on_mystery_tests_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (lines,) = blocks(DOCS / "how-to" / "run-mystery-tests.md", "sh")
    for line in lines.strip().splitlines():
        assert command(monkeypatch, *line.split()[1:]).code == 0, line


def test_modules_that_pages_name_exist():
    named = {"ARCHITECTURE.md": (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")}
    named |= {p.name: p.read_text(encoding="utf-8") for p in DOCS.glob("how-to/*.md")}
    for page, text in named.items():
        for path in re.findall(r"`(?:src/vigie/)?((?:[a-z]+/)+[a-z_0-9]+\.py)`", text):
            assert any((ROOT / start / path).exists() for start in ("", "src/vigie")), f"{page} names {path}"


def test_the_architecture_fits_on_two_pages():
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120


def test_the_changelog_begins_with_the_numbers_that_change():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"## .+?\n\n### (.+)", text).group(1) == "Numbers that change"
