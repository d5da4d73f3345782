"""Letters between the columns of a table: how columns are named, and the sentence that tells how they were compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vigie.language import Words
from vigie.results.figures import Estimate, pick
from vigie.results.tables import Table
from vigie.stats.letters import names

MINOR = 0.90


def lettered(columns: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The letter of each column, (variable, code), within its variable; none for the total ("", "")."""
    found: dict[tuple[str, str], str] = {}
    for variable in dict.fromkeys(v for v, _ in columns if v):
        own = [c for c in columns if c[0] == variable]
        found |= dict(zip(own, names(len(own)), strict=True))
    return found


def compared(estimates: Iterable[Estimate]) -> bool:
    """Whether some figure has letters."""
    return any(e.letters for e in estimates)


def table_rule(words: Words, table: Table) -> str:
    """What stands beside the figures of a table: what it says, at which level, after which adjustment."""
    if table.compare == "rest":
        return _against_rest(words, table)
    said = rule(words, table.level, table.minor, table.adjust)
    if table.compare == "columns":
        return said
    agency = words.gettext(
        "The test is that of tabulation programs, on effective bases and the overlap of columns, to compare with older "
        "books: it knows nothing of strata, clusters and calibration, and tests shares only."
    )
    return f"{said} {agency}"


def independence(words: Words, table: Table) -> Iterator[str]:
    """Of each banner variable that was tested as a whole, whether the answers differ with it."""
    for test in table.independence:
        p = words.number(max(test.p, 0.001), 3)
        said = words.gettext("p < {p}", p=p) if test.p < 0.001 else words.gettext("p = {p}", p=p)
        name = words.typeset(pick(table.variables.get(test.variable, {}), words.code))
        if test.p < 1 - table.level:
            yield words.gettext("“{variable}”: answers differ beyond chance, {p} (Rao-Scott).", variable=name, p=said)
        else:
            yield words.gettext("“{variable}”: no difference beyond chance, {p} (Rao-Scott).", variable=name, p=said)


def _against_rest(words: Words, table: Table) -> str:
    if table.minor < table.level:
        said = words.gettext(
            "+ and - mark what is significantly higher or lower than in the rest of the same variable, at {level}; in "
            "brackets at {minor}.",
            level=words.percent(table.level), minor=words.percent(table.minor),
        )  # fmt: skip
    else:
        said = words.gettext(
            "+ and - mark what is significantly higher or lower than in the rest of the same variable, at {level}.",
            level=words.percent(table.level),
        )  # fmt: skip
    family = {
        "holm": words.gettext("Holm’s correction over the columns of one line and one variable."),
        "bh": words.gettext("Benjamini and Hochberg’s correction over the columns of one line and one variable."),
        "none": words.gettext("Not corrected for the number of columns: some signs are there by chance."),
    }[table.adjust]
    return f"{said} {family}"


def rule(words: Words, level: float, minor: float | None = None, adjust: str = "holm") -> str:
    """What a letter says, at which level, after which adjustment over which family."""
    low = min(MINOR, level) if minor is None else minor
    if low < level:
        said = words.gettext(
            "Letters name the categories of the same variable that are significantly lower: capitals at {level}, small "
            "letters at {minor}.",
            level=words.percent(level), minor=words.percent(low),
        )  # fmt: skip
    else:
        said = words.gettext(
            "Letters name the categories of the same variable that are significantly lower, at {level}.",
            level=words.percent(level),
        )  # fmt: skip
    family = {
        "holm": words.gettext("Holm’s correction over the pairs of one line and one variable."),
        "bh": words.gettext("Benjamini and Hochberg’s correction over the pairs of one line and one variable."),
        "none": words.gettext("Not corrected for the number of pairs: some letters are there by chance."),
    }[adjust]
    return f"{said} {family}"
