import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconSend, IconX, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Delivery, DeliveryState } from '../../api/deliveries';

const LOOKS: Record<DeliveryState, [string, Icon]> = {
  queued: ['gray', IconClock],
  sending: ['lagoon', IconSend],
  succeeded: ['teal', IconCheck],
  failed: ['yellow', IconAlertTriangle],
  dead: ['red', IconX],
};

/** A delivery's state by sign, word and colour, with the receiver's status. */
export function DeliveryBadge({ delivery }: { delivery: Pick<Delivery, 'state' | 'responseStatus'> }) {
  const { t } = useTranslation();
  const [color, Sign] = LOOKS[delivery.state];
  return (
    <Badge color={color} variant="light" className="state" leftSection={<Sign size={13} aria-hidden />}>
      {t(`deliveries.states.${delivery.state}`)}
      {delivery.responseStatus !== null && ` · ${delivery.responseStatus}`}
    </Badge>
  );
}

/** The words for what went wrong with a request, for the codes of `webhooks.md` section 5. */
export function useErrorText(): (error: string) => string {
  const { t } = useTranslation();
  return (error) => {
    if (error.startsWith('http-')) return t('deliveries.errors.http', { status: error.slice(5) });
    const texts: Record<string, string> = {
      timeout: t('deliveries.errors.timeout'),
      dns: t('deliveries.errors.dns'),
      tls: t('deliveries.errors.tls'),
      refused: t('deliveries.errors.refused'),
      'blocked-address': t('deliveries.errors.blocked'),
    };
    return texts[error] ?? error;
  };
}
