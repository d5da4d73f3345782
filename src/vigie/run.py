"""The line, one function per verb: files -> snapshot -> results -> reports; for the command, pages and notebooks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from vigie import __version__
from vigie.engine.engines import ENGINES
from vigie.errors import Problem, VigieError, failure, suggestion
from vigie.language import BY_RULE
from vigie.report.writers import WRITERS
from vigie.results.encoding import to_json
from vigie.results.figures import Source
from vigie.results.tables import Compare, Table
from vigie.results.waves import Comparison, WaveResults
from vigie.snapshot.inputs import inputs_of
from vigie.snapshot.staging import unwritable
from vigie.study.digest import study_digest
from vigie.study.loading import FILE, load_study
from vigie.study.model import Study
from vigie.study.waves import FILE_KEYS, Wave

if TYPE_CHECKING:
    from vigie.engine.overlap import Surveys
    from vigie.engine.quotes import Texts
    from vigie.engine.session import Engine, Session
    from vigie.snapshot.facts import Snapshot
    from vigie.stats.letters import Adjust

FORMATS = tuple(WRITERS)
ENGINE = ENGINES[0]
COMPARE, ADJUST, SOURCES = get_args(Compare), ("holm", "bh", "none"), get_args(Source)
RANKED = ("brand", "sector", "channel")
Ranked = Literal["brand", "sector", "channel"]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Published:
    """A wave's release: where it is, whether it was made now or stood already, and its results."""

    wave: str
    folder: Path
    fresh: bool
    files: tuple[str, ...]
    excluded_rows: int
    excluded_cells: int
    notes: tuple[str, ...]


def load(folder: Path) -> Study:
    """The study in a folder; raises `VigieError` with every problem."""
    study, problems = load_study(folder)
    if study is None:
        raise VigieError(problems)
    return study


def check(folder: Path) -> list[Problem]:
    """Every problem of a study folder."""
    return load_study(folder)[1]


def run(
    folder: Path, *, wave: str | None = None, out: Path | None = None, formats: Sequence[str] = FORMATS,
    engine: str = ENGINE, progress: Progress = lambda _: None,
) -> list[Published]:  # fmt: skip
    """Run a study: publish every wave in order, or one (the waves before it are computed for the comparison).

    A wave whose inputs have not changed is not computed again, on whatever `engine` it was. Raises `VigieError`; what
    was published before stays.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise failure("usage", f'"{", ".join(unknown)}" is not a report format.', suggestion(unknown[0], FORMATS))
    if not formats:
        raise failure("usage", "No report format is named.", suggestion("", FORMATS))
    progress("reading the study")
    study = load(folder)
    waves = _wanted(study, wave)
    root = out or (folder if folder.is_dir() else folder.parent) / "out"
    line = _Line(study, root, tuple(formats), progress, engine)
    line.read(waves)
    return [line.publish(w) for w in waves]


def table(study: Study, rows: str, columns: Sequence[str], **further: Any) -> Table:
    """One table of a wave: a question or an indicator by banner questions, as `tables` makes several."""
    return tables(study, [rows], columns, **further)[0]


def tables(
    study: Study, rows: Sequence[str], columns: Sequence[str], *, wave: str | None = None, where: str | None = None,
    compare: Compare = "columns", adjust: Adjust | None = None, source: Source = "survey", out: Path | None = None,
    engine: str = ENGINE, progress: Progress = lambda _: None, session: Session | None = None,
) -> list[Table]:  # fmt: skip
    """Tables of a wave (the last that has the source), made together: questions or indicators by banner questions.

    `rows` may be `["all"]`: every question that makes a table on these columns. `compare` says what columns are tested
    against (see `results.Table`); where `adjust` does not say how many looks are accounted for, it is by Holm's method,
    and of the agencies' test not at all, as in the books that it reproduces. A `session` that was opened before spares
    looking at the wave's files again.

    Raises `VigieError` for unknown questions, columns and waves, and for a filter that cannot be read.
    """
    _one_of("compare", compare, COMPARE)
    _one_of("source", source, SOURCES)
    if adjust is not None:
        _one_of("adjust", adjust, ADJUST)
    from vigie.engine.edition import Edition
    from vigie.engine.tables import book

    chosen = _looked_at(study, wave, (source,))
    session = session or _session(study, chosen, out, progress, engine)
    progress(f"{chosen.id}: computing {'the table' if len(rows) == 1 else 'the tables'}")
    inputs = tuple(str(f["sha256"]) for f in session.snapshot.manifest["inputs"])
    adjusted: Adjust = adjust or ("none" if compare == "agency" else "holm")
    edition = Edition(study, chosen, inputs, adjust=adjusted, compare=compare, keep=False)
    return book(session, edition, rows, columns, where, source)


def texts(study: Study, wave: str, session: Session) -> Texts:
    """What people wrote in a wave whose facts are open, ready to be searched."""
    from vigie.engine.quotes import Texts

    called: dict[str, list[str]] = {}
    for brand in study.brands:  # of all times: people write names that are gone, or not yet there
        called.setdefault(brand.brand, []).extend((brand.name, *brand.aliases))
    return Texts(session, study.instrument(wave), called)


def opened(folder: Path, key: str, engine: str = ENGINE) -> Session | None:
    """The facts of a wave (its folder in `out`) on an engine, by their key; None where they do not stand."""
    from vigie.engine.engines import engine as made
    from vigie.engine.session import Session
    from vigie.snapshot.facts import find

    facts = find(folder, key)
    return None if facts is None else Session(facts, made(engine))


def rank(
    study: Study, *, wave: str | None = None, by: Ranked = "brand",
    source: Source | None = None, out: Path | None = None, engine: str = ENGINE, progress: Progress = lambda _: None,
) -> WaveResults:  # fmt: skip
    """A wave's results (the last that has the source) with the leagues asked for, of brands, sectors or channels.

    Ranked are mystery scores, else the stars of reviews. Raises `VigieError` where the wave has nothing to rank.
    """
    _one_of("by", by, RANKED)
    if source is not None:
        _one_of("source", source, SOURCES)
    from vigie.engine.rankings import rankings
    from vigie.engine.wave import compute

    chosen = _looked_at(study, wave, (source,) if source else ("mystery", "reviews"))
    taken: Source = source or ("mystery" if "mystery" in chosen.by_source else "reviews")
    session = _session(study, chosen, out, progress, engine)
    results = compute(study, chosen, session, [], lambda s: progress(f"{chosen.id}: {s}"), leagues_only=True)
    found = rankings(results, by, taken)
    if not found:
        message = f"Wave {chosen.id} has no league of {by}s by {FILE_KEYS[taken]}."
        needed = 'Brands are ranked by reviews where an indicator has "source: reviews", "mean: stars" and "by: brand".'
        hint = needed if (by, taken) == ("brand", "reviews") else "Rank by brand, or take another wave or source."
        raise failure("nothing-to-run", message, hint, file=FILE)
    return replace(results, leagues=found)


def compare(
    study: Study, before: str, now: str, *, out: Path | None = None, engine: str = ENGINE,
    progress: Progress = lambda _: None,
) -> Comparison:  # fmt: skip
    """Two waves beside each other: what was measured otherwise, which trends break, and which changes are significant.

    Raises `VigieError` for waves that do not exist or are not in the order of time.
    """
    from vigie.engine.comparisons import compared
    from vigie.engine.overlap import Surveys

    waves = list(study.waves)
    unknown = [w for w in dict.fromkeys((before, now)) if w not in waves]
    if unknown:
        said = [Problem("nothing-to-run", f'There is no wave "{w}".', suggestion(w, waves), FILE) for w in unknown]
        raise VigieError(said)
    if waves.index(before) >= waves.index(now):
        message = f"Wave {before} does not come before wave {now}."
        hint = f"vigie compare STUDY {now} {before}" if before != now else f"Waves: {', '.join(waves)}."
        raise failure("usage", message, f"Name the earlier wave first: {hint}" if before != now else hint)
    line = _Line(study, out or Path(study.folder) / "out", (), progress, engine)
    two = line.computed(study.waves[now])
    known = [line.computed(w) for w in line.before(study.waves[now])]
    progress(f"comparing {before} and {now}")
    one = next(r for r in known if r.wave == before)
    return compared(study, one, two, known, line.panel or Surveys())


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    """Whether an argument is one of those it may be: notebooks are not checked by types."""
    if value not in known:
        raise failure("usage", f'--{name} is not "{value}".', suggestion(str(value), known))


def _looked_at(study: Study, wave: str | None, sources: Sequence[Source]) -> Wave:
    """The wave that was asked for, or the last that has one of the sources."""
    having = [w for w in _wanted(study, wave) if any(s in w.by_source for s in sources)]
    if not having:
        files = " or ".join(FILE_KEYS[s] for s in sources)
        others = [w.id for w in study.waves.values() if any(s in w.by_source for s in sources)]
        where = f"Wave {wave} has" if wave else "The study has"
        hint = f"Waves that have: {', '.join(others)}." if others else 'Add them under "files:" of a wave.'
        raise failure("nothing-to-run", f"{where} no files of {files}.", hint, file=FILE)
    return having[-1]


def _session(study: Study, wave: Wave, out: Path | None, progress: Progress, engine: str) -> Session:
    """The facts of a wave, frozen if they do not stand, on an engine."""
    return _Line(study, out or Path(study.folder) / "out", (), progress, engine).session(wave)


def _wanted(study: Study, wave: str | None) -> list[Wave]:
    if not study.waves:
        raise failure("nothing-to-run", "The study has no waves.", 'Add one under "waves:".', file=FILE)
    if wave is None:
        return list(study.waves.values())
    if wave not in study.waves:
        raise failure("nothing-to-run", f'There is no wave "{wave}".', suggestion(wave, list(study.waves)), file=FILE)
    return [study.waves[wave]]


class _Line:
    """The line for the waves of one study: each may be compared with those before it."""

    def __init__(
        self, study: Study, root: Path, formats: tuple[str, ...], progress: Progress, engine: str
    ) -> None:  # fmt: skip
        _one_of("engine", engine, ENGINES)
        self.study, self.root, self.formats, self.progress, self.engine = study, root, formats, progress, engine
        self.waves = list(study.waves.values())
        self.results: dict[str, WaveResults] = {}
        self.fingerprints: dict[str, str] = {}
        self.panel: Surveys | None = None  # made with the first wave that is computed

    def read(self, waves: Sequence[Wave]) -> None:
        """Freeze the facts of every wave that is to be published, so that all problems of all files come at once."""
        problems: list[Problem] = []
        for wave in waves:
            if wave.published is None and not self._standing(wave):
                try:
                    self.frozen(wave)
                except VigieError as error:
                    problems += error.problems
        if problems:
            raise VigieError(problems)

    def _standing(self, wave: Wave) -> dict[str, Any]:
        """The record of the very same release of a wave, where it is published already and whole; else empty."""
        from vigie.snapshot import releases

        record = releases.run_record(self.root / wave.id)
        return record if record.get("fingerprint") == self._fingerprint(wave) else {}

    def frozen(self, wave: Wave) -> Snapshot:
        """A wave's facts; a place that cannot be written to is a problem, and no traceback."""
        folder = self.root / wave.id
        try:
            return freeze(self.study, wave, folder, lambda s: self.progress(f"{wave.id}: {s}"))
        except OSError as error:
            raise unwritable(error, folder) from error

    def session(self, wave: Wave) -> Session:
        """A wave's facts on the engine of the line."""
        from vigie.engine.session import Session

        return Session(self.frozen(wave), self.opened)

    @cached_property
    def opened(self) -> Engine:
        from vigie.engine.engines import engine

        return engine(self.engine)

    def publish(self, wave: Wave) -> Published:
        """Publish one wave, unless the very same release stands."""
        from vigie.snapshot import releases

        folder = self.root / wave.id
        record = self._standing(wave)
        if record:
            return Published(wave.id, folder / releases.CURRENT, False, tuple(record["files"]), *_counts(record))
        return self._release(wave, folder, self._fingerprint(wave))

    def _release(self, wave: Wave, folder: Path, fingerprint: str) -> Published:
        from vigie.snapshot import releases

        results = self.computed(wave)
        before = [self.computed(w) for w in self.before(wave)]
        files = self._files(results)
        record = {
            "fingerprint": fingerprint, "files": files, "version": __version__,
            "excluded_rows": sum(e.rows for e in results.exclusions if e.reason not in BY_RULE),
            "excluded_cells": sum(e.cells for e in results.exclusions), "notes": list(results.notes),
        }  # fmt: skip
        try:
            releases.sweep(folder)
            current = releases.publish(folder, fingerprint[:16], record, lambda at: self._write(at, results, before))
        except OSError as error:
            raise unwritable(error, folder) from error
        return Published(wave.id, current, True, tuple(files), *_counts(record))

    def before(self, wave: Wave) -> list[Wave]:
        return self.waves[: [w.id for w in self.waves].index(wave.id)]

    def _files(self, results: WaveResults) -> list[str]:
        reports = [f"report.{language}.{f}" for language in results.languages for f in self.formats]
        return ["results.json", *reports]

    def _write(self, path: Path, results: WaveResults, before: Sequence[WaveResults]) -> None:
        """`results.json` and every report of a wave."""
        from vigie.report.writers import writer

        (path / "results.json").write_text(to_json(results), encoding="utf-8")
        for language in results.languages:
            for format_ in self.formats:
                self.progress(f"{results.wave}: writing report.{language}.{format_}")
                writer(format_)(results, before, path / f"report.{language}.{format_}", language)

    def computed(self, wave: Wave) -> WaveResults:
        """The results of a wave, frozen and computed once per run, after those of the wave before it."""
        if wave.id not in self.results:
            from vigie.engine.overlap import Surveys
            from vigie.engine.printed import printed
            from vigie.engine.wave import compute

            def say(step: str) -> None:
                self.progress(f"{wave.id}: {step}")

            earlier = [self.computed(w) for w in self.before(wave)]
            if wave.published is not None:  # there are no facts to freeze
                self.results[wave.id] = printed(self.study, wave, earlier)
            else:
                self.panel = self.panel or Surveys()
                self.results[wave.id] = compute(self.study, wave, self.session(wave), earlier, say, self.panel)
        return self.results[wave.id]

    def _fingerprint(self, wave: Wave) -> str:
        """All that a release depends on: the study, the wave's files, the waves before, the software, the formats."""
        if wave.id not in self.fingerprints:
            before = [self._fingerprint(w) for w in self.before(wave)]
            told = [__version__, self.formats, study_digest(self.study), wave.id, inputs_of(self.study, wave), before]
            text = json.dumps(told, sort_keys=True, default=str)
            self.fingerprints[wave.id] = hashlib.sha256(text.encode()).hexdigest()
        return self.fingerprints[wave.id]


def _counts(record: dict[str, Any]) -> tuple[int, int, tuple[str, ...]]:
    return int(record["excluded_rows"]), int(record["excluded_cells"]), tuple(record["notes"])


def freeze(study: Study, wave: Wave, folder: Path, progress: Progress = lambda _: None) -> Snapshot:
    """Files of a wave to a snapshot of facts, read only if the same facts do not stand yet.

    Raises `VigieError` with all that makes the files unusable.
    """
    from vigie.collect.intake import intake, made_from
    from vigie.snapshot import facts

    study = study.fielded(wave)
    depends_on = made_from(study, wave)
    key = facts.key_of(depends_on)
    standing = facts.find(folder, key)
    if standing is not None:
        return standing
    tables, told = intake(study, wave, progress)
    progress("freezing the facts")
    return facts.freeze(folder, key, tables, depends_on | told)
