"""Studies of reviews, cases and tests that are small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from line import results, study_folder

STUDY = """
study: small
title: Small
languages: [en]
channels: [phone, email]
brands: brands.csv
show: {hide: 2, fragile: 10}
mystery: {min_tests: 2, show: {hide: 2, fragile: 10}MYSTERY}
reviews: {min_reviews: 2, show: {hide: 2, fragile: 10}REVIEWS}
log: {show: {hide: 2, fragile: 10}LOG}
indicators:
INDICATORS
waves:
WAVES
"""
BRANDS = "brand,name,sector\na,Albane,s\nb,Bertil,s\nc,Corvin,t\nd,Dorval,t\n"


def study(
    folder: Path, indicators: Sequence[str], waves: dict[str, dict[str, str]], *, brands: str = BRANDS, more: str = "",
    fields: str = "", reading: str = "", **sections: str,
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The results of waves, each given as its files' texts by source.

    `sections` are further keys of each source, `reading` is the import of all files.
    """
    text, files = STUDY, {"brands.csv": brands}
    for source in ("mystery", "reviews", "log"):
        text = text.replace(source.upper(), f", {sections[source]}" if source in sections else "")
    listed = []
    for wave, given in waves.items():
        how = f", import: {reading}" if reading else ""
        told = ", ".join(f"{s}: {{path: {wave}-{s}.csv{how}}}" for s in given if s != "published")
        files |= {f"{wave}-{source}.csv": table for source, table in given.items()}
        what = f"files: {{{told}}}" if told else f"published: {wave}-published.csv"
        listed.append(f'  - {{id: "{wave}", {fields}{what}}}')
    text = text.replace("INDICATORS", "\n".join(f"  - {i}" for i in indicators)).replace("WAVES", "\n".join(listed))
    return results(study_folder(folder, files | {"study.yaml": text + more}))


def table(header: str, rows: Sequence[str]) -> str:
    """A CSV file."""
    return "\n".join([header, *rows]) + "\n"
