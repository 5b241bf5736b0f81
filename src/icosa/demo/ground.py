"""What the demo stands on: the workspace's model with the demo's custom object, and the members who made the rows."""

from __future__ import annotations

from uuid import UUID

from icosa.access.roles import find_role
from icosa.access.workspaces import Person
from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.demo.deals import SUBSCRIBER, SUBSCRIPTION, SUBSCRIPTION_FIELDS
from icosa.demo.makers import Member
from icosa.demo.plan import demo_id
from icosa.errors import NotFound
from icosa.founding.members import add_member, enter_workspace
from icosa.modeling.change import Change
from icosa.modeling.fields import create_field
from icosa.modeling.objects import create_object
from icosa.store.database import Database

# They have no password: on a server that others reach, nobody shall sign in with one that stands in the source.
COLLEAGUES = (
    (
        Person("mirela.stavrescu@example.com", None, "Mirela", "Stavrescu"),
        {"jobTitle": "Sales lead", "locale": "en"},
    ),
    (
        Person("tobias.grunfelder@example.com", None, "Tobias", "Grünfelder"),
        {"jobTitle": "Account executive", "locale": "de-DE", "timeZone": "Europe/Berlin", "dateFormat": "DAY_FIRST"},
    ),
    (
        Person("elodie.montclerc@example.com", None, "Élodie", "Montclerc"),
        {"jobTitle": "Account executive", "locale": "fr-FR", "timeZone": "Europe/Paris", "timeFormat": "HOUR_24"},
    ),
    (
        Person("mateo.calderon@example.com", None, "Mateo", "Calderón-Ruy"),
        {"jobTitle": "Customer success", "locale": "es-ES", "timeZone": "Europe/Madrid", "colorScheme": "Dark"},
    ),
)
MEMBERSHIP = """
SELECT u.id, EXISTS (SELECT FROM core.user_workspace m WHERE m.user_id = u.id AND m.workspace_id = $2) AS is_member
FROM core."user" u WHERE u.email = $1
"""


async def demo_model(database: Database, workspace_id: UUID) -> Catalog:
    """Return the workspace's model, with the demo's custom object made if it is not there.

    Raises:
        NotFound: no such workspace.
    """
    async with database.transaction() as connection:
        await connection.execute("SELECT FROM core.workspace WHERE id = $1 FOR UPDATE", workspace_id)
        catalog = await load_catalog(database, workspace_id)
        if catalog is None:
            raise NotFound(f"There is no workspace {workspace_id}", "WORKSPACE_NOT_FOUND")
        if SUBSCRIPTION["nameSingular"] not in catalog.by_singular:
            change = Change(connection, catalog)
            owner = {"objectMetadataId": str((await create_object(change, SUBSCRIPTION)).id)}
            for each in SUBSCRIPTION_FIELDS:
                await create_field(change, {**owner, **each}, reserved=frozenset())
            company = {**SUBSCRIBER, "targetObjectMetadataId": str(catalog.by_singular["company"].id)}
            relation = {"name": "company", "type": "RELATION", "label": "Company", "icon": "IconBuilding"}
            await create_field(change, {**owner, **relation, "relationCreationPayload": company})
            await change.bump()
            catalog = change.catalog
    return catalog


async def demo_members(database: Database, catalog: Catalog) -> list[Member]:
    """Return the members, the owner first; colleagues who are missing are made."""
    owner = catalog.by_singular["workspaceMember"]
    role = await find_role(database, catalog.workspace_id, "Member")
    for number, (person, more) in enumerate(COLLEAGUES):
        identifier = UUID(demo_id(f"workspaceMember:{number}"))
        known = await database.fetch_row(MEMBERSHIP, person.email, catalog.workspace_id)
        if known is None:
            async with database.transaction() as connection:
                await add_member(connection, catalog, person, role["id"], member_id=identifier, more=more)
        elif not known["is_member"]:
            async with database.transaction() as connection:
                await enter_workspace(connection, catalog, known["id"], role["id"], member_id=identifier, more=more)
    rows = await database.fetch_all(
        'SELECT id, "nameFirstName", "nameLastName", "userEmail", "timeZone" '
        f'FROM {owner.sql_name} ORDER BY "createdAt", id'
    )
    return [
        Member(
            str(row["id"]),
            f"{row['nameFirstName'] or ''} {row['nameLastName'] or ''}".strip(),
            row["userEmail"] or "",
            row["timeZone"],
        )
        for row in rows
    ]
