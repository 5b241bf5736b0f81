import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { addressOf } from '../../api/base';
import type { FullObject, ModelField } from '../../api/model';
import { isLink } from '../../fields/kinds';
import { playgroundOf } from '../../parts/ApiCall';
import { CodeBlock } from '../../parts/CodeBlock';
import { Section } from '../../parts/Section';

const SHOWN = 6;
const SCALARS = new Set(['TEXT', 'NUMBER', 'NUMERIC', 'BOOLEAN', 'DATE', 'DATE_TIME', 'SELECT', 'MULTI_SELECT', 'RATING', 'ARRAY']);
const PARTS: Record<string, string> = {
  CURRENCY: 'amountMicros currencyCode',
  EMAILS: 'primaryEmail',
  FULL_NAME: 'firstName lastName',
  LINKS: 'primaryLinkUrl',
  PHONES: 'primaryPhoneNumber',
};

/** The object's address in REST and a query in GraphQL, to be copied or tried. */
export function CallIt({ object }: { object: FullObject }) {
  const { t } = useTranslation();
  const query = queryOf(object);
  return (
    <Section title={t('dataModel.callIt')} hint={t('dataModel.callItHint')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="xs">
          <Text fw={600} size="sm">
            REST
          </Text>
          <CodeBlock code={`GET ${addressOf(`/rest/${object.namePlural}?limit=3`)}`} label={t('dataModel.restPath')} wrap />
          <Group>
            <Try to={playgroundOf(`/rest/${object.namePlural}`)} />
          </Group>
        </Stack>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            GraphQL
          </Text>
          <CodeBlock code={query} label={t('dataModel.query')} maxHeight="16rem" />
          <Group>
            <Try to={`/settings/playground/graphql/core?${new URLSearchParams({ query })}`} />
          </Group>
        </Stack>
      </SimpleGrid>
    </Section>
  );
}

function Try({ to }: { to: string }) {
  const { t } = useTranslation();
  return (
    <Button component={Link} to={to} variant="light" size="xs" leftSection={<IconPlayerPlay size={14} aria-hidden />}>
      {t('apiCall.playground')}
    </Button>
  );
}

/** A query for the first records, with the fields that an eye would look for. */
function queryOf(object: FullObject): string {
  const fields = object.fields
    .filter((field) => field.isActive && !field.isSystem)
    .flatMap((field) => selectionOf(field) ?? [])
    .slice(0, SHOWN);
  const lines = ['id', ...fields].map((line) => `        ${line}`).join('\n');
  return `{\n  ${object.namePlural}(first: 3) {\n    totalCount\n    edges {\n      node {\n${lines}\n      }\n    }\n  }\n}\n`;
}

function selectionOf(field: ModelField): string | null {
  if (SCALARS.has(field.type)) return field.name;
  if (field.type in PARTS) return `${field.name} { ${PARTS[field.type]} }`;
  return isLink(field) ? `${field.name}Id` : null;
}
