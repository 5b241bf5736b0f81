"""What a root field may cost, counted while it is planned (`graphql-core.md` section 1, `DECISIONS.md` item 23)."""

from __future__ import annotations

from dataclasses import dataclass

from icosa.errors import BadInput

DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the tree of relations a selection stands.

    Attributes:
        depth: relations above it.
        pages: how many records one-to-many relations above it may bring, the outermost page apart.
        page: the size of the nearest one-to-many page above it; 0 when there is none.
    """

    depth: int = 0
    pages: int = 1
    page: int = 0

    def to_one(self) -> Place:
        """Return the place behind a many-to-one relation."""
        return Place(self.depth + 1, self.pages, self.page)

    def to_many(self, limit: int) -> Place:
        """Return the place behind a one-to-many relation; below another one it counts for each of that one's records."""
        return Place(self.depth + 1, self.pages * max(self.page, 1), max(limit, 1))


class Budget:
    """The relations of one root field.

    Args:
        most: `COMMON_QUERY_COMPLEXITY_LIMIT`.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._spent = 1

    def spend(self, place: Place) -> None:
        """Count a relation at its place.

        Raises:
            BadInput: `MAX_DEPTH_REACHED` or `TOO_COMPLEX_QUERY`.
        """
        if place.depth > DEEPEST:
            raise BadInput(f"Relations may be nested {DEEPEST} levels deep at most", "MAX_DEPTH_REACHED")
        self._count(place.pages)

    def spend_keys(self, number: int) -> None:
        """Count the relations that an order goes through."""
        self._count(number)

    def multiply(self, groups: int) -> None:
        """Count what has been spent once for each group that may be answered."""
        self._spent = 1 + self._spent * max(groups, 1)
        self._count(0)

    def _count(self, cost: int) -> None:
        self._spent += cost
        if self._spent > self._most:
            raise BadInput(
                f"The query asks for more relations than the complexity limit of {self._most} allows",
                "TOO_COMPLEX_QUERY",
            )
