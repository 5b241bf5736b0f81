import '@mantine/core/styles/Radio.css';
import { Alert, Button, Radio, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rollSecret, useDeliveryChange } from '../../api/deliveries';
import type { Webhook } from '../../api/webhooks';
import { announce } from '../../parts/announce';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useProblemText } from '../../parts/problem-text';

const KEPT_HOURS = 24;

/** Gives a webhook a new secret; the old one may sign along for a day. */
export function RollSecret({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [opened, setOpened] = useState(false);
  const [old, setOld] = useState('keep');
  const rolling = useDeliveryChange((hours: number) => rollSecret(webhook.id, hours));
  const confirm = () =>
    rolling.mutate(old === 'keep' ? KEPT_HOURS : 0, {
      onSuccess: () => {
        setOpened(false);
        announce(t('webhooks.rolled'));
      },
    });
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setOpened(true)}>
        {t('webhooks.roll')}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={confirm}
        title={t('webhooks.rollTitle', { host: new URL(webhook.targetUrl).host })}
        action={t('webhooks.roll')}
        busy={rolling.isPending}
      >
        <Stack gap="md">
          <Text size="sm">{t('webhooks.rollText')}</Text>
          {rolling.isError && (
            <Alert color="red" variant="light" role="alert">
              {text(rolling.error)}
            </Alert>
          )}
          <Radio.Group label={t('webhooks.rollOld')} value={old} onChange={setOld}>
            <Stack gap="xs" mt="xs">
              <Radio value="keep" label={t('webhooks.rollKeep', { count: KEPT_HOURS })} />
              <Radio value="stop" label={t('webhooks.rollStop')} />
            </Stack>
          </Radio.Group>
        </Stack>
      </ConfirmDialog>
    </>
  );
}
