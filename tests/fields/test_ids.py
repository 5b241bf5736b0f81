"""The ids that the server gives."""

from __future__ import annotations

from uuid import RFC_4122, UUID

from icosa.fields.uuids import fresh_id, is_record_id

MANY = 2000


def test_they_are_random_uuids_of_version_4() -> None:
    made = [fresh_id() for _ in range(MANY)]
    for each in made:
        parsed = UUID(each)
        assert (str(parsed), parsed.version, parsed.variant) == (each, 4, RFC_4122)
        assert is_record_id(each)
    assert len(set(made)) == MANY
    for position, digits in enumerate(zip(*(each.replace("-", "") for each in made), strict=True)):
        kinds = {12: 1, 16: 4}.get(position, 16)
        assert len(set(digits)) == kinds, f"digit {position} is not random"
