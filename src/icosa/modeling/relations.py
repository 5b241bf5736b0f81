"""Relations in the making: both ends, and one for each target of a morph (`metadata.md` section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from icosa.catalog.model import Catalog, Field, Object
from icosa.fields.uuids import is_uuid
from icosa.modeling.names import derived_name, name_problem
from icosa.modeling.problems import Problems
from icosa.modeling.rows import ONE_TO_MANY, Row, field_row, many_to_one, relation_pair
from icosa.modeling.taken import check_free
from icosa.naming import capitalized

MALFORMED = "FIELD_METADATA_RELATION_MALFORMED"
INVALID = "INVALID_FIELD_INPUT"
DEFAULT_ICON = "IconRelationOneToMany"
ON_DELETE = frozenset({"SET_NULL", "CASCADE", "RESTRICT", "NO_ACTION"})


class RelationMaker:
    """Makes the rows of relations that start at one object.

    Args:
        catalog: the model as it is.
        owner: where the asked field goes.
        problems: takes broken rules.
    """

    def __init__(self, catalog: Catalog, owner: Object, problems: Problems) -> None:
        self._catalog = catalog
        self._owner = owner
        self._problems = problems

    def relation(self, payload: Any, name: str, label: str, **more: Any) -> list[Row]:
        """Return the rows of a relation: the asked end first.

        Raises:
            Invalid: the payload is malformed, a name is taken.
        """
        if payload is None:
            raise self._problems.refuse(INVALID, "relationCreationPayload: is required for a relation")
        target = self._target(payload)
        rows = self._pair("RELATION", payload, target, name, label, more)
        self._problems.check()
        return rows

    def morph(self, payloads: Any, name: str, label: str, **more: Any) -> list[Row]:
        """Return the rows of a morph relation: the ends at this object first, then the others.

        Raises:
            Invalid: see `relation`; also no target, a target twice, this object itself, mixed types.
        """
        if payloads is None:
            raise self._problems.refuse(INVALID, "morphRelationsCreationPayload: is required for a morph relation")
        if not isinstance(payloads, list) or not payloads:
            raise self._problems.refuse(MALFORMED, "morphRelationsCreationPayload: must be a list that is not empty")
        targets = [self._target(each) for each in payloads]
        if len({each.id for each in targets}) < len(targets):
            raise self._problems.refuse(MALFORMED, "morphRelationsCreationPayload: a target stands twice")
        if len({each["type"] for each in payloads}) > 1:
            raise self._problems.refuse(MALFORMED, "morphRelationsCreationPayload: all targets need the same type")
        if any(each.id == self._owner.id for each in targets):
            raise self._problems.refuse(INVALID, "morphRelationsCreationPayload: the object itself cannot be a target")
        group = {**more, "morph_id": str(uuid4()), "morph_name": name}
        return self._morph_pairs(payloads, targets, name, label, group)

    def more_targets(self, siblings: Sequence[Field], payloads: Any) -> list[Row]:
        """Return the rows that add targets to a morph relation; the new inverses are labelled as the old ones.

        Args:
            siblings: the morph's fields at this object.
            payloads: `morphRelationsUpdatePayload`: each names a `targetObjectMetadataId`.

        Raises:
            Invalid: no such object, a target that is there already, this object itself, a name that is taken.
        """
        first = siblings[0]
        inverse = self._catalog.inverse(first)
        if not isinstance(payloads, list) or not payloads or inverse is None:
            raise self._problems.refuse(MALFORMED, "morphRelationsUpdatePayload: must be a list that is not empty")
        common = {
            "type": "ONE_TO_MANY" if first.join_column is None else "MANY_TO_ONE",
            "targetFieldLabel": inverse.label,
            "targetFieldIcon": inverse.icon,
        }
        whole = [{**common, **each} if isinstance(each, Mapping) else each for each in payloads]
        targets = [self._target(each) for each in whole]
        taken = [each.relation.target_object_id for each in siblings if each.relation is not None]
        if len({*taken, *(each.id for each in targets)}) < len(taken) + len(targets):
            raise self._problems.refuse(MALFORMED, "morphRelationsUpdatePayload: a target stands twice")
        if any(each.id == self._owner.id for each in targets):
            raise self._problems.refuse(INVALID, "morphRelationsUpdatePayload: the object itself cannot be a target")
        group = {
            "morph_id": str(first.morph_id),
            "morph_name": first.morph_name,
            "description": first.description,
            "icon": first.icon,
        }
        return self._morph_pairs(whole, targets, str(first.morph_name), first.label, group)

    def _morph_pairs(
        self, payloads: Sequence[Any], targets: Sequence[Object], name: str, label: str, group: Mapping[str, Any]
    ) -> list[Row]:
        near, far = [], []
        for payload, target in zip(payloads, targets, strict=True):
            suffix = target.name_singular if payload["type"] == "MANY_TO_ONE" else target.name_plural
            one, other = self._pair("MORPH_RELATION", payload, target, f"{name}{capitalized(suffix)}", label, group)
            near.append(one)
            far.append(other)
        self._problems.check()
        return [*near, *far]

    def _target(self, payload: Any) -> Object:
        if not isinstance(payload, Mapping):
            raise self._problems.refuse(MALFORMED, "relationCreationPayload: must be an object")
        if payload.get("type") not in {"MANY_TO_ONE", "ONE_TO_MANY"}:
            raise self._problems.refuse(
                MALFORMED, "relationCreationPayload.type: must be MANY_TO_ONE or ONE_TO_MANY", payload.get("type")
            )
        target_id = payload.get("targetObjectMetadataId")
        target = self._catalog.by_id.get(UUID(target_id)) if is_uuid(target_id) else None
        if target is None:
            raise self._problems.refuse(MALFORMED, "relationCreationPayload: there is no such target object", target_id)
        for key in ("targetFieldLabel", "targetFieldIcon"):
            if not isinstance(payload.get(key), str):
                raise self._problems.refuse(
                    MALFORMED, f"relationCreationPayload.{key}: must be a text", payload.get(key)
                )
        return target

    def _pair(
        self, kind: str, payload: Mapping[str, Any], target: Object, name: str, label: str, more: Mapping[str, Any]
    ) -> list[Row]:
        far_label = str(payload["targetFieldLabel"])
        far_name = derived_name(far_label)
        problem = name_problem(far_name) if far_name else "it makes no name"
        if not far_label.strip() or problem:
            raise self._problems.refuse(INVALID, f"targetFieldLabel: {problem or 'must not be empty'}", far_label)
        to_one = payload["type"] == "MANY_TO_ONE"
        icon = more.get("icon") or DEFAULT_ICON
        near = field_row(
            self._owner.id,
            kind,
            name,
            label,
            **{**more, "icon": icon},
            settings={**(many_to_one(name) if to_one else ONE_TO_MANY), **(more.get("settings") or {})},
        )
        far = field_row(
            target.id,
            "RELATION",
            far_name,
            far_label,
            icon=payload["targetFieldIcon"] or DEFAULT_ICON,
            description=more.get("description") or "",
            settings=ONE_TO_MANY if to_one else many_to_one(far_name),
        )
        check_free(self._owner, [name, *([f"{name}Id"] if to_one else [])], self._problems)
        own = [name, f"{name}Id"] if target.id == self._owner.id else []
        check_free(target, [far_name, *([] if to_one else [f"{far_name}Id"])], self._problems, also=own)
        return list(relation_pair(near, far))
