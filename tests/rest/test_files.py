"""Files: uploaded as the graphql-multipart-request-spec says, named by records, and sent to whoever has their link."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from support.house import Answer, House, open_house
from support.model import Model

UPLOAD = """
mutation Up($file: Upload!, $field: String) {
  uploadFilesFieldFile(file: $file, fieldMetadataId: $field) { __typename id path size createdAt url }
}
"""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PAGE = b"<script>alert(1)</script>"


class Clock:
    """Begins now, since keys are made by the real one."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    with open_house(
        database_url, clock=clock, files_dir=tmp_path / "files", server_url="https://crm.example.com"
    ) as house:
        yield house


def multipart(*parts: tuple[str, str | None, bytes], boundary: str = "b0undary") -> tuple[bytes, dict[str, str]]:
    body = b""
    for name, filename, content in parts:
        named = f'; filename="{filename}"' if filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"content-type": f"multipart/form-data; boundary={boundary}"}


def upload(
    house: House, field: str | None, name: str, content: bytes, *, path: str = "/metadata", key: str | None = None
) -> Answer:
    operations = {"query": UPLOAD, "variables": {"file": None, "field": field}, "operationName": "Up"}
    body, headers = multipart(
        ("operations", None, json.dumps(operations).encode()),
        ("map", None, b'{"0": ["variables.file"]}'),
        ("0", name, content),
    )
    return house.ask("POST", path, raw=body, headers=headers, key=key)


def field_of(house: House, singular: str, name: str) -> str:
    fields = house.ask("GET", f"/rest/metadata/objects/{singular}").json["data"]["object"]["fields"]
    return str(next(each["id"] for each in fields if each["name"] == name))


def kept(house: House, field: str, name: str = "logo.png", content: bytes = PICTURE, **more: Any) -> Any:
    answer = upload(house, field, name, content, **more)
    assert answer.status == 200, answer.content
    assert "errors" not in answer.json, answer.json
    return answer.json["data"]["uploadFilesFieldFile"]


def fetch(house: House, url: str) -> Answer:
    parts = urlsplit(url)
    return house.ask("GET", f"{parts.path}?{parts.query}", headers={"authorization": ""})


@pytest.mark.parametrize("path", ["/metadata", "/graphql"])
def test_a_file_goes_in_and_comes_out(house: House, path: str) -> None:
    field = field_of(house, "attachment", "file")
    made = kept(house, field, path=path)
    assert (made["__typename"], made["size"]) == ("FileWithSignedUrl", len(PICTURE))
    given = {"name": "Logo", "file": [{"fileId": made["id"], "label": 'The "logo"'}]}
    record = house.make("attachments", [given])[0]
    (told,) = record["file"]
    assert {**told, "url": ""} == {"fileId": made["id"], "label": 'The "logo"', "extension": "png", "url": ""}
    assert told["url"].startswith(f"https://crm.example.com/file/files-field/{made['id']}?token=")
    read = house.ask("GET", f"/rest/attachments/{record['id']}")
    assert read.json["data"]["attachment"]["file"] == record["file"]
    query = "{ attachments { edges { node { file { __typename where: url fileId } } } } }"
    (edge,) = house.ask("POST", "/graphql", {"query": query}).json["data"]["attachments"]["edges"]
    assert edge["node"]["file"] == [{"__typename": "FileObject", "where": told["url"], "fileId": made["id"]}]
    sent = fetch(house, told["url"])
    assert (sent.status, sent.content, sent.headers["content-type"]) == (200, PICTURE, "image/png")
    assert sent.headers["content-disposition"].startswith('attachment; filename="logo.png"')
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert house.ask("PATCH", f"/rest/attachments/{record['id']}", {"file": []}).json
    assert house.ask("GET", f"/rest/attachments/{record['id']}").json["data"]["attachment"]["file"] is None


def test_a_page_is_sent_as_a_download_that_runs_nowhere(house: House) -> None:
    made = kept(house, field_of(house, "attachment", "file"), 'C:\\x\\"évil".html', PAGE)
    sent = fetch(house, made["url"])
    assert (sent.status, sent.content, sent.headers["content-type"]) == (200, PAGE, "application/octet-stream")
    assert sent.headers["content-disposition"].startswith("attachment;")
    assert "%C3%A9vil" in sent.headers["content-disposition"]
    assert "sandbox" in sent.headers["content-security-policy"]


def test_a_link_opens_its_own_file_for_a_day(house: House, clock: Clock) -> None:
    field = field_of(house, "attachment", "file")
    one, two = kept(house, field)["url"], kept(house, field)["url"]
    token = urlsplit(one).query
    assert fetch(house, f"{urlsplit(two).path}?{token}").status == 401
    assert fetch(house, urlsplit(one).path).status == 401
    assert fetch(house, f"{urlsplit(one).path}?token={house.key}").status == 401
    assert fetch(house, f"/file/files-field/..%2F..%2Fapp-secret?{token}").status == 404
    opened = house.ask("GET", "/rest/companies", key=token.removeprefix("token="))
    assert (opened.status, opened.json["code"]) == (401, "WRONG_TOKEN_KIND")
    clock.now += 24 * 3600
    assert fetch(house, one).status == 200
    clock.now += 3700
    assert (fetch(house, one).status, fetch(house, one).json["code"]) == (401, "TOKEN_EXPIRED")


def test_an_answer_that_was_kept_has_links_of_the_hour(house: House, clock: Clock) -> None:
    made = kept(house, field_of(house, "attachment", "file"))
    house.make("attachments", [{"file": [{"fileId": made["id"], "label": "Logo"}]}])

    def link() -> str:
        return str(house.ask("GET", "/rest/attachments").json["data"]["attachments"][0]["file"][0]["url"])

    # Made, found to hold, and from then on checked.
    assert {link() for _ in range(4)} == {made["url"]}
    clock.now += 3600
    assert link() != made["url"]
    assert fetch(house, link()).content == PICTURE


def test_only_files_of_the_field_can_be_named(house: House) -> None:
    attachment, avatar = field_of(house, "attachment", "file"), field_of(house, "person", "avatarFile")
    made = kept(house, avatar)["id"]
    for files, told in (
        ([{"fileId": made, "label": "other field"}], "no uploaded file"),
        ([{"fileId": str(uuid4()), "label": "never uploaded"}], "no uploaded file"),
        ([{"fileId": "x", "label": ""}], "UUID"),
        ([{"fileId": made}], "{fileId, label}"),
        ([{"fileId": made, "label": "a", "url": "https://elsewhere.example.com"}], "{fileId, label}"),
        ([{"fileId": made, "label": "a"}] * 2, "1 files at most"),
        ("text", "JSON"),
    ):
        answer = house.ask("POST", "/rest/attachments", {"name": "x", "file": files})
        assert (answer.status, told in answer.json["messages"][0]) == (400, True), (files, answer.content)
    assert house.make("people", [{"avatarFile": [{"fileId": made, "label": "Me"}]}])[0]["avatarFile"][0]["url"]
    assert field_of(house, "attachment", "file") == attachment


def test_text_cannot_pretend_to_be_a_link(house: House) -> None:
    field = field_of(house, "attachment", "file")
    secret = kept(house, field)["id"]
    for forged in (f"\x0f{secret}", rf"\u000F{secret}", rf'"\u000F{secret}"', rf"\\u000F{secret}"):
        made = kept(house, field)
        given = {"name": forged, "file": [{"fileId": made["id"], "label": forged}]}
        record = house.make("attachments", [given])[0]
        assert (record["name"], record["file"][0]["label"]) == (forged, forged)
        assert secret not in record["file"][0]["url"]


def test_a_role_uploads_only_where_it_may_write(house: House) -> None:
    field = field_of(house, "attachment", "file")
    document = "update core.role set can_access_all_tools = $1 where label = 'Read only'"
    house.run(house.database.execute(document, False))
    key = house.make_key("Read only")
    for path in ("/metadata", "/graphql"):
        error = upload(house, field, "a.png", PICTURE, path=path, key=key).json["errors"][0]
        assert error["extensions"]["code"] == "FORBIDDEN"
        for wrong, code in (
            (None, "BAD_USER_INPUT"),
            (str(uuid4()), "NOT_FOUND"),
            (field_of(house, "person", "city"), "BAD_USER_INPUT"),
        ):
            error = upload(house, wrong, "a.png", PICTURE, path=path).json["errors"][0]
            assert error["extensions"]["code"] == code, (path, wrong, error)


def test_broken_bodies_are_refused(house: House, model: Model) -> None:
    operations = {"query": UPLOAD, "variables": {"file": None}}
    asked = ("operations", None, json.dumps(operations).encode())
    file = ("0", "a.png", PICTURE)
    for parts, told in (
        ([("map", None, b"{}"), file], "operations"),
        ([asked, file], "map"),
        ([("operations", None, b"[]"), ("map", None, b"{}")], "array"),
        ([("operations", None, b"{"), ("map", None, b"{}")], "JSON"),
        ([asked, ("map", None, b'{"1": ["variables.file"]}'), file], "no file '1'"),
        ([asked, ("map", None, b'{"0": ["variables.other"]}'), file], "no 'other'"),
        ([asked, ("map", None, b'{"0": ["query"]}'), file], "no null"),
        ([asked, ("map", None, b'{"0": "variables.file"}'), file], "list of paths"),
        ([asked, ("map", None, b"{}"), *[(str(n), "a", b"") for n in range(11)]], "10 files"),
    ):
        body, headers = multipart(*parts)
        for path in ("/metadata", "/graphql"):
            answer = house.ask("POST", path, raw=body, headers=headers)
            assert (answer.status, told in answer.json["errors"][0]["message"]) == (400, True), answer.content
    body, headers = multipart(asked, file)
    assert house.ask("POST", "/metadata", raw=body[:-20], headers=headers).status == 400
    assert house.ask("POST", "/metadata", raw=body, headers={"content-type": "multipart/form-data"}).status == 400
    # A file where a value of a record belongs is bad input like any other.
    model.create_field(model.objects()["company"], "RAW_JSON", "notes")
    document = "mutation ($data: CompanyCreateInput!) { createCompany(data: $data) { id } }"
    for data, place in (({"name": None}, "data.name"), ({"notes": {"a": None}}, "data.notes.a")):
        asked = ("operations", None, json.dumps({"query": document, "variables": {"data": data}}).encode())
        body, headers = multipart(asked, ("map", None, json.dumps({"0": [f"variables.{place}"]}).encode()), file)
        error = house.ask("POST", "/graphql", raw=body, headers=headers).json["errors"][0]
        assert error["extensions"]["code"] == "BAD_USER_INPUT", error


def test_an_upload_over_the_limit_is_refused(house: House) -> None:
    answer = upload(house, field_of(house, "attachment", "file"), "big.bin", bytes(10 * 1024 * 1024))
    assert answer.status == 413


@pytest.fixture
def model(house: House) -> Model:
    return Model(house)
