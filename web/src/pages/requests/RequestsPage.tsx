import { Anchor, Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/account';
import { useKeys } from '../../api/keys';
import { type RequestsWish, useRequestLog } from '../../api/request-log';
import { useFormats } from '../../i18n/format';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { RequestTable } from './RequestTable';

const TYPING_MS = 300;
const STATUSES = ['succeeded', 'failed', '401', '403', '404', '4xx', '5xx'] as const;

/** The last API requests: whether a program arrives, and as whom. */
export default function RequestsPage() {
  const { t } = useTranslation();
  const may = useMay('API_KEYS_AND_WEBHOOKS');
  return (
    <Page title={t('nav.requests')} lead={t('requests.lead')} wide>
      {may ? <Requests /> : <Empty>{t('errors.forbidden')}</Empty>}
    </Page>
  );
}

function Requests() {
  const { t } = useTranslation();
  const formats = useFormats();
  const [parameters, setParameters] = useSearchParams();
  const wish: RequestsWish = {
    apiKeyId: parameters.get('key'),
    status: parameters.get('status'),
    path: parameters.get('path'),
  };
  const log = useRequestLog(wish);
  const set = (name: string, value: string | null) =>
    setParameters(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const isFiltered = Object.values(wish).some((value) => value !== null);
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const size = log.data?.pages[0]?.size ?? 0;
  return (
    <>
      <Group gap="xs" align="flex-end" role="search" aria-label={t('records.filter.title')}>
        <KeyChoice value={wish.apiKeyId} onChange={(key) => set('key', key)} />
        <Select
          label={t('requests.status')}
          placeholder={t('requests.any')}
          data={STATUSES.map((value) => ({ value, label: t(`requests.statuses.${value}`) }))}
          value={wish.status}
          onChange={(status) => set('status', status)}
          clearable
          flex="1 1 10rem"
          maw={200}
        />
        <PathInput value={wish.path ?? ''} onChange={(path) => set('path', path)} />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => void log.refetch()}
          loading={log.isRefetching}
        >
          {t('requests.refresh')}
        </Button>
      </Group>
      {log.isPending ? (
        <Loading lines={8} />
      ) : log.isError ? (
        <Problem problem={log.error} onRetry={() => void log.refetch()} />
      ) : size === 0 ? (
        <Empty>{t('requests.off')}</Empty>
      ) : entries.length === 0 ? (
        <Empty
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => setParameters({}, { replace: true })}>
                {t('records.filter.clear')}
              </Button>
            ) : (
              <Anchor component={Link} to="/">
                {t('requests.firstCall')}
              </Anchor>
            )
          }
        >
          {isFiltered ? t('requests.noMatch') : t('requests.none')}
        </Empty>
      ) : (
        <>
          <RequestTable entries={entries} />
          <div className="list-foot">
            <span className="dim">{t('requests.kept', { count: size, number: formats.number(size) })}</span>
            {log.hasNextPage && (
              <Button variant="default" onClick={() => void log.fetchNextPage()} loading={log.isFetchingNextPage}>
                {t('common.more')}
              </Button>
            )}
          </div>
        </>
      )}
    </>
  );
}

function KeyChoice({ value, onChange }: { value: string | null; onChange: (key: string | null) => void }) {
  const { t } = useTranslation();
  const keys = useKeys(true).data ?? [];
  const data = keys.map((key) => ({ value: key.id, label: key.revokedAt ? `${key.name} (${t('keys.revoked')})` : key.name }));
  return (
    <Select
      label={t('requests.key')}
      placeholder={t('requests.any')}
      data={data}
      value={value}
      onChange={onChange}
      clearable
      searchable
      flex="1 1 12rem"
      maw={260}
    />
  );
}

function PathInput({ value, onChange }: { value: string; onChange: (path: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <TextInput
      label={t('requests.path')}
      placeholder="/rest/companies"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
      flex="1 1 12rem"
      maw={280}
    />
  );
}
