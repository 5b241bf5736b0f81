import { Anchor, Button, Group, Select, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Delivery, replay, replayAll, STATES, useDeliveries, useDeliveryChange } from '../../api/deliveries';
import type { Webhook } from '../../api/webhooks';
import { useFormats } from '../../i18n/format';
import { announce } from '../../parts/announce';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { DeliveryBadge, useErrorText } from './DeliveryBadge';
import { WorkerStrip } from './WorkerStrip';

/** What was sent, newest first, with a way to send it again. */
export function DeliveryList({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const [state, setState] = useState<string | null>(null);
  const [eventName, setEventName] = useState<string | null>(null);
  const found = useDeliveries(webhook.id, { state, eventName });
  const again = useDeliveryChange(replay);
  const allAgain = useDeliveryChange(() => replayAll(webhook.id, 'dead'));
  const rows = found.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)) ?? [];
  const events = [...new Set([...rows.map((row) => row.eventName), ...(eventName ? [eventName] : [])])].sort();
  return (
    <Section
      title={t('deliveries.title')}
      hint={t('deliveries.hint')}
      actions={
        <Button
          variant="default"
          size="xs"
          loading={allAgain.isPending}
          onClick={() =>
            allAgain.mutate(undefined, { onSuccess: (count) => announce(t('deliveries.allAgainDone', { count })) })
          }
        >
          {t('deliveries.allAgain')}
        </Button>
      }
    >
      <WorkerStrip />
      <Group gap="sm">
        <Select
          aria-label={t('deliveries.filterState')}
          placeholder={t('deliveries.anyState')}
          data={STATES.map((value) => ({ value, label: t(`deliveries.states.${value}`) }))}
          value={state}
          onChange={setState}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          size="xs"
        />
        <Select
          aria-label={t('deliveries.filterEvent')}
          placeholder={t('deliveries.anyEvent')}
          data={events}
          value={eventName}
          onChange={setEventName}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          size="xs"
        />
      </Group>
      {again.isError && <Problem problem={again.error} />}
      {allAgain.isError && <Problem problem={allAgain.error} />}
      {found.isPending && <Loading />}
      {found.isError && <Problem problem={found.error} onRetry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {state || eventName ? t('deliveries.noneFiltered') : t('deliveries.none')}
        </Text>
      )}
      {rows.length > 0 && (
        <ListTable
          label={t('deliveries.table')}
          columns={[
            t('deliveries.event'),
            t('webhooks.state'),
            t('deliveries.when'),
            t('deliveries.attempts'),
            { hidden: t('deliveries.again') },
          ]}
        >
          {rows.map((row) => (
            <DeliveryRow key={row.id} row={row} onAgain={() => again.mutate(row.id)} />
          ))}
        </ListTable>
      )}
      {found.hasNextPage && (
        <div>
          <Button variant="default" size="xs" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function DeliveryRow({ row, onAgain }: { row: Delivery; onAgain: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const errorText = useErrorText();
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Anchor
          component={Link}
          to={`/settings/api-webhooks/webhooks/${row.webhookId}/deliveries/${row.id}`}
          className="mono"
        >
          {row.eventName}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <DeliveryBadge delivery={row} />
        {row.error && !row.error.startsWith('http-') && (
          <Text size="xs" c="dimmed">
            {errorText(row.error)}
          </Text>
        )}
      </Table.Td>
      <Table.Td title={formats.moment(row.createdAt)}>{formats.relative(row.createdAt)}</Table.Td>
      <Table.Td>{formats.number(row.attempt)}</Table.Td>
      <Table.Td>
        <Button size="compact-xs" variant="subtle" onClick={onAgain} aria-label={t('deliveries.againOne', { event: row.eventName })}>
          {t('deliveries.again')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
