import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sendTest, type TestResult, useDeliveryChange } from '../../api/deliveries';
import { useFormats } from '../../i18n/format';
import { CodeBlock } from '../../parts/CodeBlock';
import { Problem } from '../../parts/Problem';
import { useErrorText } from './DeliveryBadge';

interface Props {
  /** To whom; null as long as there is no address to send to. */
  to: Parameters<typeof sendTest>[0] | null;
}

/** Sends a made-up event at once and shows what came back. */
export function SendTest({ to }: Props) {
  const { t } = useTranslation();
  const sending = useDeliveryChange(sendTest);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          variant="light"
          leftSection={<IconSend size={16} aria-hidden />}
          disabled={to === null}
          loading={sending.isPending}
          onClick={() => to !== null && sending.mutate(to)}
        >
          {t('webhooks.test')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('webhooks.testHint')}
        </Text>
      </Group>
      <div role="status">{sending.data && <Result result={sending.data} />}</div>
      {sending.isError && <Problem problem={sending.error} />}
    </Stack>
  );
}

function Result({ result }: { result: TestResult }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const errorText = useErrorText();
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Badge color={result.succeeded ? 'teal' : 'red'} variant="light" className="state">
          {result.status === null ? t('deliveries.noAnswer') : `HTTP ${result.status}`}
        </Badge>
        <Text size="sm">{result.succeeded ? t('webhooks.testGood') : result.error && errorText(result.error)}</Text>
        <Text size="sm" c="dimmed">
          {t('start.took', { count: result.durationMs, number: formats.number(result.durationMs) })}
        </Text>
      </Group>
      {result.responseBody && (
        <CodeBlock code={result.responseBody.slice(0, 600)} label={t('deliveries.response')} maxHeight="12rem" wrap />
      )}
    </Stack>
  );
}
