"""How the people of a wave were drawn: strata, clusters and population sizes, as the design of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vigie.engine.groups import Groups
from vigie.errors import failure
from vigie.stats.design import Design, Lonely
from vigie.stats.sums import Sums
from vigie.study.imports import SurveyImport
from vigie.study.model import Study
from vigie.study.waves import Wave


def survey_imports(study: Study, wave: Wave) -> list[SurveyImport]:
    """What reads the survey files of a wave."""
    given = [study.imports.get(f.import_ or "") for f in wave.by_source.get("survey", [])]
    return [i for i in given if isinstance(i, SurveyImport)]


def drawn_by(imports: Sequence[SurveyImport]) -> list[str]:
    """The columns of the facts that tell how people were drawn; everybody is a stratum's, and may be a cluster's."""
    return ["stratum", *(["cluster"] if any(i.cluster is not None for i in imports) else [])]


def drawn(where: Groups, people: Any, counts: Sums, imports: Sequence[SurveyImport], wave: Wave) -> Design:
    """The design of the groups, before anything is calibrated; `people` is the table that they were counted on.

    Raises `VigieError` where a stratum has one sampling unit and the study allows none.
    """
    strata = where.codes[:, where.variables.index("stratum")]
    clustered = "cluster" in where.variables
    cluster = where.codes[:, where.variables.index("cluster")] if clustered else None
    design = Design.of(stratum=strata, cluster=cluster, fpc=_sizes(where, people, imports), lonely=_lonely(imports))
    alone = design.alone(counts)
    if alone.size and design.lonely == "fail":
        names = where.levels[where.variables.index("stratum")]
        listed = [f'"{names[k]}"' for k in alone[:5]]
        unit = "cluster" if clustered else "respondent"
        strata_have = "1 stratum has" if len(alone) == 1 else f"{len(alone):,} strata have"
        more = ", …" if len(alone) > len(listed) else ""
        message = (
            f"In wave {wave.id} {strata_have} one {unit}, whose spread nobody can tell: {', '.join(listed)}{more}."
        )
        hint = "Merge strata, or take `lonely: fail` out of the import."
        raise failure("design", message, hint, file=wave.by_source["survey"][0].path)
    return design


def _sizes(where: Groups, people: Any, imports: Sequence[SurveyImport]) -> Any:
    """(G,) each group's finite population correction; None where no file gives one."""
    if not any(i.fpc is not None for i in imports):
        return None
    rows = people.select("stratum", "fpc").distinct().to_pyarrow().to_pylist()
    by_stratum = {row["stratum"]: row["fpc"] for row in rows}
    at = where.variables.index("stratum")
    return np.array([by_stratum[s] for s in where.levels[at]], dtype=np.float64)[where.codes[:, at]]


def _lonely(imports: Sequence[SurveyImport]) -> Lonely:
    """What a stratum of one unit gives: as the strictest of the imports says."""
    said = {i.lonely for i in imports}
    return next((choice for choice in ("fail", "adjust", "certainty") if choice in said), "adjust")
