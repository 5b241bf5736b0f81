import { ActionIcon, Anchor, Group, Select, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { dropPlaygroundToken } from '../../api/playground';
import { Loading } from '../../parts/Loading';
import NotFoundPage from '../NotFoundPage';
import { ActingAs } from './ActingAs';
import { Download } from './Download';

const RestPlayground = lazy(() => import('./RestPlayground'));
const GraphqlPlayground = lazy(() => import('./GraphqlPlayground'));

const APIS = ['rest', 'graphql'] as const;
const SCHEMAS = ['core', 'metadata'] as const;
export type Api = (typeof APIS)[number];
export type Schema = (typeof SCHEMAS)[number];

/** One of the four playgrounds, full screen. */
export default function PlaygroundPage() {
  const { api, schema } = useParams();
  if (!APIS.includes(api as Api) || !SCHEMAS.includes(schema as Schema)) return <NotFoundPage />;
  return <Playground api={api as Api} schema={schema as Schema} />;
}

function Playground({ api, schema }: { api: Api; schema: Schema }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  const [key, setKey] = useState<string | null>(null);
  const place = `${api}/${schema}`;
  const names = Object.fromEntries(
    APIS.flatMap((each) => SCHEMAS.map((part) => [`${each}/${part}`, t(`playground.places.${each}.${part}`)])),
  );
  const title = names[place] ?? '';

  useEffect(() => dropPlaygroundToken, []);
  useEffect(() => {
    document.title = `${title} · Icosa`;
    heading.current?.focus();
  }, [title]);

  return (
    <div className="playground">
      <section aria-label={title}>
        <div className="playground-bar">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Anchor component={Link} to="/settings/api-webhooks" size="sm" visibleFrom="sm">
            {t('nav.apiWebhooks')}
          </Anchor>
          <Text size="sm" c="dimmed" visibleFrom="sm" aria-hidden>
            /
          </Text>
          <Title order={1} size="h3" ref={heading} tabIndex={-1}>
            {t('playground.title')}
          </Title>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Select
            aria-label={t('playground.which')}
            data={Object.entries(names).map(([value, label]) => ({ value, label }))}
            value={place}
            onChange={(value) => value !== null && void navigate(`/settings/playground/${value}`)}
            allowDeselect={false}
            size="xs"
            w={190}
          />
          <ActionIcon
            component={Link}
            to="/settings/api-webhooks"
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('playground.close')}
          >
            <IconX size={18} aria-hidden />
          </ActionIcon>
        </Group>
        </div>
        <div className="playground-strip">
          <ActingAs pasted={key} onPaste={setKey} />
          <Download api={api} schema={schema} pasted={key} />
        </div>
      </section>
      <Suspense fallback={<Loading lines={8} />}>
        {api === 'rest' ? (
          // The API reference brings a main landmark of its own.
          <div className="playground-main" key={`${place} ${key}`}>
            <RestPlayground schema={schema} pasted={key} />
          </div>
        ) : (
          <main className="playground-main" key={`${place} ${key}`}>
            <GraphqlPlayground schema={schema} pasted={key} />
          </main>
        )}
      </Suspense>
    </div>
  );
}
