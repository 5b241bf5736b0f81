import { Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../../api/webhooks';
import { CopyButton } from '../../parts/CopyButton';
import { Section } from '../../parts/Section';
import { RollSecret } from './RollSecret';

const MADE = /^[0-9a-f]{64}$/;

/** The secret that requests are signed with: masked until it is asked for. */
export function SecretSection({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  return (
    <Section title={t('webhooks.secret')} hint={t('webhooks.secretHint')}>
      <Stack gap="md" maw="44rem">
        <Group gap="xs" align="flex-end">
          <PasswordInput
            label={t('webhooks.secret')}
            value={webhook.secret}
            readOnly
            classNames={{ innerInput: 'mono' }}
            visibilityToggleButtonProps={{ 'aria-label': t('webhooks.showSecret') }}
            flex="1 1 16rem"
            autoComplete="off"
          />
          <CopyButton text={webhook.secret} what={t('webhooks.secret')} withLabel />
          <RollSecret webhook={webhook} />
        </Group>
        {webhook.secret && !MADE.test(webhook.secret) && (
          <Group gap="xs" align="flex-end">
            <TextInput
              label={t('webhooks.standardSecret')}
              description={t('webhooks.standardSecretHint')}
              value={`whsec_${base64(webhook.secret)}`}
              readOnly
              classNames={{ input: 'mono' }}
              flex="1 1 16rem"
            />
            <CopyButton text={`whsec_${base64(webhook.secret)}`} what={t('webhooks.standardSecret')} withLabel />
          </Group>
        )}
      </Stack>
    </Section>
  );
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
