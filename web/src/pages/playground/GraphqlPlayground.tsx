import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import type { FetcherParams } from '@graphiql/toolkit';
import { useComputedColorScheme } from '@mantine/core';
import { GraphiQL } from 'graphiql';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { addressOf } from '../../api/base';
import { playgroundToken } from '../../api/playground';
import { makeStorage } from './graphiql-storage';
import type { Schema } from './PlaygroundPage';

interface Props {
  schema: Schema;
  pasted: string | null;
}

const FIRST_QUERY = {
  core: `{
  companies(first: 3) {
    totalCount
    edges {
      node {
        id
        name
      }
    }
  }
}
`,
  metadata: `{
  objects(paging: { first: 5 }) {
    edges {
      node {
        id
        nameSingular
        labelPlural
        isCustom
      }
    }
  }
}
`,
};

/** GraphiQL with the explorer; the token goes along with each request and is shown and kept nowhere. */
export default function GraphqlPlayground({ schema, pasted }: Props) {
  const scheme = useComputedColorScheme('light');
  const asked = useSearchParams()[0].get('query');
  const storage = useMemo(makeStorage, []);
  const plugins = useMemo(() => [explorerPlugin({ showAttribution: false })], []);
  const fetcher = useMemo(
    () => async (request: FetcherParams, options?: { headers?: Record<string, string> }) => {
      const token = pasted ?? (await playgroundToken());
      const response = await fetch(addressOf(schema === 'core' ? '/graphql' : '/metadata'), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...options?.headers, 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      return response.json();
    },
    [pasted, schema],
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      defaultQuery={FIRST_QUERY[schema]}
      {...(asked ? { initialQuery: asked } : {})}
      forcedTheme={scheme}
      showPersistHeadersSettings={false}
      shouldPersistHeaders={false}
      className="playground-graphql"
    />
  );
}
