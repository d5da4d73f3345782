"""Where a site keeps its files, under one folder: versions of studies, what runs make of them, and what was released.

home/vigie.sqlite3                              unless another database was named
home/studies/<study>/versions/<number>/…        a study's folder, as it was
home/studies/<study>/out/<wave>/…               what runs write: facts, derived tables, releases
home/studies/<study>/releases/<wave>/<key>/…    releases, kept as long as the site knows them
home/runs/<run>                                 locked by the process that computes it
"""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.store.models import Release, Run, Study, Version


class Home:
    """The folder of a site."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def study(self, study: Study) -> Path:
        return self.path / "studies" / str(study.pk)

    def version(self, version: Version) -> Path:
        """The study's folder, as it was."""
        return self.study(version.study) / "versions" / str(version.number)

    def out(self, study: Study) -> Path:
        """Where runs write; facts that stand are not read again, whatever the version."""
        return self.study(study) / "out"

    def release(self, release: Release) -> Path:
        return self.study(release.study) / "releases" / release.wave / release.key

    def lock(self, run: Run) -> Path:
        return self.path / "runs" / str(run.pk)

    def keep(self, made: Path, release: Release) -> None:
        """Keep a release that a run wrote; not a second time on the disk where the run was the site's own."""
        target = self.release(release)
        if target.is_dir():
            return
        work = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.rmtree(work, ignore_errors=True)
        (linked if self.path in made.parents else copied)(made, work)
        try:
            work.rename(target)
        except OSError:  # somebody else was first
            shutil.rmtree(work, ignore_errors=True)
            if not target.is_dir():
                raise


def copied(source: Path, target: Path, without: Collection[str] = ()) -> None:
    """A copy of a folder, but for what stands in it under some names; whoever changes the one leaves the other."""

    def left_out(folder: str, names: list[str]) -> set[str]:
        return set(names) & set(without) if Path(folder) == source else set()

    shutil.copytree(source, target, ignore=left_out)


def shared(folder: Path, earlier: Path) -> None:
    """Let the files of a folder that are those of an earlier one be the same on the disk; nobody changes either."""
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        before = earlier / path.relative_to(folder)
        if before.is_file() and same(before, path):
            work = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                os.link(before, work)
            except OSError:  # the file system has no links
                return
            work.replace(path)


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.samefile(other):
        return True
    return one.stat().st_size == other.stat().st_size and filecmp.cmp(one, other, shallow=False)


def linked(source: Path, target: Path) -> None:
    """The same files under another name, where nobody ever changes them; copies where the file system has no links."""

    def link(one: str, other: str) -> str:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)
        return other

    shutil.copytree(source, target, copy_function=link)
