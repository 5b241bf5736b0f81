"""An index tells which fields it is made of, so a role sees those only that it may read whole."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House
from support.model import Model, Refused

INDEX = "id name indexFieldMetadataList { fieldMetadataId }"
ALL = f"""
query {{ indexMetadatas(paging: {{first: 1000}}) {{ edges {{ node {{ {INDEX} }} }} }} }}
"""
OF_OBJECT = f"""
query ($id: UUID!) {{ object(id: $id) {{ imageIdentifierFieldMetadataId
  indexMetadataList {{ {INDEX} }} indexMetadatas(paging: {{first: 100}}) {{ edges {{ node {{ {INDEX} }} }} }} }} }}
"""
HIDE = """
insert into core.field_permission (role_id, object_id, field_id, can_read)
select r.id, f.object_id, f.id, false
from core.role r, core.field_metadata f where r.label = 'Read only' and f.id = $1
"""
GRANT = """
insert into core.permission_flag (role_id, flag) select id, 'DATA_MODEL' from core.role where label = 'Read only'
"""


def test_indexes_over_hidden_fields_are_left_out(house: House, model: Model) -> None:
    trip = model.create_object("trip", "trips")
    secret = model.create_field(trip, "TEXT", "secret", isUnique=True)["id"]
    open_field = model.create_field(trip, "TEXT", "open")["id"]
    document = f"mutation ($input: CreateOneIndexMetadataInput!) {{ createOneIndex(input: $input) {{ {INDEX} }} }}"

    def make(*fields: str) -> Any:
        listed = [{"fieldMetadataId": each} for each in fields]
        return model.ask(document, input={"index": {"objectMetadataId": trip["id"], "fields": listed}})["id"]

    mixed, plain = make(open_field, secret), make(open_field)
    house.run(house.database.execute(HIDE, secret))
    key = house.make_key("Read only")

    def told(query: str, asked_by: str, **variables: Any) -> bytes:
        return house.ask("POST", "/metadata", {"query": query, "variables": variables}, key=asked_by).content

    for query, variables in ((ALL, {}), (OF_OBJECT, {"id": trip["id"]})):
        whole, seen = told(query, house.key, **variables).decode(), told(query, key, **variables).decode()
        assert (mixed in whole, secret in whole, plain in whole) == (True, True, True)
        assert (mixed in seen, secret in seen, plain in seen) == (False, False, True)
    one = f"query ($id: UUID!) {{ index(id: $id) {{ {INDEX} }} }}"
    assert b"INDEX_METADATA_NOT_FOUND" in told(one, key, id=mixed)
    # Even a role that may change the model cannot tell by deleting it that it is there.
    house.run(house.database.execute(GRANT))
    house.key = house.make_key("Read only")
    with pytest.raises(Refused) as refused:
        model.ask("mutation ($id: UUID!) { deleteOneIndex(input: {id: $id}) { name } }", id=mixed)
    assert refused.value.code == "INDEX_METADATA_NOT_FOUND"
