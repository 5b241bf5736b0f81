import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/errors';
import { useProblemText } from './problem-text';

interface Props {
  problem: unknown;
  onRetry?: () => void;
}

/** Says what went wrong, with a way to try again. */
export function Problem({ problem, onRetry }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('errors.title')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text(problem)}</Text>
        {problem instanceof ApiError && problem.requestId && (
          <Text size="xs" ff="monospace">
            {problem.requestId}
          </Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
