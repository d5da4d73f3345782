"""A study of two waves and a parallel run, whose instrument or list of channels changed between them."""

from __future__ import annotations

import random
from pathlib import Path

from line import study_folder

STUDY = """
study: links
title: Links
languages: [en]
reports: [REPORTS]
channels: [phone, email, chat]
show: {hide: 2, fragile: 10}
banner: [sex]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: glad, kind: single, label: Are you glad?, options: {y: Yes, n: No}SAME}
  - {id: used, kind: multiple, label: Used, options: channels}
indicators:
  - {id: glad, label: Glad people, share: glad == y, rolling: 2OWN}
  - {id: usage, share: used}
  - {id: channels, mean: count(used)}
waves:
"""
TWO = """\
  - {id: "1", instrument: one.yaml, files: {survey: a.csv}}
  - {id: "2", files: {survey: b.csv}}
"""
RUN = """\
  - {id: "1", mode: phone, files: {survey: a.csv}}
  - {id: "1w", mode: web, parallel: {to: "1", reason: Change of mode}, files: {survey: p.csv}}
  - {id: "2", mode: web, files: {survey: b.csv}}
"""
HAPPY = "questions: [{id: glad, label: Are you happy?}]"
SAME = ", same_as: {wave: '1', reason: {en: Only the politeness changed}}"
LESS = "questions: [{id: used, without: chat}]"


def rows(seed: str, share: float, *, n: int = 400, channels: tuple[str, ...] = ("phone", "email", "chat")) -> str:
    """People of a wave, with keys of their own."""
    rng = random.Random(seed)
    lines = [",".join(["respondent", "sex", "glad", *(f"used.{c}" for c in channels)])]
    for i in range(n):
        used = [str(int(rng.random() < p)) for p in (0.7, 0.5, 0.3)[: len(channels)]]
        lines.append(",".join([f"{seed}{i}", rng.choice("fm"), "y" if rng.random() < share else "n", *used]))
    return "\n".join(lines)


def linked(folder: Path, listed: str, *, same: str = "", own: str = "", reports: str = "en", **files: str) -> Path:
    """The study with these waves; `same` stands in the question, `own` in the indicator, files are named `a_csv`."""
    text = STUDY.replace("SAME", same).replace("OWN", own).replace("REPORTS", reports) + listed
    return study_folder(folder, {"study.yaml": text} | {k.replace("_", "."): v for k, v in files.items()})
