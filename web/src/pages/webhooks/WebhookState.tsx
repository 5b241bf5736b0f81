import { Badge, Group, Text } from '@mantine/core';
import { IconBan, IconCheck, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLastDelivery } from '../../api/deliveries';
import type { Webhook } from '../../api/webhooks';
import { useFormats } from '../../i18n/format';
import { DeliveryBadge } from './DeliveryBadge';

/** Whether a webhook is on, off, or was switched off by itself and why. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  if (webhook.isActive) {
    return (
      <Badge color="teal" variant="light" className="state" leftSection={<IconCheck size={13} aria-hidden />}>
        {t('webhooks.on')}
      </Badge>
    );
  }
  if (webhook.inactiveReason === null) {
    return (
      <Badge color="gray" variant="light" className="state" leftSection={<IconPlayerPause size={13} aria-hidden />}>
        {t('webhooks.off')}
      </Badge>
    );
  }
  return (
    <Badge color="red" variant="light" className="state" leftSection={<IconBan size={13} aria-hidden />}>
      {webhook.inactiveReason === 'gone' ? t('webhooks.offGone') : t('webhooks.offFailing')}
    </Badge>
  );
}

/** When the newest delivery was made, and how it went. */
export function LastDelivery({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: last } = useLastDelivery(webhook.id);
  if (!last) {
    return (
      <Text size="sm" c="dimmed">
        {last === null ? t('webhooks.noneSent') : ''}
      </Text>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <DeliveryBadge delivery={last} />
      <Text size="sm" title={formats.moment(last.createdAt)}>
        {formats.relative(last.createdAt)}
      </Text>
    </Group>
  );
}
