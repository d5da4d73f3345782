"""Texts in people's own words become the table `verbatims`: redacted before anything of them is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from vigie.study.model import Study

SCHEMA = pa.schema({n: pa.string() for n in ("source", "origin", "question", "value", "text", "language")})


def verbatims(
    source: str, origin: pa.Array, question: str, value: str, texts: pa.Array, keep: Collection[str] = ()
) -> pa.Table:
    """The texts given to a question (and one value of its loop) as rows of `verbatims`; empty ones are left out.

    `origin` holds the key of each text's row (respondent, test, review, case); `keep` are words that are nobody's name,
    such as the brands'. Each distinct text is redacted and its language told once.
    """
    from vigie.verbatim.languages import languages
    from vigie.verbatim.redaction import redact_all

    trimmed = pc.utf8_trim_whitespace(texts.cast(pa.string()))
    filled = pc.fill_null(pc.not_equal(trimmed, ""), False)
    encoded = trimmed.filter(filled).dictionary_encode()
    raw = encoded.dictionary.to_pylist()
    redacted, _ = redact_all(raw, keep=tuple(keep))
    told = pa.array(redacted, pa.string()).take(encoded.indices)
    tongues = pa.array(languages(raw), pa.string()).take(encoded.indices)
    n = len(told)
    return pa.table(
        [pa.repeat(source, n), origin.filter(filled), pa.repeat(question, n), pa.repeat(value, n), told, tongues],
        schema=SCHEMA,
    )


def whole(tables: Sequence[pa.Table]) -> pa.Table:
    """All texts of a wave in one order: by source, question, value of the loop, and origin."""
    table = pa.concat_tables([SCHEMA.empty_table(), *tables])
    keys = [(name, "ascending") for name in ("source", "question", "value", "origin", "text")]
    return table.sort_by(keys).combine_chunks()


def brand_words(study: Study) -> tuple[str, ...]:
    """The names and aliases of brands, of all times: words that redaction keeps."""
    return tuple(sorted({name for brand in study.brands for name in (brand.name, *brand.aliases)}))
