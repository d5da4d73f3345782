"""The command `vigie`: one command per verb, no logic. Only Typer is imported before a command is known."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

if TYPE_CHECKING:
    from vigie.errors import Problem
    from vigie.run import Published

app = typer.Typer(
    name="vigie", help="An observatory of customer relations: studies become published waves.",
    rich_markup_mode=None, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
StudyFolder = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder (it holds study.yaml).")]
SOURCES = ("survey", "mystery", "reviews", "log")
COMPARE = ("columns", "rest", "agency")
OnEngine = Annotated[str, typer.Option("--engine", help="duckdb, or spark (needs PySpark).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]


def _version(asked: bool) -> None:
    """Print the version before any command is looked for."""
    if asked:
        from vigie import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def vigie(
    _asked: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """An observatory of customer relations: studies become published waves."""


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.")],
    template: Annotated[str, typer.Option(help="observatory, survey, mystery or reviews.")] = "observatory",
) -> None:
    """Write a study folder to start from, with example data that let it run at once."""
    from vigie.templates.writing import write_template

    with telling():
        write_template(folder, template)
    typer.echo(f"Written: {folder}. Its data are examples drawn at random.", err=True)
    typer.echo(f"  next: vigie check {folder}, then vigie run {folder}", err=True)


@app.command()
def check(study: StudyFolder, as_json: AsJson = False) -> None:
    """List every problem of a study at once; exit 0 when there is none, else 1."""
    from vigie import run

    with telling():
        problems = run.check(study)
        if as_json:
            typer.echo(json.dumps([told(p) for p in problems], ensure_ascii=False, indent=1))
        elif problems:
            show(problems)
        else:
            typer.echo("The study is sound. (What its data files hold is checked by `vigie run`.)", err=True)
    raise typer.Exit(1 if problems else 0)


@app.command()
def run(
    study: StudyFolder,
    wave: Annotated[str | None, typer.Option(help="Only this wave (default: all).")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to publish (default: out/ in the study).")] = None,
    formats: Annotated[str, typer.Option(help="Report formats, separated by commas.")] = "html,xlsx",
    engine: OnEngine = "duckdb",
) -> None:
    """Turn the files of the waves into snapshots, results and reports."""
    from vigie import run as line

    wanted = [f.strip() for f in formats.split(",") if f.strip()]
    with telling(), showing() as progress:
        published = line.run(study, wave=wave, out=out, formats=wanted, engine=engine, progress=progress)
    report(published)


@app.command()
def table(
    study: StudyFolder,
    rows: Annotated[str, typer.Option(help="Questions, grids or indicators, separated by commas; or all.")],
    columns: Annotated[str, typer.Option(help="Questions to break by, separated by commas; or channel.")],
    wave: Annotated[str | None, typer.Option(help="This wave (default: the last).")] = None,
    where: Annotated[str | None, typer.Option("--filter", help="A condition: who is counted.")] = None,
    compare: Annotated[str, typer.Option(help="What columns are tested against: columns, rest or agency.")] = "columns",
    adjust: Annotated[str | None, typer.Option(help="holm, bh or none (default: holm; of agency, none).")] = None,
    source: Annotated[str, typer.Option(help="survey, mystery, reviews or log.")] = "survey",
    engine: OnEngine = "duckdb",
    language: Annotated[str | None, typer.Option(help="fr or en (default: the first of the reports).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print tables of a wave, with bases and letters of significant differences between columns.

    Several tables are made together, in as few passes over the data as memory allows; as JSON they are a list.
    """
    from vigie import run
    from vigie.results.encoding import plain
    from vigie.results.tables import ALL_ROWS

    with telling(), showing() as progress:
        one_of(
            compare=(compare, COMPARE), adjust=(adjust, (None, "holm", "bh", "none")), source=(source, SOURCES),
            language=(language, (None, "fr", "en")),
        )  # fmt: skip
        loaded = run.load(study)
        listed, names = ([c.strip() for c in given.split(",") if c.strip()] for given in (rows, columns))
        made = run.tables(
            loaded, listed or [rows], names, wave=wave, where=where, compare=cast("Any", compare),
            adjust=cast("Any", adjust), source=cast("Any", source), engine=engine, progress=progress,
        )  # fmt: skip
    if as_json:
        alone = len(listed) == 1 and listed != [ALL_ROWS]
        typer.echo(json.dumps(plain(made[0] if alone else made), ensure_ascii=False, indent=1))
        return
    from vigie.report.terminal import table_text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    spoken = language or loaded.report_languages[0]
    typer.echo("\n\n".join(table_text(one, spoken, width) for one in made))


@app.command()
def rank(
    study: StudyFolder,
    wave: Annotated[str | None, typer.Option(help="This wave (default: the last).")] = None,
    by: Annotated[str, typer.Option(help="brand, sector or channel.")] = "brand",
    source: Annotated[str | None, typer.Option(help="mystery or reviews (default: the first there is).")] = None,
    engine: OnEngine = "duckdb",
    language: Annotated[str | None, typer.Option(help="fr or en (default: the first of the reports).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the leagues of a wave, each with the ranks that cannot be excluded."""
    from vigie import run
    from vigie.results.encoding import plain

    with telling(), showing() as progress:
        one_of(
            by=(by, ("brand", "sector", "channel")), source=(source, (None, "mystery", "reviews")),
            language=(language, (None, "fr", "en")),
        )  # fmt: skip
        loaded = run.load(study)
        found = run.rank(
            loaded, wave=wave, by=cast("Any", by), source=cast("Any", source), engine=engine, progress=progress
        )
    if as_json:
        typer.echo(json.dumps(plain(found.leagues), ensure_ascii=False, indent=1))
        return
    from vigie.report.terminal import league_text

    typer.echo(league_text(found, language or loaded.report_languages[0]))


@app.command()
def compare(
    study: StudyFolder,
    before: Annotated[str, typer.Argument(metavar="W1", help="The earlier wave.")],
    now: Annotated[str, typer.Argument(metavar="W2", help="The later wave.")],
    engine: OnEngine = "duckdb",
    language: Annotated[str | None, typer.Option(help="fr or en (default: the first of the reports).")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what two waves measured otherwise, which trends break, and which changes are significant."""
    from vigie import run
    from vigie.results.encoding import compared

    with telling(), showing() as progress:
        one_of(language=(language, (None, "fr", "en")))
        loaded = run.load(study)
        made = run.compare(loaded, before, now, engine=engine, progress=progress)
    if as_json:
        typer.echo(json.dumps(compared(made), ensure_ascii=False, indent=1))
        return
    from vigie.report.waves import compare_text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    typer.echo(compare_text(made, language or loaded.report_languages[0], width))


def one_of(**given: tuple[str | None, Sequence[str | None]]) -> None:
    """Every option that is none of those it may be, as one problem each."""
    from vigie.errors import Problem, VigieError, suggestion

    problems = []
    for name, (value, known) in given.items():
        if value not in known:
            hint = suggestion(str(value), [k for k in known if k is not None])
            problems.append(Problem("usage", f'--{name} is not "{value}".', hint))
    if problems:
        raise VigieError(problems)


@app.command()
def schema() -> None:
    """Print the JSON Schema of study.yaml, for editors that complete and check while you type."""
    from vigie.study.schema import study_schema

    typer.echo(json.dumps(study_schema(), ensure_ascii=False, indent=1))


Database = Annotated[str | None, typer.Option(help="postgresql://name:password@host/database (default: SQLite).")]


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the study.")] = Path("demo"),
    size: Annotated[str, typer.Option(help="small or full.")] = "full",
    seed: Annotated[int, typer.Option(help="Another seed draws another sample of the same truth.", min=0)] = 2024,
    serve: Annotated[bool, typer.Option(help="Open the finished study as a site.")] = True,
    port: Annotated[int, typer.Option(help="The port to serve on.", min=1, max=65535)] = 8000,
    database: Database = None,
) -> None:
    """Write a complete demonstration study, run it, and open the observatory on http://127.0.0.1:8000."""
    from vigie import run as line
    from vigie.demo.folder import write_demo
    from vigie.errors import failure

    with telling(), showing() as progress:
        if folder.exists() and not folder.is_dir():
            raise failure("usage", "This is a file, and no folder.", "Name another.", file=str(folder))
        if folder.exists() and any(folder.iterdir()) and not (folder / "truth.json").exists():
            raise failure(
                "usage", "The folder holds something else than a demonstration.", "Name another.", file=str(folder)
            )
        progress("drawing the demonstration study")
        write_demo(folder, size=cast("Literal['small', 'full']", size), seed=seed, progress=progress)
        published = line.run(folder, progress=progress)
    report(published)
    if serve:
        _show(folder, published, port, database or "")


def _show(folder: Path, published: Sequence[Published], port: int, database: str) -> None:
    """Open the finished study as a site, on this machine alone, for everybody to look around."""
    from vigie.web import serving, site

    with telling(), showing() as progress:
        site.settle(folder / "site", database, demo=True)  # that of the environment is a real site's
        site.prepare(progress)
        site.demonstrate(folder, published, progress)
        free = serving.free_port(port)
    typer.echo(f"\nThe observatory is open on http://127.0.0.1:{free}/demonstration  (Ctrl-C to stop)", err=True)
    serving.serve("127.0.0.1", free)


SiteFolder = Annotated[Path | None, typer.Option("--home", help="The site's folder (default: observatory-site).")]


@app.command()
def serve(
    studies: Annotated[
        list[Path] | None, typer.Argument(metavar="[STUDY]...", help="Study folders to bring in.")
    ] = None,
    database: Database = None,
    home: SiteFolder = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to serve on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the observatory as a site, with its background worker."""
    from vigie.errors import failure
    from vigie.web import serving, site

    with telling(), showing() as progress:
        settings = site.settle(home, database)
        if host not in ("127.0.0.1", "localhost", "::1") and not settings.public:
            message = "Others would reach a site that is set up for this machine alone."
            raise failure(
                "site-settings", message, "Set VIGIE_URL, VIGIE_SECRET and VIGIE_MAIL; see docs/how-to/serve-a-site."
            )
        site.prepare(progress)
        for study in site.bring_in(studies or [], progress):
            site.queue(study)
        base = settings.url or f"http://{host}:{port}"
        first = site.first_link(base)
    typer.echo(f"The observatory is on {base}  (Ctrl-C to stop)", err=True)
    if first:
        typer.echo(f"  sign in for the first time: {first}", err=True)
    serving.serve(host, port)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write.")],
    database: Database = None,
    home: SiteFolder = None,
) -> None:
    """Write a site to one file: its database, its studies and releases, its secret. It may be served meanwhile."""
    from vigie.web import safekeeping

    with telling(), showing() as progress:
        size = safekeeping.back_up(file, home, database, progress)
    large = f"{size / (1 << 20):,.1f} MiB" if size >= 1 << 20 else f"{size / (1 << 10):,.0f} KiB"
    typer.echo(f"Written: {file} ({large}). Keep it where nobody else reads it.", err=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `vigie backup` wrote.")],
    database: Database = None,
    home: SiteFolder = None,
) -> None:
    """Make a backup a site again, in an empty folder and an empty database: SQLite or PostgreSQL, whichever it was."""
    from vigie.web import safekeeping

    with telling(), showing() as progress:
        site = safekeeping.restore(file, home, database, progress)
    typer.echo(f"Restored: {site.home}. Start it: vigie serve --home {site.home}", err=True)


def report(published: Sequence[Published]) -> None:
    """Say where everything is, and what was left out."""
    for wave in published:
        typer.echo(f"Wave {wave.wave}: {'published' if wave.fresh else 'nothing has changed'}, {wave.folder}", err=True)
        typer.echo(f"  {', '.join(wave.files)}", err=True)
        if wave.excluded_rows or wave.excluded_cells:
            counts = f"{_counted(wave.excluded_rows, 'row')} and {_counted(wave.excluded_cells, 'cell')}"
            typer.echo(f"  left out: {counts}, counted in results.json, listed in the snapshot's manifest", err=True)
        for note in wave.notes:
            typer.echo(f"  note: {note}", err=True)


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def told(problem: Problem) -> dict[str, str | int | None]:
    """A problem as JSON."""
    names = ("code", "file", "line", "column", "message", "hint")
    return {name: getattr(problem, name) for name in names}


def show(problems: Sequence[Problem]) -> None:
    """Problems on standard error, each with its place and its remedy."""
    for problem in problems:
        typer.echo(str(problem), err=True)
    count = len(problems)
    typer.echo(f"{count} problem{'s' if count > 1 else ''}.", err=True)


@contextmanager
def telling() -> Iterator[None]:
    """Bad input ends with its problems and exit 1, never with a traceback."""
    from vigie.errors import VigieError

    try:
        yield
    except VigieError as error:
        show(error.problems)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("Stopped; what was published before stands.", err=True)
        raise typer.Exit(130) from None


@contextmanager
def showing() -> Iterator[Callable[[str], None]]:
    """The step at work: a spinner on a terminal, one line per step elsewhere; always on standard error."""
    if not sys.stderr.isatty():
        yield lambda step: typer.echo(f"{step} …", err=True)
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting …") as status:
        yield lambda step: status.update(f"{step} …")


def main() -> None:
    """The entry point: a command line that is not understood ends like every bad input, with a remedy and exit 1."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 130
    except Exception as error:
        said = getattr(error, "format_message", None)
        if said is None:
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # bare `vigie`: the help is the answer
            typer.echo(said())
            sys.exit(0)
        typer.echo(f"{said()} See vigie --help. [usage]", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
