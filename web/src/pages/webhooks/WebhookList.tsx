import { Anchor, Button, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWebhooks, type Webhook } from '../../api/webhooks';
import { Empty } from '../../parts/Empty';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import { LastDelivery, WebhookState } from './WebhookState';

const SHOWN = 3;

export function WebhookList() {
  const { t } = useTranslation();
  const webhooks = useWebhooks();
  if (webhooks.isPending) return <Loading />;
  if (webhooks.isError) return <Problem problem={webhooks.error} onRetry={() => void webhooks.refetch()} />;
  const create = (
    <Button component={Link} to="/settings/api-webhooks/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('webhooks.create')}
    </Button>
  );
  if (webhooks.data.length === 0) return <Empty action={create}>{t('webhooks.empty')}</Empty>;
  return (
    <>
      <ListTable
        label={t('webhooks.title')}
        columns={[
          'URL',
          t('webhooks.events'),
          t('webhooks.state'),
          t('webhooks.lastDelivery'),
        ]}
      >
        {webhooks.data.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </ListTable>
      <div className="list-foot end">{create}</div>
    </>
  );
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const more = webhook.operations.length - SHOWN;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Anchor
          component={Link}
          to={`/settings/api-webhooks/webhooks/${webhook.id}`}
          size="sm"
          title={webhook.targetUrl}
          aria-label={webhook.targetUrl}
        >
          {new URL(webhook.targetUrl).host}
        </Anchor>
        {webhook.description && (
          <Text size="xs" c="dimmed" fw={400} lineClamp={1}>
            {webhook.description}
          </Text>
        )}
      </Table.Th>
      <Table.Td className="mono">
        {webhook.operations.slice(0, SHOWN).join(', ')}
        {more > 0 && ` ${t('webhooks.more', { count: more })}`}
      </Table.Td>
      <Table.Td>
        <WebhookState webhook={webhook} />
      </Table.Td>
      <Table.Td>
        <LastDelivery webhook={webhook} />
      </Table.Td>
    </Table.Tr>
  );
}
