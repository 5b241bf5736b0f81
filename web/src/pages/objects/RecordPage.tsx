import '@mantine/core/styles/Tabs.css';
import './records.css';
import { Alert, Button, Group, Tabs, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { FullObject } from '../../api/model';
import { type RecordData, recordRoute, useRecord, useRecordChange } from '../../api/records';
import { labelField, nameOf } from '../../fields/kinds';
import { announce } from '../../parts/announce';
import { ApiCall } from '../../parts/ApiCall';
import { CodeBlock } from '../../parts/CodeBlock';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { History } from './History';
import { RecordFacts } from './RecordFacts';
import { RecordForm } from './RecordForm';
import { Relations } from './Relations';
import { useNamedObject } from './use-named-object';

/** A record: its fields, its relations, what the API says of it, and what has happened to it. */
export default function RecordPage() {
  const { t } = useTranslation();
  const { namePlural = '', id = '' } = useParams();
  const { object, label, isMissing, problem } = useNamedObject(namePlural);
  const record = useRecord(object, id);
  const crumbs = [
    { label: t('nav.objects'), to: '/objects' },
    { label: label ?? namePlural, to: `/objects/${namePlural}` },
  ];
  const failed = problem ?? record.error;
  if (isMissing) return <Page title={namePlural} crumbs={crumbs} children={<Empty>{t('records.noObject')}</Empty>} />;
  if (failed) {
    return (
      <Page title={t('records.one')} crumbs={crumbs}>
        <Problem problem={failed} onRetry={() => void record.refetch()} />
      </Page>
    );
  }
  if (record.data === null) return <Page title={t('records.one')} crumbs={crumbs} children={<Empty>{t('records.gone')}</Empty>} />;
  if (!object || !record.data) return <Page title={t('records.one')} crumbs={crumbs} children={<Loading lines={8} />} />;
  return <OneRecord key={id} object={object} record={record.data} crumbs={crumbs} />;
}

interface Props {
  object: FullObject;
  record: RecordData;
}

function OneRecord({ object, record, crumbs }: Props & { crumbs: { label: string; to: string }[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const change = useRecordChange(object.namePlural);
  const named = labelField(object);
  const name = (named && nameOf(record[named.name])) ?? t('records.untitled');
  const isDeleted = Boolean(record.deletedAt);
  const remove = () =>
    change.mutate(
      { kind: 'delete', id: record.id },
      {
        onSuccess: () => {
          announce(t('records.deleted', { name }));
          void navigate(`/objects/${object.namePlural}`, { state: { deleted: { id: record.id, name } } });
        },
      },
    );
  return (
    <Page
      title={name}
      crumbs={crumbs}
      actions={
        !isDeleted && (
          <>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={remove}
              loading={change.isPending && change.variables.kind === 'delete'}
            >
              {t('common.delete')}
            </Button>
            <Button leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)} disabled={editing}>
              {t('records.edit')}
            </Button>
          </>
        )
      }
    >
      {change.isError && change.variables.kind === 'delete' && <Problem problem={change.error} />}
      {isDeleted && <Deleted object={object} record={record} name={name} />}
      {editing ? <Editing object={object} record={record} onClose={() => setEditing(false)} /> : <Parts object={object} record={record} />}
      <ApiCall route={recordRoute(object.namePlural, record.id)} />
    </Page>
  );
}

function Parts({ object, record }: Props) {
  const { t } = useTranslation();
  return (
    <Tabs defaultValue="fields" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="fields">{t('records.tabs.fields')}</Tabs.Tab>
        <Tabs.Tab value="relations">{t('records.tabs.relations')}</Tabs.Tab>
        <Tabs.Tab value="history">{t('records.tabs.history')}</Tabs.Tab>
        <Tabs.Tab value="json">JSON</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="fields">
        <RecordFacts object={object} record={record} />
      </Tabs.Panel>
      <Tabs.Panel value="relations">
        <Relations object={object} record={record} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <History object={object} id={record.id} />
      </Tabs.Panel>
      <Tabs.Panel value="json">
        <CodeBlock code={JSON.stringify(record, null, 2)} label={t('records.json')} maxHeight="70dvh" />
      </Tabs.Panel>
    </Tabs>
  );
}

function Editing({ object, record, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const change = useRecordChange(object.namePlural);
  const save = (values: Record<string, unknown>) => {
    if (Object.keys(values).length === 0) return onClose();
    change.mutate(
      { kind: 'update', id: record.id, values },
      {
        onSuccess: () => {
          announce(t('records.saved'));
          onClose();
        },
      },
    );
  };
  return (
    <Section title={t('records.edit')}>
      <RecordForm
        object={object}
        record={record}
        onSave={save}
        onCancel={onClose}
        busy={change.isPending}
        problem={change.error}
        saveLabel={t('common.save')}
      />
    </Section>
  );
}

function Deleted({ object, record, name }: Props & { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const change = useRecordChange(object.namePlural);
  const restore = () =>
    change.mutate({ kind: 'restore', id: record.id }, { onSuccess: () => announce(t('records.restored', { name })) });
  const destroy = () =>
    change.mutate(
      { kind: 'destroy', id: record.id },
      {
        onSuccess: () => {
          announce(t('records.destroyed', { name }));
          void navigate(`/objects/${object.namePlural}`);
        },
      },
    );
  return (
    <Alert color="yellow" variant="light" icon={<IconTrash aria-hidden />} title={t('records.isDeleted')}>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={restore} loading={change.isPending}>
          {t('records.restore')}
        </Button>
        <Button size="xs" variant="outline" color="red" onClick={() => setAsking(true)}>
          {t('records.destroy')}
        </Button>
      </Group>
      {change.isError && <Problem problem={change.error} />}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={destroy}
        title={t('records.destroyTitle', { name })}
        action={t('records.destroy')}
        busy={change.isPending}
      >
        <Text size="sm">{t('records.destroyText')}</Text>
      </ConfirmDialog>
    </Alert>
  );
}
