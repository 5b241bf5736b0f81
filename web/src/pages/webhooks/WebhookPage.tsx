import { Alert, Button, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { deleteWebhook, updateWebhook, useWebhook, useWebhookChange, type Webhook, type WebhookInput } from '../../api/webhooks';
import { announce } from '../../parts/announce';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { DeliveryList } from './DeliveryList';
import { SecretSection } from './SecretSection';
import { SendTest } from './SendTest';
import { SignatureCode } from './SignatureCode';
import { WebhookForm } from './WebhookForm';

const OVERVIEW = '/settings/api-webhooks';

export default function WebhookPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const found = useWebhook(id);
  const crumbs = [{ label: t('nav.apiWebhooks'), to: OVERVIEW }];
  if (found.data) return <OneWebhook key={id} webhook={found.data} />;
  return (
    <Page title={t('webhooks.one')} crumbs={crumbs}>
      {found.isPending && <Loading />}
      {found.isError && <Problem problem={found.error} onRetry={() => void found.refetch()} />}
      {found.data === null && <Empty>{t('webhooks.gone')}</Empty>}
    </Page>
  );
}

function OneWebhook({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const saving = useWebhookChange((input: WebhookInput) => updateWebhook(webhook.id, input));
  return (
    <Page
      title={new URL(webhook.targetUrl).host}
      lead={webhook.targetUrl}
      crumbs={[{ label: t('nav.apiWebhooks'), to: OVERVIEW }]}
      actions={<Switching webhook={webhook} />}
    >
      {!webhook.isActive && webhook.inactiveReason !== null && (
        <Alert color="red" variant="light">
          {webhook.inactiveReason === 'gone' ? t('webhooks.offGoneText') : t('webhooks.offFailingText')}
        </Alert>
      )}
      <WebhookForm
        webhook={webhook}
        onSave={(input) => saving.mutate(input, { onSuccess: () => announce(t('webhooks.saved')) })}
        busy={saving.isPending}
        problem={saving.error}
        buttons={null}
      >
        {() => <SendTest to={{ id: webhook.id }} />}
      </WebhookForm>
      <DeliveryList webhook={webhook} />
      <SecretSection webhook={webhook} />
      <SignatureCode />
      <Delete webhook={webhook} />
    </Page>
  );
}

/** Switches a webhook on and off; what happens while it is off is not sent. */
function Switching({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const switching = useWebhookChange((isActive: boolean) => updateWebhook(webhook.id, { isActive }));
  return (
    <Switch
      label={webhook.isActive ? t('webhooks.on') : t('webhooks.off')}
      checked={webhook.isActive}
      disabled={switching.isPending}
      onChange={(event) => switching.mutate(event.currentTarget.checked)}
    />
  );
}

function Delete({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const deleting = useWebhookChange(deleteWebhook, () => {
    announce(t('webhooks.deleteDone'));
    void navigate(`${OVERVIEW}#webhooks`);
  });
  return (
    <Section title={t('common.danger')} hint={t('webhooks.deleteHint')}>
      <div>
        <Button color="red" variant="outline" onClick={() => setOpened(true)}>
          {t('common.delete')}
        </Button>
      </div>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={() => deleting.mutate(webhook.id)}
        title={t('webhooks.deleteTitle', { host: new URL(webhook.targetUrl).host })}
        action={t('common.delete')}
        busy={deleting.isPending}
      >
        <Text size="sm">{t('webhooks.deleteText', { url: webhook.targetUrl })}</Text>
        {deleting.isError && <Problem problem={deleting.error} />}
      </ConfirmDialog>
    </Section>
  );
}
