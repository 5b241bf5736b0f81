/** What each field type may be sorted and filtered by over REST (contract: rest-core.md sections 5 and 6). */
import type { FullObject, ModelField, ModelObject } from '../api/model';

export type Comparison = 'text' | 'number' | 'date' | 'boolean' | 'option' | 'options' | 'id' | 'none';

interface Kind {
  /** The part of a composite that stands for the whole; null where the field itself does. */
  part: string | null;
  compare: Comparison;
  sorts: boolean;
}

const plain = (compare: Comparison, sorts = true): Kind => ({ part: null, compare, sorts });
const part = (name: string, compare: Comparison = 'text'): Kind => ({ part: name, compare, sorts: true });

const KINDS: Record<string, Kind> = {
  ACTOR: part('name'),
  ADDRESS: part('addressCity'),
  ARRAY: plain('none', false),
  BOOLEAN: plain('boolean'),
  CURRENCY: part('amountMicros', 'number'),
  DATE: plain('date'),
  DATE_TIME: plain('date'),
  EMAILS: part('primaryEmail'),
  FILES: plain('none', false),
  FULL_NAME: part('firstName'),
  LINKS: part('primaryLinkUrl'),
  MULTI_SELECT: plain('options', false),
  NUMBER: plain('number'),
  NUMERIC: plain('number'),
  PHONES: part('primaryPhoneNumber'),
  POSITION: plain('number'),
  RATING: plain('option'),
  RAW_JSON: plain('none', false),
  RICH_TEXT: { part: 'markdown', compare: 'text', sorts: false },
  SELECT: plain('option'),
  TEXT: plain('text'),
  UUID: plain('id'),
};

export const SELECTS = new Set(['SELECT', 'MULTI_SELECT', 'RATING']);

/** Whether a field is a link to one record of another object. */
export function isLink(field: ModelField): boolean {
  return field.type === 'RELATION' && field.relation?.type === 'MANY_TO_ONE';
}

export function isCollection(field: ModelField): boolean {
  return (field.relation ?? field.morphRelations?.[0])?.type === 'ONE_TO_MANY';
}

/** Whether a field has a value of its own in a record: all but collections and the search column. */
export function hasValue(field: ModelField): boolean {
  return field.isActive && field.type !== 'TS_VECTOR' && !isCollection(field);
}

/** The path that sorts by a field; null where nothing sorts by it. */
export function sortPath(field: ModelField): string | null {
  if (isLink(field)) return `${field.name}Id`;
  const kind = KINDS[field.type];
  if (kind === undefined || !kind.sorts) return null;
  return kind.part === null ? field.name : `${field.name}.${kind.part}`;
}

/** How a field is compared in a filter. */
export function comparisonOf(field: ModelField): Comparison {
  return isLink(field) ? 'id' : (KINDS[field.type]?.compare ?? 'none');
}

/** The paths that a filter on a field compares: one, but for names, whose two parts are both looked at. */
export function filterPaths(field: ModelField): string[] {
  if (isLink(field)) return [`${field.name}Id`];
  if (field.type === 'FULL_NAME') return [`${field.name}.firstName`, `${field.name}.lastName`];
  const kind = KINDS[field.type];
  return [kind?.part ? `${field.name}.${kind.part}` : field.name];
}

/** The field that names a record of an object. */
export function labelField(object: FullObject): ModelField | undefined {
  return (
    object.fields.find((field) => field.id === object.labelIdentifierFieldMetadataId) ??
    object.fields.find((field) => field.name === 'name')
  );
}

/** What a record is called, whatever the type of the field that names it; null when it says nothing. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (typeof value === 'number') return String(value);
  if (value === null || typeof value !== 'object') return null;
  const told = value as Record<string, unknown>;
  if ('firstName' in told) return nameOf([told.firstName, told.lastName].filter(Boolean).join(' '));
  for (const key of ['primaryEmail', 'primaryLinkLabel', 'primaryLinkUrl', 'primaryPhoneNumber', 'name', 'markdown']) {
    const found = nameOf(told[key]);
    if (found !== null) return found;
  }
  return null;
}

/** The name of a record of which the field that names it is not known. */
export function guessName(record: Record<string, unknown>): string | null {
  return nameOf(record.name) ?? nameOf(record.title) ?? nameOf(record.label) ?? nameOf(record.subject);
}

/** The objects that people work with, before those that the system keeps for itself. */
export function byUse(objects: ModelObject[]): { own: ModelObject[]; system: ModelObject[] } {
  return { own: objects.filter((each) => !each.isSystem), system: objects.filter((each) => each.isSystem) };
}
