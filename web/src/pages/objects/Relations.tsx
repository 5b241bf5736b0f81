import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FullObject, ModelField } from '../../api/model';
import type { RecordData } from '../../api/records';
import { guessName, isCollection } from '../../fields/kinds';
import { RecordLink } from '../../fields/Value';
import { Empty } from '../../parts/Empty';
import { Section } from '../../parts/Section';

const MOST = 60;

/** The records that point to this one, by the relation; empty relations are only named. */
export function Relations({ object, record }: { object: FullObject; record: RecordData }) {
  const { t } = useTranslation();
  const collections = object.fields.filter((field) => field.isActive && isCollection(field));
  const filled = collections.filter((field) => listOf(field, record).length > 0);
  const empty = collections.filter((field) => listOf(field, record).length === 0);
  if (collections.length === 0) return <Empty>{t('records.noRelations')}</Empty>;
  return (
    <div className="stack">
      {filled.map((field) => (
        <Section key={field.id} title={field.label} hint={hint(listOf(field, record).length)}>
          <ul className="related">
            {listOf(field, record).map((each) => (
              <li key={each.id}>
                <RecordLink
                  namePlural={field.relation!.targetObjectMetadata.namePlural}
                  id={each.id}
                  name={guessName(each) ?? `${field.relation!.targetObjectMetadata.nameSingular} ${each.id.slice(0, 8)}…`}
                />
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {empty.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('records.emptyRelations', { names: empty.map((field) => field.label).join(', ') })}
        </Text>
      )}
    </div>
  );

  function hint(count: number): string {
    return count >= MOST ? t('records.relatedFirst', { count: MOST }) : t('records.related', { count });
  }
}

function listOf(field: ModelField, record: RecordData): RecordData[] {
  const value = record[field.name];
  return field.relation && Array.isArray(value) ? (value as RecordData[]) : [];
}
