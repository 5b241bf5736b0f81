import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import { Alert, Button, Group, Stack, TagsInput, TextInput, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EventRow, operationOf, rowOf, type Webhook, type WebhookInput } from '../../api/webhooks';
import { Section } from '../../parts/Section';
import { useProblemText } from '../../parts/problem-text';
import { parseTarget, warningsOf } from './address-warnings';
import { EventRows } from './EventRows';

interface Props {
  webhook?: Webhook;
  onSave: (input: WebhookInput) => void;
  busy: boolean;
  problem: unknown;
  /** What stands between the events and the buttons, given the address once it is one. */
  children: (target: string | null) => ReactNode;
  buttons: ReactNode;
}

/** Address, description and events; the same for new and existing webhooks. */
export function WebhookForm({ webhook, onSave, busy, problem, children, buttons }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [target, setTarget] = useState(webhook?.targetUrl ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [rows, setRows] = useState<EventRow[]>((webhook?.operations ?? ['*.*']).map(rowOf));
  const [fields, setFields] = useState(webhook?.updatedFields ?? []);
  const [tried, setTried] = useState(false);
  const url = parseTarget(target);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (url === null || rows.length === 0 || busy) return;
    const operations = [...new Set(rows.map(operationOf))];
    onSave({ targetUrl: target.trim(), operations, description: description.trim(), updatedFields: fields });
  };
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="lg">
        {problem !== null && (
          <Alert color="red" variant="light" role="alert">
            {text(problem)}
          </Alert>
        )}
        <Section title={t('webhooks.where')}>
          <Stack gap="md" maw="38rem">
            <TextInput
              label={t('webhooks.url')}
              placeholder="https://example.com/icosa"
              type="url"
              value={target}
              onChange={(event) => setTarget(event.currentTarget.value)}
              onBlur={() => target && setTried(true)}
              error={tried && url === null ? t('webhooks.urlInvalid') : undefined}
              required
            />
            {url !== null &&
              warningsOf(url).map((warning) => (
                <Alert key={warning} color="yellow" variant="light">
                  {warning === 'plain' ? t('webhooks.warnPlain') : t('webhooks.warnPrivate')}
                </Alert>
              ))}
            <Textarea
              label={t('webhooks.description')}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
              rows={3}
            />
          </Stack>
        </Section>
        <Section title={t('webhooks.events')} hint={t('webhooks.eventsHint')}>
          <Stack gap="md" maw="38rem">
            <EventRows rows={rows} onChange={setRows} error={tried && rows.length === 0 ? t('webhooks.eventsMissing') : undefined} />
            <TagsInput
              label={t('webhooks.fields')}
              description={t('webhooks.fieldsHint')}
              placeholder={fields.length === 0 ? 'stage' : undefined}
              value={fields}
              onChange={setFields}
            />
          </Stack>
        </Section>
        {children(url === null ? null : target.trim())}
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {webhook ? t('common.save') : t('webhooks.create')}
          </Button>
          {buttons}
        </Group>
      </Stack>
    </form>
  );
}
