"""What is measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

GROUPED = "%5B%7B%22annualRevenue%22%3A%7B%22currencyCode%22%3Atrue%7D%7D%5D"
BY_MONTH = '{ peopleGroupBy(groupBy: [{createdAt: {granularity: MONTH, timeZone: "UTC"}}]) { groupByDimensionValues totalCount } }'
COUNTED = "%5B%22totalCount%22%5D"


@dataclass(frozen=True)
class Operation:
    """One kind of request.

    Attributes:
        name: as the table shows it.
        method: of the request.
        path: with its query, percent-encoded. `{n}` in it is another number each time, so that no answer was kept before.
        body: JSON to send; the text `{n}` in it becomes such a number.
        rows: how many records a write makes.
        by_id: whether `{id}` in the path is another company's id each time.
    """

    name: str
    method: str
    path: str
    body: Any = None
    rows: int = 1
    by_id: bool = False

    def numbered(self, number: int) -> Operation:
        """Return the operation with a number in place of `{n}`."""
        body = json.loads(json.dumps(self.body).replace('"{n}"', str(number)))
        return replace(self, path=self.path.replace("{n}", str(number)), body=body)


def selection(record: dict[str, Any]) -> str:
    """Return the GraphQL selection of everything that a record's REST answer holds; an empty object is a JSON value."""
    return " ".join(
        f"{key} {{ {selection(value)} }}" if isinstance(value, dict) and value else key for key, value in record.items()
    )


def operations(record: dict[str, Any], deep_cursor: str) -> Sequence[Operation]:
    """Return the operations, given a company as REST answers it and a cursor far inside the list."""
    first_id, everything = record["id"], selection(record)
    listed = f"edges {{ node {{ {everything} }} }} totalCount pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }}"
    people = "people(first: 5) { edges { node { id name { firstName lastName } emails { primaryEmail } } } }"
    company = {
        "name": "Bench",
        "address": {"addressCity": "Rome", "addressCountry": "Italy"},
        "annualRevenue": {"amountMicros": 5_000_000, "currencyCode": "EUR"},
    }
    wanted = "employees%5Bgt%5D%3A100"
    # Every record's position is below: the filter lets everything through, and was never asked before.
    every, every_variable = "position%5Blt%5D%3A{n}", {"n": "{n}"}
    anew = f"query ($n: Float) {{ companies(first: 20, filter: {{position: {{lt: $n}}}}) {{ {listed} }} }}"
    return (
        Operation("list 20", "GET", "/rest/companies?limit=20"),
        Operation("list 20, anew", "GET", f"/rest/companies?filter={every}&limit=20"),
        Operation("get", "GET", f"/rest/companies/{first_id}"),
        Operation("filter + sort", "GET", f"/rest/companies?filter={wanted}&order_by=createdAt&limit=20"),
        Operation("people, depth 1", "GET", "/rest/people?depth=1&limit=20"),
        Operation("people, depth 1, anew", "GET", f"/rest/people?filter={every}&depth=1&limit=20"),
        Operation("deep page", "GET", f"/rest/companies?limit=20&starting_after={deep_cursor}"),
        Operation("text anywhere", "GET", "/rest/companies?filter=name%5Bilike%5D%3A%22%2599999%25%22&limit=20"),
        Operation("group by currency", "GET", f"/rest/companies/groupBy?group_by={GROUPED}&aggregate={COUNTED}"),
        Operation("count", "GET", f"/rest/companies?filter={wanted}&limit=0"),
        Operation("GraphQL list 20", "POST", "/graphql", {"query": f"{{ companies(first: 20) {{ {listed} }} }}"}),
        Operation("GraphQL list 20, anew", "POST", "/graphql", {"query": anew, "variables": every_variable}),
        Operation(
            "GraphQL get",
            "POST",
            "/graphql",
            {"query": f'{{ company(filter: {{id: {{eq: "{first_id}"}}}}) {{ {everything} }} }}'},
        ),
        Operation(
            "GraphQL nested 20 × 5",
            "POST",
            "/graphql",
            {"query": f"{{ companies(first: 20) {{ edges {{ node {{ id name {people} }} }} }} }}"},
        ),
        Operation("GraphQL group by month", "POST", "/graphql", {"query": BY_MONTH}),
        Operation("update", "PATCH", "/rest/companies/{id}", {"name": "Renamed"}, by_id=True),
        Operation("create", "POST", "/rest/companies", company),
        Operation("batch of 60", "POST", "/rest/batch/companies", [company] * 60, rows=60),
    )


def wrk_script(operation: Operation, ids: Sequence[str]) -> str:
    """Return the Lua script that makes wrk send an operation."""
    lines = [f'wrk.method = "{operation.method}"']
    if operation.body is not None:
        lines.append(f"local body = [==[{json.dumps(operation.body)}]==]")
        lines.append('wrk.headers["Content-Type"] = "application/json"')
    else:
        lines.append("local body = nil")
    if operation.by_id:
        lines.append("local ids = {" + ",".join(f'"{each}"' for each in ids) + "}")
        lines.append("local n = 0")
        lines.append(f'local path = "{operation.path}"')
        lines.append(
            "request = function() n = n % #ids + 1; "
            'return wrk.format(nil, (string.gsub(path, "{id}", ids[n])), nil, body) end'
        )
    elif "{n}" in operation.path or '"{n}"' in json.dumps(operation.body):
        # A run begins with a number that no run before it came to.
        lines.append("local n = os.time() * 100000")
        lines.append(f'local path = "{operation.path}"')
        lines.append(
            'request = function() n = n + 1; local number = string.format("%.0f", n); '
            'return wrk.format(nil, (string.gsub(path, "{n}", number)), nil, '
            "body and (string.gsub(body, '\"{n}\"', number))) end"
        )
    else:
        lines.append("wrk.body = body")
    lines.append(
        "done = function(summary, latency, requests) "
        'io.stderr:write(string.format("%d %d %f %f %d\\n", summary.requests, summary.duration, '
        "latency:percentile(50), latency:percentile(99), summary.errors.status)) end"
    )
    return "\n".join(lines)
