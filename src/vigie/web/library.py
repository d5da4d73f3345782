"""The waves of a study as a visitor sees them, read once and kept: results, and pages drawn from them.

A process keeps the results of a few releases and the bodies of some hundreds of pages; a release never changes, so that
what was drawn stays right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.language import speak
from vigie.report import pages
from vigie.report.edition import Edition
from vigie.results.decoding import from_json
from vigie.results.waves import WaveResults
from vigie.run import load, opened
from vigie.store.home import Home
from vigie.store.models import Release
from vigie.study.model import Study
from vigie.web.settings import SITE

if TYPE_CHECKING:
    from vigie.engine.session import Session

HOME = Home(SITE.home)
RELEASES, BODIES = 12, 400  # kept by each process


@lru_cache(maxsize=RELEASES)
def _results(folder: Path) -> WaveResults:
    return from_json((folder / "results.json").read_bytes())


def results(release: Release) -> WaveResults:
    """The results of a release."""
    return _results(HOME.release(release))


@lru_cache(maxsize=RELEASES)
def _edition(folder: Path, earlier: tuple[Path, ...], language: str) -> Edition:
    return Edition(_results(folder), tuple(_results(one) for one in earlier), speak(language))


def edition(release: Release, waves: Sequence[Release], language: str) -> Edition:
    """A wave with those before it that the visitor sees too, in one language."""
    return _edition(HOME.release(release), _before(release, waves), language)


def parts(release: Release, waves: Sequence[Release], language: str) -> tuple[str, ...]:
    """The pages of a wave that have something to show."""
    return _parts(HOME.release(release), _before(release, waves), language)


@lru_cache(maxsize=100 * RELEASES)
def _parts(folder: Path, earlier: tuple[Path, ...], language: str) -> tuple[str, ...]:
    return tuple(pages.offered(_edition(folder, earlier, language)))


def _before(release: Release, waves: Sequence[Release]) -> tuple[Path, ...]:
    return tuple(HOME.release(one) for one in waves if one.position < release.position)


@lru_cache(maxsize=RELEASES)
def study_of(folder: Path) -> Study:
    """The study as a version has it."""
    return load(folder)


@lru_cache(maxsize=RELEASES)
def facts(folder: Path, key: str) -> Session | None:
    """The facts of a wave, opened; None where they do not stand."""
    return opened(folder, key)


class Bodies:
    """Pages that were drawn, by what they were drawn from; the oldest go."""

    def __init__(self, most: int) -> None:
        self.most, self.drawn = most, dict[object, str]()

    def get(self, key: object, draw: Callable[[], str]) -> str:
        if key not in self.drawn:
            while len(self.drawn) >= self.most:
                self.drawn.pop(next(iter(self.drawn)))
            self.drawn[key] = draw()
        return self.drawn[key]


bodies = Bodies(BODIES)
