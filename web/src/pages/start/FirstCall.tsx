import { Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../api/base';
import { playgroundToken } from '../../api/playground';
import { reach } from '../../api/session';
import { useFormats } from '../../i18n/format';
import { CodeBlock } from '../../parts/CodeBlock';
import { Problem } from '../../parts/Problem';
import { type Api, GRAPHQL_QUERY, type Language, REST_ROUTE, snippet } from './snippets';

interface Answer {
  status: number;
  duration: number;
  body: string;
}

/** The first call as code, and the same call made from here. */
export function FirstCall({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [language, setLanguage] = useState<Language>('curl');
  const [api, setApi] = useState<Api>('rest');
  const running = useMutation({ mutationFn: run, onSuccess: (answer) => answer.status === 200 && onDone() });
  const answer = running.data;
  return (
    <Stack gap="sm" miw={0}>
      <Group gap="sm">
        <SegmentedControl
          aria-label={t('start.language')}
          data={[
            { value: 'curl', label: 'curl' },
            { value: 'python', label: 'Python' },
            { value: 'javascript', label: 'JavaScript' },
          ]}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
          size="xs"
        />
        <SegmentedControl
          aria-label="API"
          data={[
            { value: 'rest', label: 'REST' },
            { value: 'graphql', label: 'GraphQL' },
          ]}
          value={api}
          onChange={(value) => {
            setApi(value as Api);
            running.reset();
          }}
          size="xs"
        />
      </Group>
      <CodeBlock code={snippet(language, api)} label={t('start.code')} />
      <Group gap="sm">
        <Button
          variant="light"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={running.isPending}
          onClick={() => running.mutate(api)}
        >
          {t('start.run')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('start.runHint')}
        </Text>
      </Group>
      <div role="status">
        {answer && (
          <Stack gap={6}>
            <Group gap="xs">
              <Badge color={answer.status === 200 ? 'teal' : 'red'} variant="light" className="state">
                HTTP {answer.status}
              </Badge>
              <Text size="sm" c="dimmed">
                {t('start.took', { count: answer.duration, number: formats.number(answer.duration) })}
              </Text>
            </Group>
            <CodeBlock code={answer.body} label={t('start.answer')} maxHeight="20rem" />
          </Stack>
        )}
      </div>
      {running.isError && <Problem problem={running.error} onRetry={() => running.mutate(api)} />}
    </Stack>
  );
}

async function run(api: Api): Promise<Answer> {
  const headers = { authorization: `Bearer ${await playgroundToken()}`, 'content-type': 'application/json' };
  const started = performance.now();
  const response =
    api === 'rest'
      ? await reach(addressOf(REST_ROUTE), { headers })
      : await reach(addressOf('/graphql'), {
          method: 'POST',
          headers,
          body: JSON.stringify({ query: GRAPHQL_QUERY }),
        });
  const duration = Math.max(1, Math.round(performance.now() - started));
  return { status: response.status, duration, body: JSON.stringify(await response.json(), null, 2) };
}
