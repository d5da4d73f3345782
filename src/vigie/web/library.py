"""The waves of a study as a visitor sees them, read once and kept: results, and pages drawn from them.

A process keeps the results of a few releases and the bodies of some hundreds of pages; a release never changes, so that
what was drawn stays right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache import cache

from vigie import __version__
from vigie.errors import Problem
from vigie.language import speak
from vigie.report import pages
from vigie.report.cover import Cover, cover
from vigie.report.edition import Edition
from vigie.report.reduced import reduced
from vigie.results.decoding import from_json
from vigie.results.verbatims import Rule, Search, Verbatims
from vigie.results.waves import WaveResults
from vigie.run import opened, texts
from vigie.store.home import Home
from vigie.store.models import Release, Version
from vigie.study.loading import load_study
from vigie.study.model import Study
from vigie.web.access import Place
from vigie.web.settings import SITE

if TYPE_CHECKING:
    from vigie.engine.quotes import Texts
    from vigie.engine.session import Session

Drawn = TypeVar("Drawn")

HOME = Home(SITE.home)
RELEASES, BODIES = 12, 400  # kept by each process
A_DAY = 86_400
_ASKING = RLock()


@lru_cache(maxsize=RELEASES)
def _results(folder: Path) -> WaveResults:
    return from_json((folder / "results.json").read_bytes())


@lru_cache(maxsize=10 * RELEASES)
def _of(folder: Path, own: tuple[str, ...]) -> WaveResults:
    """The results as readers of these brands see them; whole for those who are no brand's reader."""
    return reduced(_results(folder), own) if own else _results(folder)


@lru_cache(maxsize=10 * RELEASES)
def _edition(folder: Path, earlier: tuple[Path, ...], language: str, own: tuple[str, ...]) -> Edition:
    return Edition(_of(folder, own), tuple(_of(one, own) for one in earlier), speak(language))


def results(place: Place, release: Release) -> WaveResults:
    """The results of a wave as the visitor sees them."""
    return _of(HOME.release(release), place.brands)


def edition(place: Place, release: Release, language: str) -> Edition:
    """A wave with those before it, as the visitor sees them, in one language."""
    return _edition(HOME.release(release), _before(release, place.waves), language, place.brands)


def parts(place: Place, release: Release, language: str) -> tuple[str, ...]:
    """The pages of a wave that have something to show."""
    found = _parts(HOME.release(release), _before(release, place.waves), language, place.brands)
    written = ("verbatims",) if _written(release) else ()
    return (*found, *written, *(("explore",) if release.fielded else ()))


@lru_cache(maxsize=100 * RELEASES)
def _parts(folder: Path, earlier: tuple[Path, ...], language: str, own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(pages.offered(_edition(folder, earlier, language, own)))


def cover_of(place: Place, release: Release, language: str) -> Cover | None:
    """What stands of a wave in the list of studies; None where it cannot be read, which hides no other study."""
    try:
        return _cover(HOME.release(release), language, place.brands)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=100 * RELEASES)
def _cover(folder: Path, language: str, own: tuple[str, ...]) -> Cover:
    return cover(_edition(folder, (), language, own))


def _before(release: Release, waves: Sequence[Release]) -> tuple[Path, ...]:
    return tuple(HOME.release(one) for one in waves if one.position < release.position)


def study_of(version: Version) -> Study | None:
    """The study of a version; None where this software finds problems in it."""
    return _loaded(HOME.version(version), version.digest)[0]


def problems_of(version: Version) -> list[Problem]:
    """What this software finds wrong with a version, which an earlier one may have let through."""
    return _loaded(HOME.version(version), version.digest)[1]


@lru_cache(maxsize=RELEASES)
def _loaded(folder: Path, digest: str) -> tuple[Study | None, list[Problem]]:  # noqa: ARG001 - tells versions apart
    return load_study(folder)


@contextmanager
def facts(release: Release) -> Iterator[Session | None]:
    """The facts of a wave, for one who asks at a time: an engine answers one question after another.

    None where they do not stand.
    """
    with _ASKING:
        yield _opened(HOME.out(release.study) / release.wave, release.snapshot)


def _opened(folder: Path, key: str) -> Session | None:
    try:
        return _session(folder, key)
    except LookupError:
        return None


@lru_cache(maxsize=RELEASES)
def _session(folder: Path, key: str) -> Session:
    """The facts of a wave; raises LookupError where they do not stand, now."""
    found = opened(folder, key) if key else None
    if found is None:
        raise LookupError(key)
    return found


def _written(release: Release) -> bool:
    """Whether somebody wrote anything in a wave."""
    session = _opened(HOME.out(release.study) / release.wave, release.snapshot)
    return session is not None and session.has("verbatims")


def found(release: Release, search: Search, rule: Rule, offset: int, limit: int) -> Verbatims:
    """The texts that a search finds in a wave."""
    with facts(release) as session:
        if session is None:
            return Verbatims(0, 0, (), ())
        searched = _texts(release.version, session.snapshot.folder, release.wave, _read(session))
        if searched is None:
            return Verbatims(0, 0, (), ())
        return searched.find(search, rule, offset=offset, limit=limit)


def state_of_texts(release: Release) -> tuple[bool, bool]:
    """Whether the texts of a wave are there, and read, now: both may come with a later run."""
    with facts(release) as session:
        return session is not None, session is not None and _read(session)


def _read(session: Session) -> bool:
    from vigie.engine.verbatims import at_hand

    return at_hand(session)


@lru_cache(maxsize=RELEASES)
def _texts(version: Version, folder: Path, wave: str, read: bool) -> Texts | None:  # noqa: ARG001 - made anew once read
    """The texts of a wave; none of a study that cannot be read, which alone tells whose they are."""
    study = study_of(version)
    return None if study is None else texts(study, wave, _session(folder.parent.parent, folder.name))


class Bodies:
    """Pages that were drawn, by what they were drawn from; the oldest go."""

    def __init__(self, most: int) -> None:
        self.most, self.drawn, self.lock = most, dict[object, Any](), Lock()

    def get(self, key: object, draw: Callable[[], Drawn]) -> Drawn:
        kept: Drawn | None = self.drawn.get(key)
        if kept is None:
            kept = draw()
            with self.lock:
                while len(self.drawn) >= self.most:
                    del self.drawn[next(iter(self.drawn))]
                self.drawn[key] = kept
        return kept


bodies = Bodies(BODIES)


def shared(key: object, make: Callable[[], Drawn]) -> Drawn:
    """What is dear to make, made once for all processes of the site."""
    name = "made-" + hashlib.sha256(f"{__version__} {key!r}".encode()).hexdigest()

    def kept() -> Drawn:
        found: Drawn | None = cache.get(name)
        if found is None:
            found = make()
            cache.set(name, found, A_DAY)
        return found

    return bodies.get(key, kept)


def forget() -> None:
    """Read and draw everything anew: for tests, which change what never changes."""
    for kept in (_results, _of, _edition, _parts, _cover, _loaded, _session, _texts):
        kept.cache_clear()
    bodies.drawn.clear()
