"""Files of reviews become facts: `reviews`, one row per review and brand, and the redacted texts.

Only published reviews count. Authors are numbers in the order of their keys' hashes: no name is kept, and the same
files give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Cells, folded, read_value, translate
from vigie.collect.authors import TEXT, numbered, once
from vigie.collect.choices import split
from vigie.collect.ledger import Ledger, Mask, mask
from vigie.collect.own import answered_anything, read_own, redacted, routed
from vigie.collect.records import FILE, ROW, Records
from vigie.collect.sheet import taken
from vigie.collect.source import fold_label, open_source
from vigie.collect.texts import brand_words, whole
from vigie.errors import Problem, VigieError
from vigie.formats.relative_dates import relative_dates
from vigie.formats.values import codes
from vigie.study.fields import NO, YES
from vigie.study.imports import Column, ReviewsImport
from vigie.study.mappings import MODERATION
from vigie.study.model import Study
from vigie.study.waves import Wave

PLAIN = ReviewsImport.model_validate(
    {n: n for n in ("review", "brand", "stars", "text", "title", "author", "channel", "platform", "solicited",
                    "verified", "moderation", "experience_on", "published_on", "collected_on", "replied", "replied_at")}
)  # fmt: skip
PUBLISHED = "published"
_OF_STARS = r"\s*(?:/\s*{most}|sur\s+{most}|out\s+of\s+{most}|[ée]toiles?|stars?)\s*$"
_DRAWN = r"^[★⭐]+[☆✩]*$"


def read_reviews(study: Study, wave: Wave, ledger: Ledger) -> tuple[dict[str, pa.Table], int]:
    """The facts of a wave's reviews, and the number of rows read."""
    tables, read = [], 0
    files = wave.by_source.get("reviews", [])
    for index, file in enumerate(files):
        given = study.imports.get(file.import_ or "")
        rules = given if isinstance(given, ReviewsImport) else PLAIN
        source = open_source(Path(study.folder), file.path, rules, ledger)
        read += source.read
        records = Records(study, wave, source, rules, optional=given is None)
        table = _File(records, f"{index + 1}-" if len(files) > 1 else "").table()
        if table is not None:
            tables.append(table)
    ledger.stop_if_fatal()
    reviews = once(pa.concat_tables(tables, promote_options="default"), ledger)
    if not reviews.num_rows:
        hint = "See `keep:`, `field:` and the brands." if read else "The file has headers and no rows."
        raise VigieError(Problem("no-rows", f"No review is left of {read:,} rows.", hint, files[0].path))
    found, told = redacted("reviews", numbered(reviews), "review", brand_words(study))
    return {"reviews": found.drop_columns([FILE, ROW]), "verbatims": whole(told)}, read


@dataclass
class _File:
    """Reads one file; `prefix` makes the numbers of its rows those of no other file."""

    records: Records
    prefix: str

    def table(self) -> pa.Table | None:
        """The reviews that count, with where each stands; None where a column that is needed is missing."""
        placed = self.records.required("brand")
        if placed is None:
            return None
        study, wave, records = self.records.study, self.records.wave, self.records
        keys, named = self._kept(placed)
        keys, named, published, guessed = self._of_wave(keys, named)
        cells, own = self._columns(published, mask(guessed)), read_own(records, "reviews")
        told = mask(cells["stars"].is_valid()) | mask(cells[TEXT].is_valid()) | answered_anything(own)
        records.drop("no_answer", ~told, keys, "has neither stars nor a text")
        keys, named, *filled = records.settle(keys, named, *cells.values())
        at, brand = self._brands(named)
        keep, n = pa.array(at), len(at)
        columns = {name: c.take(keep) for name, c in zip(cells, filled, strict=True)}
        sector, parts = records.sector(brand), np.bincount(at, minlength=len(keys))
        fields = {"brand": brand, "sector": sector, **columns, "text": columns[TEXT]}
        states = routed(study, wave, "reviews", taken(own, np.flatnonzero(told)[at]), fields)
        head = {
            "review": keys.take(keep), "wave": pa.repeat(wave.id, n), "part": pa.array(1.0 / parts[at]),
            "brand": brand, "sector": sector,
        }  # fmt: skip
        places = {k: v.take(keep) for k, v in records.places().items()}
        return pa.table(head | columns | states | places)

    def _keys(self) -> pa.Array:
        placed = self.records.placed("review")
        if placed is None:
            rows = pa.array(self.records.source.numbers).cast(pa.string())
            return pc.binary_join_element_wise(pa.scalar(self.prefix), rows, "")
        return codes(placed[1])

    def _kept(self, placed: tuple[str, pa.Array]) -> tuple[pa.Array, ...]:
        """The keys and the brands' cells of the rows that were published and name brands of the wave."""
        records, keys = self.records, self._keys()
        records.drop("missing-id", ~mask(keys.is_valid()), keys, "is not a review")
        self._moderated()
        shown, raw = placed
        rows, names, found = self._split(raw)
        unknown = ~mask(found.is_valid())
        lost = unknown & mask(names.is_valid())
        records.hopeless("unknown-brand", "brand", shown, names, lost, list(records.brands))
        bad = np.ones(len(raw), dtype=bool)
        bad[rows] = False  # whose cell names somebody
        bad[rows[unknown]] = True
        records.drop("unknown-brand", bad, raw, "is not a brand of this wave")
        return records.settle(keys, raw)

    def _split(self, raw: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array, pa.Array]:
        """Of every name in the brands' cells: its row, the name, and the brand; an empty piece names nobody."""
        column = self.records.named("brand") or Column.model_validate({"from": "brand"})
        rows, names = split(raw, column.delimiter)
        if column.delimiter is not None:
            said = mask(names.is_valid())
            rows, names = rows[said], names.filter(pa.array(said))
        return rows, names, self.records.brand(names, column.codes)

    def _brands(self, raw: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """One position and one brand for each review and brand."""
        rows, _, brand = self._split(raw)
        pairs = pa.table({"at": rows, "brand": brand})
        pairs = pairs.group_by(["at", "brand"], use_threads=False).aggregate([]).sort_by([("at", "ascending")])
        return pairs["at"].combine_chunks().to_numpy(), pairs["brand"].combine_chunks()

    def _moderated(self) -> None:
        """Only published reviews count; those refused by moderation, or pending, are left out."""
        placed, column = self.records.placed("moderation"), self.records.named("moderation")
        if placed is None or column is None:
            return
        table = {k: k for k in MODERATION} | {fold_label(k): v for k, v in column.codes.items()}
        raw = placed[1]
        found = pc.coalesce(translate(codes(raw), dict(column.codes)), translate(folded(raw), table))
        found = pc.if_else(raw.is_valid(), found, pa.scalar(PUBLISHED))
        self.records.drop("unknown-code", ~mask(pc.is_in(found, pa.array(MODERATION))), raw, "is not a status")
        self.records.drop("moderation", ~mask(pc.equal(found, PUBLISHED)), raw, "is not published")

    def _of_wave(self, keys: pa.Array, named: pa.Array) -> tuple[pa.Array, ...]:
        """Of the reviews published in the wave: keys, brands' cells, times of publication, and which are relative."""
        published, raw, guessed = self._published()
        day = published.cast(pa.date32(), safe=False)
        self.records.outside(day, raw, "is no day of publication")
        return self.records.settle(keys, named, published, pa.array(guessed))

    def _published(self) -> tuple[pa.Array, pa.Array, Mask]:
        """The time of publication, its cells, and where it counts back from the day of collection."""
        records, n = self.records, len(self.records.source)
        placed = records.placed("published_on")
        if placed is None:
            return pa.nulls(n, pa.timestamp("us")), pa.nulls(n, pa.string()), np.zeros(n, dtype=bool)
        shown, raw = placed
        found = records.dated("published_on", shown, raw)
        values, wrong, relative = found.values, mask(found.failed), np.zeros(n, dtype=bool)
        why = "is not a possible date"
        if wrong.any():
            told = relative_dates(raw, self._collected())
            relative = mask(told.relative) & ~mask(values.is_valid())
            values = pc.coalesce(values, told.values)
            lost = relative & ~mask(values.is_valid())
            why_lost = "counts from a day that is not known: map `collected_on:`"
            records.source.refuse("bad-date", shown, raw, lost, why_lost)
            wrong &= ~relative
        records.source.refuse("bad-date", shown, raw, wrong, why)
        return values, raw, relative

    def _columns(self, published: pa.Array, guessed: Mask) -> dict[str, pa.Array]:
        """The fields of the reviews that stand."""
        records = self.records
        day = published.cast(pa.date32(), safe=False)
        columns: dict[str, pa.Array] = {
            "channel": records.channel_cells(), "author": self._author(), "platform": self._platform(),
            "moderation": pa.repeat(PUBLISHED, len(records.source)),
            "solicited": records.yes_no("solicited"), "verified": records.yes_no("verified"),
            "replied": records.yes_no("replied", words=True), "published": day,
            "experience_on": records.moment("experience_on").cast(pa.date32(), safe=False),
            "published_on": published, "replied_at": records.moment("replied_at"), "stars": self._stars(),
            TEXT: self._text(), "censored_at": self._looked(),
        }  # fmt: skip
        early = mask(pc.greater(columns["experience_on"], day)) & ~guessed
        records.contradict("experience_on", columns, early, "is after the publication")
        self._replies(columns, day)
        columns["experienced"] = columns.pop("experience_on")
        return columns

    def _replies(self, columns: dict[str, pa.Array], day: pa.Array) -> None:
        """A reply does not come before the review; one dated on its day, without a time, came at the earliest then."""
        records = self.records
        before = mask(pc.less(columns["replied_at"].cast(pa.date32(), safe=False), day))
        records.contradict("replied_at", columns, before, "is before the publication")
        never = mask(columns["replied_at"].is_valid()) & mask(pc.equal(columns["replied"], NO))
        if records.has("replied"):
            records.contradict("replied_at", columns, never, "though there was no reply")
        dated = columns["replied_at"].is_valid()
        columns["replied_at"] = pc.if_else(
            dated, pc.max_element_wise(columns["replied_at"], columns["published_on"]), columns["replied_at"]
        )
        if records.has("replied_at"):
            said = pc.if_else(dated, YES, pa.scalar(None, pa.string()) if records.has("replied") else pa.scalar(NO))
            columns["replied"] = pc.coalesce(columns["replied"], said)

    def _collected(self) -> pa.Array:
        """When each review was collected, as the rows stand now."""
        return self.records.moment("collected_on")

    def _looked(self) -> pa.Array:
        """Until when a reply would have been seen: the moment of collection, or the end of its day."""
        moment = self._collected()
        day = pc.floor_temporal(moment, unit="day")
        over = pc.add(day, pa.scalar(86_400_000_000, pa.duration("us")))
        return pc.if_else(pc.equal(moment, day), over, moment)

    def _author(self) -> pa.Array:
        placed = self.records.placed("author")
        return codes(placed[1]) if placed else pa.nulls(len(self.records.source), pa.string())

    def _platform(self) -> pa.Array:
        rules = self.records.rules
        only = rules.only_platform if isinstance(rules, ReviewsImport) else None
        found = self.records.text("platform")
        return found if only is None else pc.fill_null(found, only)

    def _stars(self) -> pa.Array:
        """Whole stars from 1 to the most; written 4, 4/5, "4 étoiles" or ★★★★."""
        records = self.records
        placed, column = records.placed("stars"), records.named("stars")
        if placed is None or column is None:
            return pa.nulls(len(records.source), pa.float64())
        most = records.study.reviews.stars
        plain = pc.replace_substring_regex(placed[1], "(?i)" + _OF_STARS.format(most=most), "")
        drawn = pc.match_substring_regex(plain, _DRAWN)
        if pc.any(drawn).as_py():
            counted = pc.count_substring_regex(plain, "[★⭐]").cast(pa.string())
            plain = pc.if_else(drawn, counted, plain)
        question = records.study.asked("reviews")["stars"]
        return read_value(Cells(records.source, question, column, records.study), placed[0], plain).values[""]

    def _text(self) -> pa.Array:
        """The title and the text; a title that only repeats the beginning of the text is left out."""
        found = [self.records.placed(name, partial=True) for name in ("title", "text")]
        n = len(self.records.source)
        title, text = (f[1] if f else pa.nulls(n, pa.string()) for f in found)
        title = pc.replace_substring_regex(title, r"\s*(?:…|\.\.\.)$", "")
        ended = pc.match_substring_regex(title, r"[.!?:]\s*$")
        ended = pc.if_else(ended, title, pc.binary_join_element_wise(title, "", "."))
        both = pc.coalesce(pc.binary_join_element_wise(ended, text, " "), text, title)
        return pc.if_else(pa.array(_begins(text, title)), text, both)


def _begins(text: pa.Array, title: pa.Array) -> Mask:
    """Where a text begins with its title; titles of one length at a time."""
    sizes = pc.fill_null(pc.utf8_length(title), 0).to_numpy(zero_copy_only=False)
    found = np.zeros(len(text), dtype=bool)
    for size in np.unique(sizes[sizes > 0]).tolist():
        at = np.flatnonzero(sizes == size)
        here = pa.array(at)
        found[at] = mask(pc.equal(pc.utf8_slice_codeunits(text.take(here), 0, size), title.take(here)))
    return found
