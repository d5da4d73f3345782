"""A real online panel as a study: columns and codes are mapped here; words and figures are read when it runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from real.workbook import Block, blocks

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "surveys"
DATA = SHARED / "panel_france_2021.csv"
BOOK = SHARED / "panel_france_2021_published.xlsx"
MISSING = not (DATA.is_file() and BOOK.is_file())
COUNTRIES = "FR_IT_ES_BE_NL_DE_GR_EE_AT_IE"
WAVE = "2021"
COMPLETE = "complete == 1"


@dataclass(frozen=True)
class Line:
    """Questions of one shape: `{item}` in the id and the column runs from 1 to `items`."""

    id: str
    kind: str  # single, multiple, scale, rank, numeric, slider
    column: str
    items: int = 1
    ask_if: str = COMPLETE


TABLE = (
    Line("sex", "single", "Q1x1", ask_if=""),
    Line("years", "numeric", "Q1x2r1", ask_if=""),
    Line("age", "single", "HIDAGE", ask_if=""),
    Line("education", "single", "Q1x3", ask_if=""),
    Line("income", "single", f"Q1x4_{COUNTRIES}", ask_if=""),
    Line("savings", "single", f"Q1x5_{COUNTRIES}", ask_if=""),
    Line("invests", "single", "Q1x6"),
    Line("invests_so", "single", "Q1x7", ask_if="invests == 1"),
    Line("profile_{item}", "numeric", "Q1x8r{item}", 4),
    Line("choosing_{item}", "scale", "Q1x9r{item}", 3),
    Line("goal_{item}", "numeric", "Q1x10r{item}", 5),
    Line("knowledge_{item}", "scale", "Q1x11r{item}", 2),
    Line("aim_{item}", "scale", "Q2Ax1x{item}", 2),
    Line("aim_c", "scale", "Q2Ax2"),
    Line("aim_d", "scale", "Q2Ax3"),
    Line("aim_e", "scale", "Q2Ax4"),
    Line("order_{item}", "rank", "Q2Ax5r{item}", 4),
    Line("cause_{item}", "rank", "Q2Bx1r{item}", 17),
    Line("voting", "single", "Q2Bx3", ask_if="order_1 in 1..2"),
    Line("engaging", "single", "Q2Bx4", ask_if="order_1 in 1..2"),
    Line("avoid_a{item}", "scale", "Q2Bx5r{item}", 9, ask_if="order_2 in 1..2"),
    Line("avoid_b{item}", "scale", "Q2Bx6r{item}", 3, ask_if="order_2 in 1..2"),
    Line("avoid_c{item}", "scale", "Q2Bx7r{item}", 10, ask_if="order_2 in 1..2"),
    Line("avoid_d{item}", "scale", "Q2Bx8r{item}", 7, ask_if="order_2 in 1..2"),
    Line("how_far", "single", "Q2Bx9", ask_if="order_2 in 1..2"),
    Line("means", "single", "Q2Bx10"),
    Line("if_none", "single", "Q2Cx1"),
    Line("gives_up", "scale", "Q2Cx2"),
    Line("price_a", "slider", "Q2Cx3xA", ask_if="gives_up >= 5"),
    Line("price_b", "slider", "Q2Cx3xB", ask_if="gives_up >= 5"),
    Line("words_a", "multiple", "Q3x1r{option}"),
    Line("says_a", "single", "Q3x2"),
    Line("told_a", "single", "Q3x3", ask_if="says_a == 2"),
    Line("words_b", "multiple", "Q3x7r{option}"),
    Line("says_b", "single", "Q3x8"),
    Line("told_b", "single", "Q3x9", ask_if="says_b == 1"),
    Line("words_c", "multiple", "Q3x10r{option}"),
    Line("says_c", "single", "Q3x11"),
    Line("told_c", "single", "Q3x12", ask_if="says_c in [1, 2]"),
    Line("words_d", "multiple", "Q3x13r{option}"),
    Line("one_word", "single", "Q3x14"),
    Line("accept_a{item}", "scale", "Q4x1r{item}", 4),
    Line("accept_b{item}", "scale", "Q4x3r{item}", 5),
)


@dataclass(frozen=True)
class Asked:
    """One question with the blocks that print it: one, or one per option."""

    id: str
    kind: str
    column: str
    ask_if: str
    blocks: tuple[Block, ...]


def asked(printed: Mapping[str, Block], lines: Sequence[Line] = TABLE) -> Iterator[Asked]:
    """Every question of these lines with what the book prints of it."""
    for line in lines:
        if line.kind == "multiple":
            own = [b for name, b in printed.items() if name.startswith(line.column.removesuffix("{option}"))]
            yield Asked(line.id, line.kind, line.column, line.ask_if, tuple(own))
            continue
        for item in range(1, line.items + 1):
            column = line.column.format(item=item)
            yield Asked(line.id.format(item=item), line.kind, column, line.ask_if, (printed[column],))


def options(question: Asked) -> dict[str, str]:
    """Codes and labels of a closed question; those of a multiple one are the items of its blocks."""
    if question.kind == "multiple":
        return {str(k): block.item for k, block in enumerate(question.blocks, start=1)}
    return question.blocks[0].labels


def _question(question: Asked) -> dict[str, Any]:
    first = question.blocks[0]
    found: dict[str, Any] = {"id": question.id, "kind": question.kind, "label": first.wording}
    if question.ask_if:
        found["ask_if"] = question.ask_if
    if question.kind == "multiple":
        found |= {"label": first.text, "options": options(question)}
    elif question.kind == "single":
        found["options"] = options(question)
    elif question.kind in ("scale", "rank", "slider"):
        codes = list(first.labels)
        ends = {"from": int(codes[0]), "to": int(codes[-1])}
        found |= {"kind": "scale", "scale": ends | {"low": first.labels[codes[0]], "high": first.labels[codes[-1]]}}
    return found


def _indicators(question: Asked) -> Iterator[dict[str, Any]]:
    label = _question(question)["label"]
    if question.kind != "numeric":
        yield {"id": question.id, "label": label, "share": question.id}
    if question.blocks[0].mean is not None:
        yield {"id": f"mean_{question.id}", "label": label, "mean": question.id}


def definition(questions: Sequence[Asked], *, keep: str, banner: Sequence[str]) -> dict[str, Any]:
    """The whole study; `keep` filters the file's rows."""
    whole = {"id": "complete", "kind": "single", "label": "Interview", "options": {"1": "Complete", "2": "Ended early"}}
    columns: dict[str, Any] = {q.id: q.column for q in questions}
    return {
        "study": "panel",
        "title": {"fr": "Panel", "en": "Panel"},
        "languages": ["fr"],
        "questions": [whole, *(_question(q) for q in questions)],
        "indicators": [i for q in questions for i in _indicators(q)],
        "banner": list(banner),
        "imports": {
            "panel": {
                "respondent": "record",
                "started_at": {"from": "date", "order": "ymd"},
                "duration": {"from": "qtime", "unit": "s"},
                "keep": keep,
                "columns": {"complete": "h_ctype"} | columns,
            }
        },
        "waves": [{"id": WAVE, "panel": "access", "files": {"survey": {"path": "survey.csv", "import": "panel"}}}],
    }


def write_study(
    folder: Path,
    *,
    keep: str = "status == 3",
    banner: Sequence[str] = ("sex", "age"),
    lines: Sequence[Line] = TABLE,
) -> list[Asked]:
    """Write the study and its data into a folder; its questions, with what the book prints of each."""
    questions = list(asked(blocks(BOOK), lines))
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(definition(questions, keep=keep, banner=banner), ensure_ascii=False, indent=1)
    (folder / "study.yaml").write_text(told + "\n", encoding="utf-8")  # JSON is YAML
    shutil.copyfile(DATA, folder / "survey.csv")
    return questions
