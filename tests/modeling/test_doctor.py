"""The doctor finds what does not agree; that it finds nothing otherwise is what every test of this folder ends with."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.doctor.check import examine
from icosa.doctor.documents import definition_problems, record_problems
from icosa.openapi.core import core_document
from icosa.openapi.metadata import Rights, metadata_document
from support.house import House
from support.model import Model, options

Change = Callable[[dict[str, Any]], object]
SCHEMAS = "components", "schemas"


@pytest.fixture
def catalog(house: House, model: Model) -> Catalog:
    boat = model.create_object("boat", "boats")
    model.create_field(boat, "SELECT", "hull", options=options("WOOD", "STEEL"))
    model.create_field(boat, "MULTI_SELECT", "rigs", options=options("SLOOP", "KETCH"))
    model.create_field(boat, "LINKS", "sketch")
    model.create_field(boat, "RATING", "grade")
    found = house.run(load_catalog(house.database, house.workspace_id))
    assert found is not None
    return found  # type: ignore[no-any-return]


def changed(document: dict[str, Any], *path: str, change: Change) -> dict[str, Any]:
    part: Any = document
    for key in path:
        part = part[key]
    change(part)
    return document


WRONG: tuple[tuple[tuple[str, ...], Change, str], ...] = (
    (("paths",), lambda it: it.pop("/boats"), "path /boats is missing"),
    (("paths",), lambda it: it.update({"/ships": {}}), "path /ships belongs to no object"),
    ((*SCHEMAS, "BoatForResponse", "properties"), lambda it: it.pop("sketch"), "boat in answers: sketch is missing"),
    (
        (*SCHEMAS, "BoatForResponse", "properties"),
        lambda it: it.update(sail={}),
        "boat in answers: sail belongs to no field",
    ),
    ((*SCHEMAS, "BoatForUpdate", "properties"), lambda it: it.pop("hull"), "boat.hull in bodies is missing"),
    ((*SCHEMAS, "Boat", "properties"), lambda it: it.update(sail={}), "boat.sail in bodies belongs to no field"),
    ((*SCHEMAS, "BoatHullEnum", "enum"), lambda it: it.remove("WOOD"), "boat.hull: its options are not those"),
    ((*SCHEMAS, "BoatRigsEnum", "enum"), lambda it: it.append("YAWL"), "boat.rigs: its options are not those"),
    (SCHEMAS, lambda it: it.pop("BoatHullEnum"), "#/components/schemas/BoatHullEnum leads nowhere"),
    (
        ("paths", "/boats", "get"),
        lambda it: it.update(operationId="findManyPeople"),
        "operation id findManyPeople is given 2 times",
    ),
)


def test_a_wrong_document_of_records_is_found(catalog: Catalog) -> None:
    assert record_problems(catalog, core_document(catalog, by_person=True)) == []
    for path, change, told in WRONG:
        document = deepcopy(core_document(catalog, by_person=True))
        problems = record_problems(catalog, changed(document, *path, change=change))
        assert any(told in each for each in problems), (told, problems)


def test_a_wrong_document_of_definitions_is_found(catalog: Catalog) -> None:
    rights = Rights(data_model=True, credentials=True, views=True)
    assert definition_problems(catalog, metadata_document(rights)) == []
    lacking = metadata_document(Rights(data_model=True, credentials=False, views=True))
    assert "OpenAPI: path /webhooks is missing" in definition_problems(catalog, lacking)
    document = deepcopy(metadata_document(rights))
    enum = document["components"]["schemas"]["FieldForResponse"]["properties"]["type"]["enum"]
    enum.remove("MORPH_RELATION")
    assert definition_problems(catalog, document) == ["OpenAPI: field type MORPH_RELATION is missing"]


def test_a_column_that_is_gone_is_found(house: House, catalog: Catalog) -> None:
    boat = catalog.by_singular["boat"]
    house.run(house.database.execute(f"alter table {boat.sql_name} rename column hull to keel"))
    problems = house.run(examine(house.database, house.workspace_id))
    assert problems == ["boat: column hull is missing", "boat: column keel belongs to no field"]
    house.run(house.database.execute(f"alter table {boat.sql_name} rename column keel to hull"))
