import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { createWebhook, useWebhookChange } from '../../api/webhooks';
import { announce } from '../../parts/announce';
import { Page } from '../../parts/Page';
import { Section } from '../../parts/Section';
import { SendTest } from './SendTest';
import { WebhookForm } from './WebhookForm';

const OVERVIEW = '/settings/api-webhooks';

export default function NewWebhookPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [secret, setSecret] = useState('');
  const creating = useWebhookChange(createWebhook);
  return (
    <Page
      title={t('webhooks.newTitle')}
      lead={t('webhooks.newLead')}
      crumbs={[{ label: t('nav.apiWebhooks'), to: OVERVIEW }]}
    >
      <WebhookForm
        onSave={(input) =>
          creating.mutate(secret ? { ...input, secret } : input, {
            onSuccess: (id) => {
              announce(t('webhooks.saved'));
              void navigate(`${OVERVIEW}/webhooks/${id}`, { replace: true });
            },
          })
        }
        busy={creating.isPending}
        problem={creating.error}
        buttons={
          <Button variant="default" component={Link} to={OVERVIEW}>
            {t('common.cancel')}
          </Button>
        }
      >
        {(target) => (
          <Section title={t('webhooks.secret')} hint={t('webhooks.secretHint')}>
            <PasswordInput
              label={t('webhooks.ownSecret')}
              description={t('webhooks.ownSecretHint')}
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
              autoComplete="off"
              maw="38rem"
            />
            <SendTest to={target === null ? null : { targetUrl: target, secret: secret || null }} />
          </Section>
        )}
      </WebhookForm>
    </Page>
  );
}
