"""A study folder to start from: a template's files, and example data that let it run at once."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from vigie.errors import VigieError, failure, suggestion
from vigie.study.amending import with_values
from vigie.study.document import read_yaml
from vigie.study.loading import FILE, load_study
from vigie.templates.examples import rows

TEMPLATES = ("observatory", "survey", "mystery", "reviews")
NOTE = "# EXAMPLE\n\nThe files of this folder were drawn at random. Put yours in their place.\n"


def write_template(folder: Path, template: str, own: Mapping[str, str] | None = None) -> Path:
    """Write a template's study into a new folder, whole or not at all; raises `VigieError`.

    `own` is what is written in YAML for keys of the study, such as its name, in place of the template's words.
    """
    if template not in TEMPLATES:
        raise failure("usage", f'There is no template "{template}".', suggestion(template, TEMPLATES))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise failure("usage", "There is something here already.", "Name a new folder.", file=str(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".vigie-") as work:
            made = Path(work) / "study"
            with as_file(files("vigie.templates") / template) as source:
                shutil.copytree(source, made)
            text = with_values((made / FILE).read_text(encoding="utf-8"), own or {})
            (made / FILE).write_text(text, encoding="utf-8")
            _examples(made)
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
    except OSError as error:
        hint = "Check the space and the rights there."
        raise failure("cannot-write", f"{error.strerror}.", hint, file=str(folder)) from error
    return folder


def _examples(folder: Path) -> None:
    """The data files of every wave, which must be there before a study is sound: first empty, then drawn."""
    told = read_yaml(folder / FILE, shown=FILE).value
    for name in (name for wave in told["waves"] for name in wave["files"].values()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    study, problems = load_study(folder)
    if study is None:
        raise VigieError(problems)
    for wave in study.waves.values():
        for name, drawn in rows(study, wave):
            text = io.StringIO()
            writer = csv.DictWriter(text, list(drawn[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(drawn)
            (folder / name).write_text(text.getvalue(), encoding="utf-8")
    (folder / "data" / "EXAMPLE.md").write_text(NOTE, encoding="utf-8")
