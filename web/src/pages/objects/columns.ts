import type { FullObject, ModelField, ViewColumn } from '../../api/model';
import { hasValue, labelField } from '../../fields/kinds';

export interface Column {
  field: ModelField;
  width: number;
}

const MOST_WITHOUT_VIEW = 8;
const NARROWEST = 110;
const NAME_WIDTH = 230;
const WIDTHS: Record<string, number> = {
  ADDRESS: 260,
  BOOLEAN: 110,
  DATE: 140,
  DATE_TIME: 220,
  EMAILS: 240,
  LINKS: 200,
  MULTI_SELECT: 220,
  RAW_JSON: 260,
  RICH_TEXT: 260,
  UUID: 320,
};
const USUAL_WIDTH = 160;

/** The table's columns: those of the object's own view, else its first eight fields; what names a record comes first. */
export function columnsOf(object: FullObject, view: ViewColumn[] | null): Column[] {
  const name = labelField(object);
  const byId = new Map(object.fields.map((field) => [field.id, field]));
  const chosen =
    view === null
      ? object.fields.filter((field) => !field.isSystem && hasValue(field)).slice(0, MOST_WITHOUT_VIEW)
      : view.flatMap((column) => byId.get(column.fieldMetadataId) ?? []).filter(hasValue);
  const fields = name && hasValue(name) ? [name, ...chosen.filter((field) => field !== name)] : chosen;
  // A view lists what it was made with; fields that were made since are shown too, lest nobody find them.
  const known = new Set(fields);
  const newer = view === null ? [] : object.fields.filter((field) => field.isCustom && hasValue(field) && !known.has(field));
  return [...fields, ...newer].map((field) => ({ field, width: widthOf(field, field === name) }));
}

function widthOf(field: ModelField, isName: boolean): number {
  if (isName) return NAME_WIDTH;
  // A head has to hold its words and the sign of the order.
  return Math.max(WIDTHS[field.type] ?? USUAL_WIDTH, NARROWEST, field.label.length * 9 + 44);
}
