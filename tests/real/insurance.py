"""Real online reviews of insurers as a study: columns are mapped here; brands and texts are read when it runs."""

from __future__ import annotations

import csv
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "reviews" / "insurance_fr.csv"
MISSING = not DATA.is_file()
YEARS = ("2019", "2020", "2021")
BRAND, STARS, TEXT, PRODUCT, PUBLISHED, EXPERIENCED = (
    "assureur", "note", "avis", "produit", "date_publication", "date_exp",
)  # fmt: skip

Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


def insurers() -> dict[str, str]:
    """A code of ours for each insurer."""
    return {f"i{k}": name for k, name in enumerate(sorted({r[BRAND].strip() for r in rows()}), start=1)}


def definition() -> dict[str, Any]:
    def indicator(name: str, label: str, **told: Any) -> dict[str, Any]:
        return {"id": name, "source": "reviews", "label": label, **told}

    negative = "polarity(text) == negative"
    return {
        "study": "insurers", "title": {"fr": "Avis sur les assureurs", "en": "Reviews of insurers"},
        "languages": ["fr"], "brands": "brands.csv", "population": {"fr": "Avis publiés", "en": "Published reviews"},
        "reviews": {"questions": [{"id": "product", "kind": "category", "label": {"fr": "Produit", "en": "Product"}}]},
        "indicators": [
            indicator("stars", "Étoiles, en moyenne", mean="stars", by=["brand", "product"], decimals=2),
            indicator("given", "Étoiles données", share="stars"),
            indicator("happy", "4 ou 5 étoiles", share="stars >= 4", by="brand"),
            indicator("unhappy", "1 ou 2 étoiles", share="stars <= 2"),
            indicator("negative", "Textes négatifs", share=negative, base="answered(text)", by="brand"),
            indicator("negative_of_unhappy", "Textes négatifs, 1 ou 2 étoiles", share=negative,
                      base="answered(text) and stars <= 2"),
            indicator("negative_of_happy", "Textes négatifs, 4 ou 5 étoiles", share=negative,
                      base="answered(text) and stars >= 4"),
        ],
        "imports": {
            "site": {
                "brand": BRAND, "stars": STARS, "text": TEXT, "only_platform": "site",
                "published_on": {"from": PUBLISHED, "order": "ymd"},
                "experience_on": {"from": EXPERIENCED, "order": "ymd"}, "columns": {"product": PRODUCT},
            }
        },
        "waves": [
            {"id": y, "field": [f"{y}-01-01", f"{y}-12-31"],
             "files": {"reviews": {"path": "reviews.csv", "import": "site"}}}
            for y in YEARS
        ],
    }  # fmt: skip


def write(folder: Path) -> Path:
    """The study's folder; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(json.dumps(definition(), ensure_ascii=False, indent=1), encoding="utf-8")
    with (folder / "brands.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["brand", "name", "sector"])
        writer.writerows([code, name, "insurance"] for code, name in insurers().items())
    shutil.copyfile(DATA, folder / "reviews.csv")
    return folder
