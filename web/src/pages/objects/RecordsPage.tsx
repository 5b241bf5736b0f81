import './records.css';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconPlus, IconSchema, IconTrash } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'react-router';
import { type FullObject, useViewColumns } from '../../api/model';
import { listRoute, useRecordChange, useRecords } from '../../api/records';
import { useFormats } from '../../i18n/format';
import { announce } from '../../parts/announce';
import { ApiCall } from '../../parts/ApiCall';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { columnsOf } from './columns';
import { FilterBar } from './FilterBar';
import { NewRecord } from './NewRecord';
import { RecordTable } from './RecordTable';
import { useListWish } from './use-list-wish';
import { useNamedObject } from './use-named-object';

/** The records of an object. */
export default function RecordsPage() {
  const { t } = useTranslation();
  const { namePlural = '' } = useParams();
  const found = useNamedObject(namePlural);
  const title = found.label ?? namePlural;
  const crumbs = [{ label: t('nav.objects'), to: '/objects' }];
  if (found.problem) return <Page title={title} crumbs={crumbs} children={<Problem problem={found.problem} />} />;
  if (found.isMissing) return <Page title={title} crumbs={crumbs} children={<Empty>{t('records.noObject')}</Empty>} />;
  if (!found.object) return <Page title={title} crumbs={crumbs} children={<Loading />} />;
  return <Records key={found.object.id} object={found.object} />;
}

function Records({ object }: { object: FullObject }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [creating, setCreating] = useState(false);
  const [page, setPage] = useState(0);
  const view = useViewColumns(object.id);
  const list = useListWish(object);
  const records = useRecords(object.namePlural, list.wish, true);
  const columns = useMemo(() => columnsOf(object, view.data ?? null), [object, view.data]);

  const rows = useMemo(() => records.data?.pages.flatMap((each) => each.records) ?? [], [records.data]);
  const total = records.data?.pages.at(-1)?.totalCount ?? 0;
  const cursor = (records.data?.pageParams[page] as string | null | undefined) ?? null;
  const { fetchNextPage, isFetchingNextPage } = records;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  return (
    <Page
      title={object.labelPlural}
      crumbs={[{ label: t('nav.objects'), to: '/objects' }]}
      wide
      actions={
        <>
          <Button
            component={Link}
            to={`/settings/data-model/${object.namePlural}`}
            variant="default"
            leftSection={<IconSchema size={16} aria-hidden />}
          >
            {t('records.toModel')}
          </Button>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)} disabled={creating}>
            {t('records.new')}
          </Button>
        </>
      }
    >
      <Undo object={object} />
      {creating && <NewRecord object={object} onClose={() => setCreating(false)} />}
      <Group justify="space-between" align="flex-end" gap="sm">
        <FilterBar object={object} condition={list.condition} onChange={list.setCondition} />
        <Text size="sm" c="dimmed" role="status" className="record-count">
          {records.data && t('records.count', { count: total, number: formats.number(total) })}
        </Text>
      </Group>
      {records.isError && rows.length === 0 ? (
        <Problem problem={records.error} onRetry={() => void records.refetch()} />
      ) : records.isPending || view.isPending ? (
        <Loading lines={10} />
      ) : rows.length === 0 ? (
        <Nobody hasFilter={list.wish.filter !== null} onCreate={() => setCreating(true)} onClear={() => list.setCondition(null)} />
      ) : (
        <RecordTable
          object={object}
          columns={columns}
          records={rows}
          total={total}
          order={list.order}
          onOrder={list.setOrder}
          hasMore={records.hasNextPage}
          onMore={more}
          onPage={setPage}
        />
      )}
      {records.isFetchNextPageError && <Problem problem={records.error} onRetry={() => void records.fetchNextPage()} />}
      <ApiCall route={listRoute(object.namePlural, list.wish, cursor)} />
    </Page>
  );
}

function Nobody({ hasFilter, onCreate, onClear }: { hasFilter: boolean; onCreate: () => void; onClear: () => void }) {
  const { t } = useTranslation();
  if (hasFilter) {
    return (
      <Empty
        action={
          <Button variant="default" onClick={onClear}>
            {t('records.filter.clear')}
          </Button>
        }
      >
        {t('records.noMatch')}
      </Empty>
    );
  }
  return <Empty action={<Button onClick={onCreate}>{t('records.new')}</Button>}>{t('records.none')}</Empty>;
}

/** After a deletion: says so, with the way back. */
function Undo({ object }: { object: FullObject }) {
  const { t } = useTranslation();
  const { state } = useLocation() as { state: { deleted?: { id: string; name: string } } | null };
  const [dismissed, setDismissed] = useState<string | null>(null);
  const change = useRecordChange(object.namePlural);
  const deleted = state?.deleted;
  if (!deleted || dismissed === deleted.id) return null;
  const restore = () =>
    change.mutate(
      { kind: 'restore', id: deleted.id },
      {
        onSuccess: () => {
          setDismissed(deleted.id);
          announce(t('records.restored', { name: deleted.name }));
        },
      },
    );
  return (
    <Alert
      color="gray"
      variant="light"
      icon={<IconTrash aria-hidden />}
      withCloseButton
      closeButtonLabel={t('records.dismiss')}
      onClose={() => setDismissed(deleted.id)}
    >
      <Group gap="md">
        <Text size="sm">{t('records.deleted', { name: deleted.name })}</Text>
        <Button size="xs" variant="default" onClick={restore} loading={change.isPending}>
          {t('records.undo')}
        </Button>
      </Group>
      {change.isError && <Problem problem={change.error} />}
    </Alert>
  );
}
