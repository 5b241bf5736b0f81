import { Stack, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Page } from '../../parts/Page';
import { KeyList } from '../keys/KeyList';
import { Launcher } from '../playground/Launcher';
import { WebhookList } from '../webhooks/WebhookList';
import { WorkerStrip } from '../webhooks/WorkerStrip';

/** Keys, webhooks and the way into the playgrounds. */
export default function OverviewPage() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <Page title={t('nav.apiWebhooks')} lead={t('apiWebhooks.lead')}>
      <Launcher />
      <Stack component="section" gap="md" id="api" aria-labelledby="keys-title">
        <Title order={2} id="keys-title">
          {t('keys.title')}
        </Title>
        <KeyList />
      </Stack>
      <Stack component="section" gap="md" id="webhooks" aria-labelledby="webhooks-title">
        <Title order={2} id="webhooks-title">
          {t('webhooks.title')}
        </Title>
        <WorkerStrip />
        <WebhookList />
      </Stack>
    </Page>
  );
}
