"""What other rooms make of a catalog and keep for as long as it lasts.

It may refer to the catalog: both go together, which a cache beside it would prevent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, cast

from icosa.catalog.model import Catalog

T = TypeVar("T")


class Companions(Generic[T]):
    """One companion for each catalog."""

    def of(self, catalog: Catalog, make: Callable[[], T]) -> T:
        """Return a catalog's companion, made when there is none."""
        found = catalog.companions.get(self)
        if found is None:
            found = catalog.companions[self] = make()
        return cast("T", found)
