import { Anchor, Box, Group, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { addressOf } from '../api/base';
import { CopyButton } from './CopyButton';

interface Props {
  /** The route that was called, with its query string. */
  route: string;
  method?: string;
}

/** The request that made what is on screen, to be copied as it is or as a command. */
export function ApiCall({ route, method = 'GET' }: Props) {
  const { t } = useTranslation();
  const verb = method === 'GET' ? '' : ` -X ${method}`;
  const command = `curl -g${verb} -H "Authorization: Bearer $ICOSA_KEY" '${addressOf(route)}'`;
  return (
    <Box component="section" className="card api-call" aria-label={t('apiCall.title')}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconTerminal2 size={18} aria-hidden className="api-call-sign" />
        <Box miw={0} flex={1}>
          <Text size="xs" c="dimmed">
            {t('apiCall.title')}
          </Text>
          <code className="api-call-route">
            <b>{method}</b> {route}
          </code>
        </Box>
        <CopyButton text={route} what={t('apiCall.path')} />
      </Group>
      <Group gap="md" pl={26}>
        <CopyCommand command={command} />
        <Anchor component={Link} to={playgroundOf(route)} size="xs">
          {t('apiCall.playground')}
        </Anchor>
      </Group>
    </Box>
  );
}

/** The place of a route in the playground, by the object that it is about. */
export function playgroundOf(route: string): string {
  const plural = /^\/rest\/([^/?]+)/.exec(route)?.[1] ?? '';
  return `/settings/playground/rest/core#tag/${plural}/GET/${plural}`;
}

function CopyCommand({ command }: { command: string }) {
  const { t } = useTranslation();
  return (
    <Group gap={2}>
      <Text size="xs" c="dimmed">
        {t('apiCall.command')}
      </Text>
      <CopyButton text={command} what={t('apiCall.command')} />
    </Group>
  );
}
