import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../api/base';
import { graphqlError, restError } from '../../api/errors';
import { playgroundToken } from '../../api/playground';
import { reach } from '../../api/session';
import { announce } from '../../parts/announce';
import { useProblemText } from '../../parts/problem-text';
import type { Api, Schema } from './PlaygroundPage';

interface Props {
  api: Api;
  schema: Schema;
  pasted: string | null;
}

/** The plain alternative to a playground: its OpenAPI document, or its schema as text. */
export function Download({ api, schema, pasted }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  const fetching = useMutation({
    mutationFn: async () => {
      const token = pasted ?? (await playgroundToken());
      if (api === 'rest') save(await openApi(schema, token), `icosa-${schema}.openapi.json`, 'application/json');
      else save(await sdl(schema, token), `icosa-${schema}.graphql`, 'text/plain');
    },
    onError: (problem) => announce(text(problem)),
  });
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
      loading={fetching.isPending}
      onClick={() => fetching.mutate()}
    >
      {api === 'rest' ? t('playground.openApiFile') : t('playground.sdlFile')}
    </Button>
  );
}

async function openApi(schema: Schema, token: string): Promise<string> {
  const response = await reach(addressOf(`/rest/open-api/${schema}`), { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw await restError(response);
  return JSON.stringify(await response.json(), null, 2);
}

async function sdl(schema: Schema, token: string): Promise<string> {
  const { buildClientSchema, getIntrospectionQuery, printSchema } = await import('graphql');
  const response = await reach(addressOf(schema === 'core' ? '/graphql' : '/metadata'), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery() }),
  });
  const body = await response.json();
  if (body.errors?.length) throw graphqlError(body.errors, response);
  return printSchema(buildClientSchema(body.data));
}

function save(content: string, name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
