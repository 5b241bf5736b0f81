"""Labels of the standard objects in the languages that the workspace has texts for (`DECISIONS.md`, "On the metadata routes")."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anyascii import anyascii

from icosa.catalog.model import Catalog, Object

ROMANIAN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "attachment": ("Atașament", "Atașamente"),
        "blocklist": ("Listă de blocare", "Liste de blocare"),
        "calendarEvent": ("Eveniment din calendar", "Evenimente din calendar"),
        "calendarEventParticipant": ("Participant la eveniment", "Participanți la evenimente"),
        "company": ("Companie", "Companii"),
        "dashboard": ("Tablou de bord", "Tablouri de bord"),
        "message": ("Mesaj", "Mesaje"),
        "messageList": ("Listă de mesaje", "Liste de mesaje"),
        "messageParticipant": ("Participant la mesaj", "Participanți la mesaje"),
        "messageThread": ("Conversație", "Conversații"),
        "note": ("Notă", "Note"),
        "noteTarget": ("Legătură de notă", "Legături de note"),
        "opportunity": ("Oportunitate", "Oportunități"),
        "person": ("Persoană", "Persoane"),
        "task": ("Sarcină", "Sarcini"),
        "taskTarget": ("Legătură de sarcină", "Legături de sarcini"),
        "timelineActivity": ("Activitate din istoric", "Activități din istoric"),
        "workflow": ("Flux de lucru", "Fluxuri de lucru"),
        "workflowRun": ("Rulare a fluxului", "Rulări ale fluxurilor"),
        "workflowVersion": ("Versiune a fluxului", "Versiuni ale fluxurilor"),
        "workspaceMember": ("Membru al spațiului de lucru", "Membri ai spațiului de lucru"),
    }
)


def plain(text: str) -> str:
    """Return a text without case and marks."""
    return anyascii(text).casefold().strip()


def labels_of(owner: Object) -> frozenset[str]:
    """Return an object's labels in every language, without case and marks."""
    translated = () if owner.is_custom else ROMANIAN.get(owner.name_singular, ())
    return frozenset(plain(label) for label in (owner.label_singular, owner.label_plural, *translated))


def find_by_name(catalog: Catalog, name: str) -> Object | None:
    """Return the object that a name means: its API names first, exactly and then in any case, then its labels.

    Among several of one label the active one wins, then the standard one, then the oldest.
    """
    exact = catalog.by_plural.get(name) or catalog.by_singular.get(name)
    if exact is not None:
        return exact
    lowered = name.lower()
    for owner in catalog.objects:
        if lowered in {owner.name_plural.lower(), owner.name_singular.lower()}:
            return owner
    wanted = plain(name)
    found = [owner for owner in catalog.objects if wanted in labels_of(owner)]
    return min(found, key=lambda each: (not each.is_active, each.is_custom, str(each.created_at)), default=None)
