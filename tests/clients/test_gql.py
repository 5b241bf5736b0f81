"""A session of gql, Python's GraphQL client: it fetches the schema, checks documents against it, and builds them from it."""

from __future__ import annotations

import pytest
from gql import Client, gql
from gql.dsl import DSLMutation, DSLQuery, DSLSchema, dsl_gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

from support.serving import Server, running_server


def client_of(server: Server, path: str) -> Client:
    transport = HTTPXTransport(url=server.url + path, headers={"Authorization": f"Bearer {server.key}"})
    return Client(transport=transport, fetch_schema_from_transport=True)


def test_records(database_url: str) -> None:
    with running_server(database_url) as server, client_of(server, "/graphql") as session:
        assert session.client.schema is not None
        schema = DSLSchema(session.client.schema)
        made = session.execute(
            dsl_gql(
                DSLMutation(
                    schema.Mutation.createCompany(data={"name": "Harbourlight", "employees": 12}).select(
                        schema.Company.id, schema.Company.name
                    )
                )
            )
        )["createCompany"]
        assert made["name"] == "Harbourlight"
        wanted = schema.Query.companies(filter={"employees": {"gte": 10}}, first=5)
        edges = schema.CompanyConnection.edges.select(schema.CompanyEdge.node.select(schema.Company.name))
        found = session.execute(dsl_gql(DSLQuery(wanted.select(schema.CompanyConnection.totalCount, edges))))
        assert found["companies"] == {"totalCount": 1, "edges": [{"node": {"name": "Harbourlight"}}]}

        with pytest.raises(GraphQLError, match="nothing"):
            session.execute(gql("{ companies(filter: {nothing: {eq: 1}}) { totalCount } }"))
        request = gql("mutation Delete($id: UUID!) { deleteCompany(id: $id) { id deletedAt } }")
        request.variable_values = {"id": made["id"]}
        assert session.execute(request)["deleteCompany"]["deletedAt"] is not None
        request = gql("query Read($id: UUID!) { company(filter: {id: {eq: $id}}) { id } }")
        request.variable_values = {"id": made["id"]}
        with pytest.raises(TransportQueryError, match="There is no company with this id"):
            session.execute(request)


def test_data_model(database_url: str) -> None:
    with running_server(database_url) as server:
        with client_of(server, "/metadata") as session:
            answer = session.execute(gql("{ objects(paging: {first: 100}) { edges { node { id nameSingular } } } }"))
            company = next(e["node"] for e in answer["objects"]["edges"] if e["node"]["nameSingular"] == "company")
            request = gql(
                "mutation Add($input: CreateOneFieldMetadataInput!) { createOneField(input: $input) { name } }"
            )
            field = {"objectMetadataId": company["id"], "type": "NUMBER", "name": "rank", "label": "Rank"}
            request.variable_values = {"input": {"field": field}}
            assert session.execute(request)["createOneField"] == {"name": "rank"}
        with client_of(server, "/graphql") as session:
            made = session.execute(gql('mutation { createCompany(data: {name: "Ranked", rank: 3}) { rank } }'))
            assert made["createCompany"] == {"rank": 3}
