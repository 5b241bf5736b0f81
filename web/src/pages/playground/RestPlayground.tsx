import '@scalar/api-reference-react/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { ApiReferenceReact } from '@scalar/api-reference-react';
import { useMemo } from 'react';
import { useOpenApiDocument } from '../../api/playground';
import { Loading } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import type { Schema } from './PlaygroundPage';

interface Props {
  schema: Schema;
  pasted: string | null;
}

/** Scalar's API reference over the server's own document; it asks nobody else for anything. */
export default function RestPlayground({ schema, pasted }: Props) {
  const scheme = useComputedColorScheme('light');
  const found = useOpenApiDocument(schema, pasted, true);
  const configuration = useMemo(
    () =>
      found.data && {
        content: found.data.document,
        authentication: {
          preferredSecurityScheme: 'bearerAuth',
          securitySchemes: { bearerAuth: { token: found.data.token } },
        },
        forceDarkModeState: scheme,
        hideDarkModeToggle: true,
        hideModels: schema === 'metadata',
        hideClientButton: true,
        showDeveloperTools: 'never' as const,
        withDefaultFonts: false,
        telemetry: false,
        persistAuth: false,
        agent: { disabled: true },
        mcp: { disabled: true },
        theme: 'default' as const,
      },
    [found.data, scheme, schema],
  );
  if (found.isPending) return <Loading lines={8} />;
  if (found.isError) return <Problem problem={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="playground-rest">
      {/* It looks at the colour scheme once: another one needs another reference. */}
      {configuration && <ApiReferenceReact key={scheme} configuration={configuration} />}
    </div>
  );
}
