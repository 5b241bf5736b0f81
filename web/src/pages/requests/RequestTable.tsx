import { ActionIcon, Anchor, Badge, Table, Text } from '@mantine/core';
import { IconCheck, IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { isRefused, type LoggedRequest } from '../../api/request-log';
import { useFormats } from '../../i18n/format';
import { CodeBlock } from '../../parts/CodeBlock';
import { Fact } from '../../parts/Fact';
import { ListTable } from '../../parts/ListTable';

const COLUMNS = 6;

export function RequestTable({ entries }: { entries: LoggedRequest[] }) {
  const { t } = useTranslation();
  return (
    <ListTable
      label={t('nav.requests')}
      columns={[
        t('requests.request'),
        t('requests.status'),
        t('requests.caller'),
        t('requests.time'),
        { end: t('requests.duration') },
        { hidden: t('requests.details') },
      ]}
    >
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </ListTable>
  );
}

function Entry({ entry }: { entry: LoggedRequest }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [opened, setOpened] = useState(false);
  const name = `${entry.method} ${entry.path}`;
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row" fw={500} className="request-name">
          <code className="mono">
            <b>{entry.method}</b> {entry.path}
          </code>
          {entry.operation && (
            <Text span size="sm" c="dimmed" ml="xs">
              {entry.operation}
            </Text>
          )}
        </Table.Th>
        <Table.Td>
          <Outcome entry={entry} />
        </Table.Td>
        <Table.Td>
          <Caller entry={entry} />
        </Table.Td>
        <Table.Td>
          <time dateTime={entry.at}>{formats.moment(entry.at)}</time>
        </Table.Td>
        <Table.Td ta="end">{t('requests.ms', { number: formats.number(Math.round(entry.durationMs * 10) / 10) })}</Table.Td>
        <Table.Td>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-expanded={opened}
            aria-label={t('requests.detailsOf', { name })}
            onClick={() => setOpened(!opened)}
          >
            {opened ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr>
          <Table.Td colSpan={COLUMNS} className="request-details">
            <Details entry={entry} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Details({ entry }: { entry: LoggedRequest }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <dl className="request-facts">
        <Fact label={t('requests.requestId')}>
          <code className="mono">{entry.requestId}</code>
        </Fact>
        <Fact label={t('requests.address')}>
          <code className="mono">{entry.clientAddress ?? '–'}</code>
        </Fact>
        {entry.query && (
          <Fact label={t('requests.query')}>
            <code className="mono">{readable(entry.query)}</code>
          </Fact>
        )}
      </dl>
      {entry.error ? (
        <CodeBlock code={pretty(entry.error)} label={t('requests.error')} wrap maxHeight="24rem" />
      ) : (
        <Text size="sm" c="dimmed">
          {t('requests.noBody')}
        </Text>
      )}
    </div>
  );
}

function Outcome({ entry }: { entry: LoggedRequest }) {
  const refused = isRefused(entry);
  return (
    <span className="choices">
      <Badge
        variant="light"
        color={refused ? 'red' : 'teal'}
        className="state"
        leftSection={refused ? <IconX size={12} aria-hidden /> : <IconCheck size={12} aria-hidden />}
      >
        {entry.status}
      </Badge>
      {entry.code && <code className="mono">{entry.code}</code>}
    </span>
  );
}

function Caller({ entry }: { entry: LoggedRequest }) {
  const { t } = useTranslation();
  if (entry.apiKeyId) {
    return (
      <Anchor component={Link} to={`/settings/api-webhooks/apis/${entry.apiKeyId}`} inherit>
        {entry.callerName}
      </Anchor>
    );
  }
  return <Text span size="sm" c={entry.callerName ? undefined : 'dimmed'}>{entry.callerName ?? t('requests.unknown')}</Text>;
}

function readable(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return query;
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
