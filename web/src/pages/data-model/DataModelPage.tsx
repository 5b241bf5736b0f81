import { Anchor, Badge, Button, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay } from '../../api/account';
import { type ModelObject, useFieldCounts, useObjects, useRecordCounts } from '../../api/model';
import { byUse } from '../../fields/kinds';
import { useFormats } from '../../i18n/format';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { AddObject } from './AddObject';

/** The objects of the workspace. */
export default function DataModelPage() {
  const { t } = useTranslation();
  const mayChange = useMay('DATA_MODEL');
  const [adding, setAdding] = useState(false);
  const objects = useObjects();
  return (
    <Page
      title={t('nav.dataModel')}
      lead={t('dataModel.lead')}
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)} disabled={adding}>
            {t('dataModel.addObject')}
          </Button>
        )
      }
    >
      {adding && <AddObject onClose={() => setAdding(false)} />}
      {objects.isPending ? (
        <Loading lines={10} />
      ) : objects.isError ? (
        <Problem problem={objects.error} onRetry={() => void objects.refetch()} />
      ) : (
        <Lists objects={objects.data} />
      )}
    </Page>
  );
}

function Lists({ objects }: { objects: ModelObject[] }) {
  const { t } = useTranslation();
  const { own, system } = byUse(objects);
  return (
    <>
      <ObjectTable objects={own} label={t('nav.objects')} />
      <details className="fold">
        <summary>{t('dataModel.systemObjects', { count: system.length })}</summary>
        <ObjectTable objects={system} label={t('records.systemObjects')} />
      </details>
    </>
  );
}

function ObjectTable({ objects, label }: { objects: ModelObject[]; label: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const records = useRecordCounts().data;
  const fields = useFieldCounts().data;
  const told = (count: number | undefined) => (count === undefined ? '…' : formats.number(count));
  return (
    <ListTable
      label={label}
      columns={[
        t('dataModel.object'),
        t('dataModel.apiNames'),
        { end: t('dataModel.fields') },
        { end: t('dataModel.records') },
        t('dataModel.kind'),
      ]}
    >
      {objects.map((object) => (
        <Table.Tr key={object.id}>
          <Table.Th scope="row" fw={500}>
            <Anchor component={Link} to={`/settings/data-model/${object.namePlural}`} inherit>
              {object.labelPlural}
            </Anchor>
          </Table.Th>
          <Table.Td>
            <code className="mono">{object.namePlural}</code>
            <Text span size="sm" c="dimmed">
              {' · '}
            </Text>
            <code className="mono">{object.nameSingular}</code>
          </Table.Td>
          <Table.Td ta="end">{told(fields?.get(object.id))}</Table.Td>
          <Table.Td ta="end">{records ? formats.number(records.get(object.namePlural) ?? 0) : '…'}</Table.Td>
          <Table.Td>
            <ObjectKind object={object} />
          </Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}

/** Whose an object is, and whether it is in use. */
export function ObjectKind({ object }: { object: ModelObject }) {
  const { t } = useTranslation();
  const word = object.isCustom ? t('dataModel.custom') : object.isSystem ? t('dataModel.system') : t('dataModel.standard');
  return (
    <span className="choices">
      <Badge variant="light" color={object.isCustom ? 'lagoon' : 'gray'} className="state">
        {word}
      </Badge>
      {!object.isActive && (
        <Badge variant="light" color="yellow" className="state">
          {t('dataModel.inactive')}
        </Badge>
      )}
    </span>
  );
}
