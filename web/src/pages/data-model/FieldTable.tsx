import { Anchor, Badge, Table, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ModelField } from '../../api/model';
import { Value } from '../../fields/Value';
import { ListTable } from '../../parts/ListTable';

/** Fields with all that one has to know to write to them. */
export function FieldTable({ fields, label }: { fields: ModelField[]; label: string }) {
  const { t } = useTranslation();
  return (
    <ListTable
      label={label}
      columns={[
        t('dataModel.label'),
        t('dataModel.apiName'),
        t('dataModel.type'),
        t('dataModel.required'),
        t('dataModel.unique'),
        t('dataModel.default'),
        t('dataModel.optionsOrTarget'),
      ]}
    >
      {fields.map((field) => (
        <Table.Tr key={field.id}>
          <Table.Th scope="row" fw={500}>
            {field.label}
            {field.isCustom && (
              <Badge variant="light" className="state" ml="xs">
                {t('dataModel.custom')}
              </Badge>
            )}
            {!field.isActive && (
              <Badge variant="light" color="yellow" className="state" ml="xs">
                {t('dataModel.inactive')}
              </Badge>
            )}
          </Table.Th>
          <Table.Td>
            <code className="mono">{field.name}</code>
          </Table.Td>
          <Table.Td>
            <code className="mono">{field.type}</code>
          </Table.Td>
          <Table.Td>
            <Mark on={!field.isNullable} label={t('dataModel.required')} />
          </Table.Td>
          <Table.Td>
            <Mark on={field.isUnique} label={t('dataModel.unique')} />
          </Table.Td>
          <Table.Td>{defaultOf(field) && <code className="mono">{defaultOf(field)}</code>}</Table.Td>
          <Table.Td>
            <Details field={field} />
          </Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}

function Mark({ on, label }: { on: boolean; label: string }) {
  return on ? <IconCheck size={16} aria-label={label} role="img" /> : null;
}

/** A default value; the quotes around constants are the model's own. */
function defaultOf(field: ModelField): string | null {
  const value = field.defaultValue;
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value.replace(/^'|'$/g, '') : JSON.stringify(value).replace(/"'|'"/g, '"');
}

/** The options of a drop-down, or the other side of a relation. */
function Details({ field }: { field: ModelField }) {
  const { t } = useTranslation();
  const sides = field.morphRelations ?? (field.relation ? [field.relation] : []);
  if (sides.length > 0) {
    return (
      <Text size="sm" component="span">
        {sides[0]!.type === 'MANY_TO_ONE' ? t('dataModel.toOne') : t('dataModel.toMany')}{' '}
        {sides.map((side, place) => (
          <span key={side.targetObjectMetadata.id}>
            {place > 0 && ', '}
            <Anchor component={Link} to={`/settings/data-model/${side.targetObjectMetadata.namePlural}`} inherit>
              {side.targetObjectMetadata.labelPlural}
            </Anchor>
          </span>
        ))}
      </Text>
    );
  }
  if (!field.options) return null;
  return <Value field={{ ...field, type: 'MULTI_SELECT' }} value={field.options.map((option) => option.value)} />;
}
