from __future__ import annotations

from support.house import open_house


def test_routes_stand_behind_the_path_of_the_public_address(database_url: str) -> None:
    with open_house(database_url, server_url="https://example.com/crm") as house:
        for path in ("/crm/rest/companies", "/crm/rest/companies/", "/rest/companies", "/crm/healthz"):
            assert house.ask("GET", path).status == 200, path
        assert house.ask("GET", "/crmx/rest/companies").status == 404
