"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from pydantic import BaseModel, Field

T = TypeVar("T")
MOST = 1000


class Paging(BaseModel):
    """Which part of a list is wanted."""

    limit: int = Field(100, ge=1, le=MOST, description="How many at most.")
    offset: int = Field(0, ge=0, le=10**9, description="How many to pass over.")


class Page(BaseModel, Generic[T]):
    """Part of a list, and how long the whole of it is."""

    total: int
    offset: int
    limit: int
    items: list[T]


def part(found: Sequence[Any] | QuerySet[Any], paging: Paging) -> dict[str, Any]:
    """The fields of a page, with the items as they were found."""
    total = found.count() if isinstance(found, QuerySet) else len(found)
    items = list(found[paging.offset : paging.offset + paging.limit])
    return {"total": total, "offset": paging.offset, "limit": paging.limit, "items": items}
