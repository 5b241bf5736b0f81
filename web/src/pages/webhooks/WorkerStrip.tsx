import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useWorkerAlive } from '../../api/health';

/** Says that nobody delivers webhooks, when that is so. */
export function WorkerStrip() {
  const { t } = useTranslation();
  if (useWorkerAlive()) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
      {t('webhooks.noWorker')}
    </Alert>
  );
}
