import { Alert, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { createKey, expiryIn, useKeyChange } from '../../api/keys';
import { useRoles } from '../../api/roles';
import { useFormats } from '../../i18n/format';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { useProblemText } from '../../parts/problem-text';
import { handOver } from './fresh-token';
import { RoleField } from './RoleField';

const OVERVIEW = '/settings/api-webhooks';
const LIVES = ['15', '30', '90', '365', '730', 'never', 'date'] as const;
type Life = (typeof LIVES)[number];

export default function NewKeyPage() {
  const { t } = useTranslation();
  const text = useProblemText();
  const formats = useFormats();
  const navigate = useNavigate();
  const roles = useRoles();
  const [name, setName] = useState('');
  const [chosenRole, setChosenRole] = useState<string | null>(null);
  const [life, setLife] = useState<Life>('90');
  const [date, setDate] = useState('');
  const creating = useKeyChange(createKey, ({ key, token }) => {
    handOver(key.id, token);
    void navigate(`${OVERVIEW}/apis/${key.id}`, { replace: true });
  });

  if (roles.isPending) return <Page title={t('keys.newTitle')}>{<Loading />}</Page>;
  if (roles.isError) {
    return (
      <Page title={t('keys.newTitle')}>
        <Problem problem={roles.error} onRetry={() => void roles.refetch()} />
      </Page>
    );
  }

  const roleId = chosenRole ?? roles.data.find((role) => role.canBeAssignedToApiKeys)?.id ?? null;
  const expiresAt = expiryOf(life, date);
  const complete = name.trim() !== '' && roleId !== null && expiresAt !== null;
  const labels: Record<Life, string> = {
    '15': t('keys.life.days', { count: 15 }),
    '30': t('keys.life.days', { count: 30 }),
    '90': t('keys.life.days', { count: 90 }),
    '365': t('keys.life.years', { count: 1 }),
    '730': t('keys.life.years', { count: 2 }),
    never: t('keys.never'),
    date: t('keys.life.date'),
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!complete || creating.isPending) return;
    creating.mutate({ name: name.trim(), expiresAt, roleId });
  };

  return (
    <Page
      title={t('keys.newTitle')}
      crumbs={[{ label: t('nav.apiWebhooks'), to: OVERVIEW }]}
      lead={t('keys.newLead')}
    >
      <form onSubmit={save}>
        <Section title={t('keys.newSection')}>
          <Stack gap="lg" maw="32rem">
            {creating.isError && (
              <Alert color="red" variant="light" role="alert">
                {text(creating.error)}
              </Alert>
            )}
            <TextInput
              label={t('keys.name')}
              placeholder={t('keys.namePlaceholder')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={100}
              autoComplete="off"
              required
            />
            <RoleField roles={roles.data} value={roleId} onChange={setChosenRole} label={t('keys.role')} />
            <Select
              label={t('keys.expires')}
              data={LIVES.map((value) => ({ value, label: labels[value] }))}
              value={life}
              onChange={(value) => value !== null && setLife(value as Life)}
              allowDeselect={false}
              description={expiresAt !== null && life !== 'never' ? formats.moment(expiresAt) : undefined}
              inputWrapperOrder={['label', 'input', 'description']}
            />
            {life === 'date' && (
              <TextInput
                type="date"
                label={t('keys.life.dateLabel')}
                value={date}
                min={new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}
                onChange={(event) => setDate(event.currentTarget.value)}
                error={date !== '' && expiresAt === null ? t('keys.life.datePast') : undefined}
              />
            )}
          </Stack>
        </Section>
        <Group mt="lg" gap="xs">
          <Button type="submit" disabled={!complete} loading={creating.isPending}>
            {t('keys.create')}
          </Button>
          <Button variant="default" component={Link} to={OVERVIEW}>
            {t('common.cancel')}
          </Button>
        </Group>
      </form>
    </Page>
  );
}

/** Returns when the key will expire, null as long as there is no day to come. */
function expiryOf(life: Life, date: string): string | null {
  if (life !== 'date') return expiryIn(life === 'never' ? null : Number(life));
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) || end.getTime() <= Date.now() ? null : end.toISOString();
}
