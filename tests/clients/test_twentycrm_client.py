"""A client that others made for Twenty and published, used as its documentation says."""

from __future__ import annotations

import json

import twentycrm_client as client

from support.serving import running_server


def test_companies_and_people(database_url: str) -> None:
    with running_server(database_url) as server:
        host = f"{server.url}/rest"
        api = client.ApiClient(client.Configuration(host=host, access_token=server.key, ignore_operation_servers=True))
        companies, people = client.CompaniesApi(api), client.PeopleApi(api)

        made = companies.create_one_company(client.Company(name="Harbourlight")).data.create_company
        assert companies.find_one_company(made.id).data.company.name == "Harbourlight"
        changed = client.CompanyForUpdate(name="Harbourlight Foods", employees=12)
        assert companies.update_one_company(made.id, changed).data.update_company.name == "Harbourlight Foods"
        # The client types cursors as UUIDs, which they never were: the rows are read from the raw answer.
        raw = companies.find_many_companies_without_preload_content(
            limit=2, depth=1, filter='employees[gte]:12,name[ilike]:"harbour%"', order_by="createdAt[DescNullsLast]"
        )
        assert raw.status == 200
        rows = [client.CompanyForResponse.from_dict(row) for row in json.loads(raw.data)["data"]["companies"]]
        assert [row.name for row in rows if row] == ["Harbourlight Foods"]

        person = client.Person(
            name=client.PersonName(first_name="José", last_name="Tidewell"),
            emails=client.PersonEmails(primary_email="Jose.Tidewell@example.com"),
            company_id=made.id,
        )
        joined = people.create_one_person(person).data.create_person
        assert (joined.company_id, joined.emails.primary_email) == (made.id, "jose.tidewell@example.com")
        assert (
            people.update_one_person(joined.id, client.PersonForUpdate(job_title="Buyer")).data.update_person.job_title
            == "Buyer"
        )
        raw = people.find_many_people_without_preload_content(filter=f'companyId[eq]:"{made.id}"')
        assert json.loads(raw.data)["totalCount"] == 1

        assert people.delete_one_person(joined.id).data.delete_person.id == joined.id
        assert companies.delete_one_company(made.id, soft_delete=True).data.delete_company.id == made.id
        raw = companies.find_many_companies_without_preload_content()
        assert json.loads(raw.data)["totalCount"] == 0
