"""The app's sources: texts in both languages, documents that the server takes, styles of all components used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from icosa.metadata.schema import make_schema

WEB = Path(__file__).parents[2] / "web"
SOURCES = WEB / "src"
PLURALS = {"en": {"one", "other"}, "ro": {"one", "few", "other"}}
KEY = re.compile(r"""\bt\(\s*(['"`])([^'"`$]+?)(\$\{[^}]*\}[^'"`]*)?\1""")
# Components that are made of others and have no style sheet of their own.
STYLELESS = {
    "Box", "MantineProvider", "Select", "TextInput", "Textarea", "MultiSelect", "JsonInput", "Autocomplete", "Collapse",
    "Portal", "Fieldset", "Transition", "FocusTrap", "NativeSelect", "TagsInput", "CopyButton", "FileButton",
}  # fmt: skip


def texts(language: str) -> dict[str, str]:
    return dict(flat(json.loads((SOURCES / "messages" / f"{language}.json").read_text("utf-8"))))


def flat(node: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def stem(key: str) -> str:
    return re.sub(r"_(one|few|other)$", "", key)


def sources() -> list[tuple[Path, str]]:
    return [(path, path.read_text("utf-8")) for path in sorted(SOURCES.rglob("*.ts*"))]


def test_both_languages_have_the_same_texts_with_all_plural_forms() -> None:
    english, romanian = texts("en"), texts("ro")
    assert {stem(key) for key in english} == {stem(key) for key in romanian}
    for language, found in (("en", english), ("ro", romanian)):
        for key in {stem(key) for key in found if re.search(r"_(one|few|other)$", key)}:
            missing = {form for form in PLURALS[language] if f"{key}_{form}" not in found}
            assert not missing, f"{language}: {key} lacks {missing}"


def test_both_languages_take_the_same_values() -> None:
    english, romanian = texts("en"), texts("ro")
    for key, text in english.items():
        other = romanian.get(key) or romanian[f"{stem(key)}_other"]
        assert set(re.findall(r"{{(\w+)", text)) <= set(re.findall(r"{{(\w+)", other)) | {"count"}, key


def test_romanian_is_written_with_commas_below() -> None:
    assert not re.search("[şţŞŢ]", (SOURCES / "messages" / "ro.json").read_text("utf-8"))


def test_no_text_is_missing_and_none_is_unused() -> None:
    known = {stem(key) for key in texts("en")}
    used, prefixes = set(), set()
    for path, source in sources():
        for _, key, rest in KEY.findall(source):
            if rest:
                prefixes.add(key)
            else:
                assert key in known, f"{path.name}: {key} is not in the message files"
                used.add(key)
    unused = {key for key in known - used if not key.startswith(tuple(prefixes) or "-")}
    assert not unused, f"nobody uses {sorted(unused)}"


def test_the_server_takes_every_document_of_the_metadata_api() -> None:
    count = 0
    for path, source in sources():
        for document in re.findall(r"gql`(.*?)`", source, re.DOTALL):
            problems = validate(make_schema(), parse(document))
            assert not problems, f"{path.name}: {problems[0].message}"
            count += 1
    assert count > 2


def test_every_component_brings_its_styles() -> None:
    always = (SOURCES / "mantine-styles.ts").read_text("utf-8")
    sheets = WEB / "node_modules" / "@mantine" / "core" / "styles"
    if not sheets.is_dir():
        pytest.skip("the app's packages are not installed")
    for path, source in sources():
        styles = set(re.findall(r"@mantine/core/styles/(\w+)\.css", always + source))
        for names in re.findall(r"import \{([^}]*)\} from '@mantine/core'", source):
            for name in re.findall(r"(?<!type )\b([A-Z]\w+)\b", names):
                if name not in STYLELESS and (sheets / f"{name}.css").exists():
                    assert name in styles, f"{path.name} uses {name}, whose styles it does not load"
