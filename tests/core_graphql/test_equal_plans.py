"""REST and GraphQL plan the same read to the same plan but for its form, so both have the same statement behind it."""

from __future__ import annotations

from typing import Any

from icosa.catalog.load import load_catalog
from icosa.graphql.arguments import read_filter as graphql_filter
from icosa.graphql.arguments import read_order as graphql_order
from icosa.graphql.arguments import read_page
from icosa.plan.reads import Page, Read, Records, Source
from icosa.plan.values import Values
from icosa.records.selections import flat_record
from icosa.rest.filters import read_filter as rest_filter
from icosa.rest.orders import read_order as rest_order
from support.house import House


def test_the_same_read_has_the_same_plan(house: House) -> None:
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    owner = catalog.by_singular["opportunity"]
    cases: list[tuple[str, str, Any, Any]] = [
        ("stage[eq]:NEW", "name", {"stage": {"eq": "NEW"}}, [{"name": "AscNullsFirst"}]),
        (
            'or(company.name[like]:"%a%",not(amount.amountMicros[gt]:5))',
            "company.name[DescNullsLast],closeDate[AscNullsLast]",
            {"or": [{"company": {"name": {"like": "%a%"}}}, {"not": {"amount": {"amountMicros": {"gt": 5}}}}]},
            [{"company": {"name": "DescNullsLast"}}, {"closeDate": "AscNullsLast"}],
        ),
        (
            "and(createdBy.source[in]:[API,MANUAL],deletedAt[is]:NOT_NULL)",
            "amount.amountMicros[AscNullsLast]",
            {"and": [{"createdBy": {"source": {"in": ["API", "MANUAL"]}}}, {"deletedAt": {"is": "NOT_NULL"}}]},
            [{"amount": {"amountMicros": "AscNullsLast"}}],
        ),
    ]
    shape = Records(flat_record(owner))
    for rest_text, rest_sorted, condition, ordered in cases:
        rest_values, graphql_values = Values(), Values()
        rest = Read(
            Source(
                owner, rest_filter(catalog, owner, [rest_text], rest_values), rest_order(catalog, owner, rest_sorted)
            ),
            Page(20),
            shape,
        )
        order = graphql_order(catalog, owner, ordered)
        graphql = Read(
            Source(owner, graphql_filter(catalog, owner, condition, graphql_values), order),
            read_page({"first": 20}, order, 200, graphql_values),
            shape,
        )
        assert rest == graphql
        assert list(rest_values) == list(graphql_values)
