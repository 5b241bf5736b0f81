import { Button, SimpleGrid, Table, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { type DeliveryDetail, isUnderWay, replay, useDelivery, useDeliveryChange } from '../../api/deliveries';
import { useFormats } from '../../i18n/format';
import { announce } from '../../parts/announce';
import { CodeBlock } from '../../parts/CodeBlock';
import { Fact } from '../../parts/Fact';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { DeliveryBadge, useErrorText } from './DeliveryBadge';
import { WorkerStrip } from './WorkerStrip';

const OVERVIEW = '/settings/api-webhooks';

/** One delivery: what was sent, when it was tried, what came back. */
export default function DeliveryPage() {
  const { t } = useTranslation();
  const { id = '', deliveryId = '' } = useParams();
  const found = useDelivery(deliveryId);
  const again = useDeliveryChange(replay);
  const delivery = found.data;
  return (
    <Page
      title={delivery ? t('deliveries.oneTitle', { event: delivery.eventName }) : t('deliveries.one')}
      crumbs={[
        { label: t('nav.apiWebhooks'), to: OVERVIEW },
        { label: t('webhooks.one'), to: `${OVERVIEW}/webhooks/${id}` },
      ]}
      actions={
        delivery && (
          <Button
            leftSection={<IconSend size={16} aria-hidden />}
            loading={again.isPending}
            onClick={() => again.mutate(delivery.id, { onSuccess: () => announce(t('deliveries.againDone')) })}
          >
            {t('deliveries.again')}
          </Button>
        )
      }
    >
      {again.isError && <Problem problem={again.error} />}
      {found.isPending && <Loading />}
      {found.isError && <Problem problem={found.error} onRetry={() => void found.refetch()} />}
      {delivery && <Detail delivery={delivery} />}
    </Page>
  );
}

function Detail({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      {isUnderWay(delivery) && <WorkerStrip />}
      <Section title={t('webhooks.state')}>
        <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 4 }} m={0}>
          <Fact label={t('webhooks.state')}>
            <DeliveryBadge delivery={delivery} />
          </Fact>
          <Fact label={t('deliveries.when')}>{formats.moment(delivery.createdAt)}</Fact>
          <Fact label={t('deliveries.next')}>
            {delivery.nextAttemptAt ? formats.moment(delivery.nextAttemptAt) : t('deliveries.noNext')}
          </Fact>
          <Fact label="id">
            <span className="mono">{delivery.id}</span>
          </Fact>
        </SimpleGrid>
        <Attempts delivery={delivery} />
      </Section>
      <Section title={t('deliveries.request')}>
        {delivery.requestHeaders && (
          <CodeBlock code={headerLines(delivery.requestHeaders)} label={t('deliveries.requestHeaders')} />
        )}
        {delivery.requestBody === null ? (
          <Text size="sm" c="dimmed">
            {t('deliveries.bodyGone')}
          </Text>
        ) : (
          <CodeBlock code={pretty(delivery.requestBody)} label={t('deliveries.requestBody')} maxHeight="28rem" />
        )}
      </Section>
      <Section title={t('deliveries.response')}>
        {delivery.responseHeaders && (
          <CodeBlock code={headerLines(delivery.responseHeaders)} label={t('deliveries.responseHeaders')} />
        )}
        {delivery.responseBody ? (
          <CodeBlock code={pretty(delivery.responseBody)} label={t('deliveries.responseBody')} maxHeight="28rem" />
        ) : (
          <Text size="sm" c="dimmed">
            {t('deliveries.noBody')}
          </Text>
        )}
      </Section>
    </>
  );
}

function Attempts({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const errorText = useErrorText();
  if (delivery.attempts.length === 0) return null;
  return (
    <ListTable
      label={t('deliveries.attempts')}
      columns={[
        t('deliveries.attempt'),
        t('deliveries.when'),
        t('deliveries.result'),
        { end: t('deliveries.duration') },
      ]}
    >
      {delivery.attempts.map((attempt, place) => (
        <Table.Tr key={attempt.at}>
          <Table.Th scope="row">{formats.number(place + 1)}</Table.Th>
          <Table.Td>{formats.moment(attempt.at)}</Table.Td>
          <Table.Td>{attempt.error ? errorText(attempt.error) : `HTTP ${attempt.status}`}</Table.Td>
          <Table.Td ta="end">{attempt.durationMs === null ? '–' : `${formats.number(attempt.durationMs)} ms`}</Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** JSON with its lines broken, anything else as it is. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
