"""Attachments of the demo and the files that they name (`demo-data.md`, "Attachments and mail")."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import PurePosixPath
from uuid import UUID

from icosa.catalog.model import Catalog
from icosa.demo.makers import Makers
from icosa.demo.papers import paper
from icosa.demo.people import Firm
from icosa.demo.plan import Body, Dice, demo_id
from icosa.files.uploads import Uploads

KINDS = (
    *(("TEXT_DOCUMENT", "minutes", "txt"),) * 8,
    *(("SPREADSHEET", "price list", "csv"),) * 5,
    *(("IMAGE", "logo", "png"),) * 6,
    *(("TEXT_DOCUMENT", "offer", "pdf"),) * 6,
)
TARGETS = ("Company",) * 8 + ("Person",) * 4 + ("Opportunity",) * 8 + ("Note",) * 3 + ("Task",) * 2


def attachments(
    dice: Dice, makers: Makers, firms: list[Firm], notes: list[Body], tasks: list[Body], workspace_id: UUID
) -> list[Body]:
    """Return the bodies of the attachments; the files that they name are kept by `keep_files`.

    Args:
        dice: chance.
        makers: creators and moments.
        firms: with their people and deals.
        notes: what notes there are.
        tasks: what tasks there are.
        workspace_id: the ids of files are those of one workspace alone.
    """
    firms = [firm for firm in firms if firm.people and firm.deals]
    bodies = []
    for number, ((category, word, ending), target) in enumerate(zip(KINDS, TARGETS, strict=True)):
        firm = firms[number % len(firms)]
        about = {
            "Company": (firm.id, firm.created),
            "Person": (firm.people[0].id, firm.people[0].created),
            "Opportunity": (firm.deals[0].id, firm.deals[0].created),
            "Note": (notes[number]["id"], dt.datetime.fromisoformat(notes[number]["createdAt"])),
            "Task": (tasks[number]["id"], dt.datetime.fromisoformat(tasks[number]["createdAt"])),
        }
        record_id, made = about[target]
        name = f"{firm.name.split(' ')[0]} {word} {number + 1}.{ending}"
        body: Body = {
            "id": demo_id(f"attachment:{number}"),
            "name": name,
            "fileCategory": category,
            "file": [{"fileId": demo_id(f"file:{workspace_id}:{number}"), "label": name}],
            f"target{target}Id": record_id,
        }
        bodies.append(body | makers.made(max(dice.day(-90, -1), made), position=number + 1))
    return bodies


async def keep_files(uploads: Uploads, catalog: Catalog, bodies: list[Body], seed: int) -> None:
    """Make the files that attachments name, and keep them; older ones of the same ids give way.

    Args:
        uploads: keeps them.
        catalog: the whole model.
        bodies: of attachments that are still to be made.
        seed: the same seed gives the same files.
    """
    await forget_files(uploads, catalog, bodies)
    field = catalog.by_singular["attachment"].field_by_name["file"]
    kept = []
    for body in bodies:
        name, file_id = body["name"], UUID(body["file"][0]["fileId"])
        dice = Dice(f"{seed}:{name}", dt.datetime.fromisoformat(body["createdAt"]))
        path = PurePosixPath(name)
        content = paper(path.suffix.removeprefix("."), path.stem, body["position"], dice)
        kept.append(uploads.keep(catalog, str(field.id), name, content, file_id))
    await asyncio.gather(*kept)


async def forget_files(uploads: Uploads, catalog: Catalog, bodies: list[Body]) -> None:
    """Drop the files that attachments name."""
    await uploads.forget(catalog.workspace_id, [UUID(body["file"][0]["fileId"]) for body in bodies])
