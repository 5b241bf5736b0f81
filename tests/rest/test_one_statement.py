"""A request costs one statement, whatever it does."""

from __future__ import annotations

from support.house import House


def test_each_operation_is_one_statement(house: House) -> None:
    house.quiet()
    one, two, three = house.make("companies", [{"name": "One"}, {"name": "Two"}, {"name": "Three"}])
    person = house.make("people", [{"name": {"firstName": "A"}, "companyId": one["id"]}])[0]
    note = house.make("notes", [{"title": "N"}])[0]
    house.make("noteTargets", [{"noteId": note["id"], "targetCompanyId": one["id"]}])
    twins = house.make("companies", [{"name": "Twin"}, {"name": "Twin"}])
    ids = [each["id"] for each in twins]
    domain = {"primaryLinkUrl": "https://one.example.com"}
    requests = [
        ("GET", '/rest/companies?limit=2&order_by=name&filter=name[like]:"%25o%25"', None),
        ("GET", f"/rest/companies/{one['id']}", None),
        ("GET", "/rest/people?depth=1", None),
        ("GET", '/rest/companies/groupBy?group_by=[{"name":true}]&include_records_sample=true', None),
        ("POST", "/rest/companies?depth=1", {"name": "Four"}),
        ("POST", "/rest/batch/companies", [{"name": f"Many {n}"} for n in range(60)]),
        ("POST", "/rest/companies?upsert=true", {"domainName": domain, "name": "Upserted"}),
        ("POST", "/rest/companies?upsert=true", {"domainName": domain, "name": "Upserted again"}),
        ("PATCH", f"/rest/companies/{one['id']}", {"name": "First"}),
        ("PATCH", "/rest/companies?filter=name[eq]:Two", {"name": "Second"}),
        ("PATCH", f"/rest/people/{person['id']}", {"company": {"connect": {"where": {"domainName": domain}}}}),
        ("POST", "/rest/companies/duplicates", {"ids": ids}),
        ("PATCH", "/rest/companies/merge", {"ids": ids, "conflictPriorityIndex": 0}),
        ("DELETE", f"/rest/notes/{note['id']}?soft_delete=true", None),
        ("PATCH", f"/rest/restore/notes/{note['id']}", None),
        ("DELETE", f"/rest/companies/{one['id']}", None),
        ("DELETE", "/rest/companies?filter=name[eq]:Three&soft_delete=true", None),
    ]
    for method, path, body in requests:
        before = house.database.statements
        answer = house.ask(method, path, body)
        assert answer.status in {200, 201}, (method, path, answer.content)
        assert house.database.statements - before == 1, (method, path)
    assert {two["id"], three["id"]}


def test_a_write_records_its_events(house: House) -> None:
    house.quiet()
    company = house.make("companies", [{"name": "One"}])[0]
    house.make("people", [{"name": {"firstName": "A"}, "companyId": company["id"]}])
    house.ask("PATCH", f"/rest/companies/{company['id']}", {"name": "Two", "idealCustomerProfile": False})
    house.ask("DELETE", f"/rest/companies/{company['id']}?soft_delete=true")
    house.ask("PATCH", f"/rest/restore/companies/{company['id']}")
    house.ask("DELETE", f"/rest/companies/{company['id']}")
    schema = house.run(house.database.fetch_value("SELECT schema_name FROM core.workspace"))
    rows = house.run(house.database.fetch_all(f'SELECT * FROM "{schema}".event ORDER BY sequence OFFSET 1'))
    told = [(row["action"], row["changed"]) for row in rows]
    assert told[:5] == [
        ("created", None),
        ("created", None),
        ("updated", ["name"]),
        ("deleted", ["deletedAt"]),
        ("restored", ["deletedAt"]),
    ]
    assert sorted(told[5:], key=str) == [("destroyed", None), ("updated", ["company"])]
    assert '"name":"One"' in rows[2]["before"] and '"name":"Two"' in rows[2]["after"]
    assert "searchVector" not in rows[2]["after"]
