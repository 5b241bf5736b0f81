import { Button, Group, NativeSelect } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Section } from '../../parts/Section';

/** Chooses one of the four playgrounds; by the browser's own lists, since this page is among the first that are loaded. */
export function Launcher() {
  const { t } = useTranslation();
  const [schema, setSchema] = useState('core');
  const [api, setApi] = useState('rest');
  return (
    <Section title={t('playground.title')} hint={t('playground.hint')}>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={t('playground.schema')}
          data={[
            { value: 'core', label: t('playground.core') },
            { value: 'metadata', label: t('playground.metadata') },
          ]}
          value={schema}
          onChange={(event) => setSchema(event.currentTarget.value)}
          flex="1 1 10rem"
          maw={240}
        />
        <NativeSelect
          label="API"
          data={[
            { value: 'rest', label: 'REST' },
            { value: 'graphql', label: 'GraphQL' },
          ]}
          value={api}
          onChange={(event) => setApi(event.currentTarget.value)}
          flex="1 1 8rem"
          maw={200}
        />
        <Button
          component={Link}
          to={`/settings/playground/${api}/${schema}`}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
        >
          {t('playground.launch')}
        </Button>
      </Group>
    </Section>
  );
}
