import { Button, Group, JsonInput, SegmentedControl, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FullObject } from '../../api/model';
import { bodyKey, FieldInput, hasInput, hasParts } from '../../fields/FieldInput';
import { labelField } from '../../fields/kinds';
import { Problem } from '../../parts/Problem';

interface Props {
  object: FullObject;
  /** What the record holds; empty for a new one. */
  record: Record<string, unknown>;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
  busy: boolean;
  problem: unknown;
  saveLabel: string;
}

type Body = Record<string, unknown>;

/** The body of a write, by inputs for the simple types or as the JSON that is sent. */
export function RecordForm({ object, record, onSave, onCancel, busy, problem, saveLabel }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState('form');
  const [body, setBody] = useState<Body>({});
  const [json, setJson] = useState('{}');
  const [bad, setBad] = useState(false);

  const toMode = (next: string) => {
    if (next === 'json') setJson(JSON.stringify(body, null, 2));
    else setBody(parsed(json) ?? body);
    setBad(false);
    setMode(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const sent = mode === 'json' ? parsed(json) : body;
    setBad(sent === null);
    if (sent !== null) onSave(sent);
  };
  const set = (key: string, value: unknown) => setBody((before) => ({ ...before, [key]: merged(before[key], value) }));
  const name = labelField(object);
  const fields = object.fields
    .filter((field) => hasInput(field) || (field === name && !field.isUIReadOnly && field.type === 'TEXT'))
    .sort((one, other) => Number(other === name) - Number(one === name) || Number(hasParts(one)) - Number(hasParts(other)));

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <SegmentedControl
          aria-label={t('records.form.mode')}
          data={[
            { value: 'form', label: t('records.form.fields') },
            { value: 'json', label: 'JSON' },
          ]}
          value={mode}
          onChange={toMode}
          size="xs"
          className="form-mode"
        />
        {mode === 'json' ? (
          <JsonInput
            label={t('records.form.body')}
            description={t('records.form.bodyHint')}
            value={json}
            onChange={setJson}
            error={bad ? t('records.badJson') : undefined}
            validationError={t('records.badJson')}
            autosize
            minRows={8}
            maxRows={24}
            classNames={{ input: 'mono' }}
            spellCheck={false}
          />
        ) : (
          <div className="record-form">
            {fields.map((field) => {
              const key = bodyKey(field);
              return (
                <FieldInput
                  key={field.id}
                  field={field}
                  value={merged(record[key], body[key])}
                  onChange={(value) => set(key, value)}
                />
              );
            })}
          </div>
        )}
        {problem !== null && <Problem problem={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {saveLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Lays what was changed over what was there: part by part where both are composites. */
function merged(before: unknown, change: unknown): unknown {
  if (change === undefined) return before;
  return isParts(before) && isParts(change) ? { ...before, ...change } : change;
}

function isParts(value: unknown): value is Body {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function parsed(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return isParts(value) ? value : null;
  } catch {
    return null;
  }
}
