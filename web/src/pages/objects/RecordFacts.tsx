import { useTranslation } from 'react-i18next';
import type { FullObject, ModelField } from '../../api/model';
import type { RecordData } from '../../api/records';
import { guessName, hasValue, isLink } from '../../fields/kinds';
import { Nothing, RecordLink, Value } from '../../fields/Value';
import { Section } from '../../parts/Section';

interface Props {
  object: FullObject;
  record: RecordData;
}

/** The values of a record, its own fields before the system's. */
export function RecordFacts({ object, record }: Props) {
  const { t } = useTranslation();
  const shown = object.fields.filter(hasValue);
  return (
    <div className="stack">
      <Section title={t('records.tabs.fields')}>
        <Facts fields={shown.filter((field) => !field.isSystem)} record={record} />
      </Section>
      <Section title={t('records.system')}>
        <Facts fields={shown.filter((field) => field.isSystem)} record={record} />
      </Section>
    </div>
  );
}

function Facts({ fields, record }: { fields: ModelField[]; record: RecordData }) {
  return (
    <dl className="record-facts">
      {fields.map((field) => (
        <Fact key={field.id} field={field} record={record} />
      ))}
    </dl>
  );
}

function Fact({ field, record }: { field: ModelField; record: RecordData }) {
  return (
    <>
      <dt>{field.label}</dt>
      <dd>
        {field.type === 'MORPH_RELATION' || isLink(field) ? (
          <Linked field={field} record={record} />
        ) : (
          <Value field={field} value={record[field.name]} />
        )}
      </dd>
    </>
  );
}

/** The record that a field points to; a morph field has one key for each object that it may point to. */
function Linked({ field, record }: { field: ModelField; record: RecordData }) {
  const sides = field.morphRelations ?? (field.relation ? [field.relation] : []);
  for (const side of sides) {
    const { nameSingular, namePlural } = side.targetObjectMetadata;
    const key = isLink(field) ? field.name : morphKey(field.name, nameSingular);
    const id = record[`${key}Id`];
    if (typeof id !== 'string') continue;
    const target = record[key] as RecordData | null | undefined;
    return <RecordLink namePlural={namePlural} id={id} name={target ? guessName(target) : null} />;
  }
  return <Nothing />;
}

function morphKey(name: string, singular: string): string {
  return `${name}${singular.charAt(0).toUpperCase()}${singular.slice(1)}`;
}
