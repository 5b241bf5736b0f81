import '@mantine/core/styles/Radio.css';
import { Alert, Button, Radio, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type ApiKey, regenerateKey, useKeyChange } from '../../api/keys';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useProblemText } from '../../parts/problem-text';
import { handOver } from './fresh-token';

const KEPT_HOURS = 24;

/** Makes a new key of the same name, role and length of life; asks what becomes of the old one. */
export function RegenerateButton({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const [old, setOld] = useState('keep');
  const regenerating = useKeyChange(
    (hours: number | null) => regenerateKey(apiKey, hours),
    ({ key, token }) => {
      handOver(key.id, token);
      setOpened(false);
      void navigate(`/settings/api-webhooks/apis/${key.id}`);
    },
  );
  const confirm = () => regenerating.mutate(old === 'keep' ? KEPT_HOURS : null);
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setOpened(true)}>
        {t('keys.regenerate.action')}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={confirm}
        title={t('keys.regenerate.title', { name: apiKey.name })}
        action={t('keys.regenerate.action')}
        busy={regenerating.isPending}
      >
        <Stack gap="md">
          <Text size="sm">{t('keys.regenerate.text')}</Text>
          {regenerating.isError && (
            <Alert color="red" variant="light" role="alert">
              {text(regenerating.error)}
            </Alert>
          )}
          <Radio.Group label={t('keys.regenerate.old')} value={old} onChange={setOld}>
            <Stack gap="xs" mt="xs">
              <Radio value="keep" label={t('keys.regenerate.keep', { count: KEPT_HOURS })} />
              <Radio value="stop" label={t('keys.regenerate.stop')} />
            </Stack>
          </Radio.Group>
        </Stack>
      </ConfirmDialog>
    </>
  );
}
