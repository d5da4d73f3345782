"""What automatic coders read in batches of texts, on whatever engine: polarity and intensity, brands named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from vigie.verbatim import polarity
from vigie.verbatim.mentions import Names

WHERE = ("source", "origin", "question", "value")  # what a text is found by
_PLACE = [pa.field(name, pa.string()) for name in WHERE]


class Coder(Protocol):
    """Texts in, codes out, batch by batch: each row of the result says which text it is about."""

    @property
    def schema(self) -> pa.Schema: ...

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]: ...


@dataclass(frozen=True, slots=True)
class Polarity:
    """One row per text: its polarity, its intensity (null where the text cannot be analysed) and its score."""

    schema: ClassVar[pa.Schema] = pa.schema(
        [*_PLACE, ("polarity", pa.string()), ("intensity", pa.float64()), ("score", pa.float64())]
    )

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            languages = pc.fill_null(batch["language"], "").to_pylist()
            found = polarity.read_all(batch["text"].to_pylist(), languages)
            told = pa.array([r.polarity for r in found], pa.string())
            strength = pa.array([float(r.intensity) for r in found], pa.float64())
            away = pc.equal(told, "not_analysable")
            columns = [
                *(batch[name] for name in WHERE), told, pc.if_else(away, pa.scalar(None, pa.float64()), strength),
                pa.array([r.score for r in found], pa.float64()),
            ]  # fmt: skip
            yield pa.record_batch(columns, schema=self.schema)


@dataclass(frozen=True, slots=True)
class Mentions:
    """One row per text and brand that it names; `called` are the names of each brand."""

    called: Mapping[str, Sequence[str]]
    schema: ClassVar[pa.Schema] = pa.schema([*_PLACE, ("brand", pa.string())])

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        names = Names(self.called)
        for batch in batches:
            pairs = sorted({(m.text, m.brand) for m in names.find(batch["text"].to_pylist())})
            at = pa.array([text for text, _ in pairs], pa.int64())
            brands = pa.array([brand for _, brand in pairs], pa.string())
            yield pa.record_batch([*(batch[name].take(at) for name in WHERE), brands], schema=self.schema)
