import '@mantine/core/styles/Fieldset.css';
import '@mantine/core/styles/NumberInput.css';
import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import { Fieldset, Group, JsonInput, MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelField } from '../api/model';
import { isLink } from './kinds';
import { RecordChoice } from './RecordChoice';

interface Props {
  field: ModelField;
  /** What the record holds, with what has been changed so far. */
  value: unknown;
  /** Told with what the API takes: for a composite, only the part that was changed. */
  onChange: (value: unknown) => void;
}

const SIMPLE = new Set([
  'ADDRESS', 'ARRAY', 'BOOLEAN', 'CURRENCY', 'DATE', 'DATE_TIME', 'EMAILS', 'FULL_NAME', 'LINKS', 'MULTI_SELECT', 'NUMBER',
  'NUMERIC', 'PHONES', 'RATING', 'RAW_JSON', 'RICH_TEXT', 'SELECT', 'TEXT',
]);

/** Whether there is an input for a field; the rest is written as JSON. */
export function hasInput(field: ModelField): boolean {
  if (!field.isActive || field.isUIReadOnly || field.isSystem) return false;
  return SIMPLE.has(field.type) || isLink(field);
}

/** Whether a field's input has several parts; such inputs stand below the others. */
export function hasParts(field: ModelField): boolean {
  return field.type === 'CURRENCY' || field.type in PARTS;
}

/** The key of a field in a body: links are written by id. */
export function bodyKey(field: ModelField): string {
  return isLink(field) ? `${field.name}Id` : field.name;
}

/** An input that fits the field's type. */
export function FieldInput({ field, value, onChange }: Props) {
  const label = field.label;
  const options = (field.options ?? []).map((option) => ({ value: option.value, label: option.label }));
  const told = (value ?? {}) as Record<string, unknown>;
  if (isLink(field)) {
    return <RecordChoice field={field} label={label} value={(value as string | null) ?? null} onChange={onChange} />;
  }
  switch (field.type) {
    case 'NUMBER':
    case 'NUMERIC':
      return (
        <NumberInput
          label={label}
          value={(value as number | null) ?? ''}
          onChange={(number) => onChange(typeof number === 'number' ? number : null)}
        />
      );
    case 'BOOLEAN':
      return (
        <Switch label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} mt="lg" />
      );
    case 'DATE':
      return (
        <TextInput
          label={label}
          type="date"
          value={(value as string | null) ?? ''}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    case 'DATE_TIME':
      return (
        <TextInput
          label={label}
          type="datetime-local"
          value={localMoment(value)}
          onChange={(event) => onChange(event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null)}
        />
      );
    case 'SELECT':
    case 'RATING':
      return (
        <Select
          label={label}
          data={options}
          value={(value as string | null) ?? null}
          onChange={onChange}
          clearable={field.isNullable}
          allowDeselect={field.isNullable}
        />
      );
    case 'MULTI_SELECT':
      return <MultiSelect label={label} data={options} value={(value as string[] | null) ?? []} onChange={onChange} />;
    case 'ARRAY':
      return <TagsInput label={label} value={(value as string[] | null) ?? []} onChange={onChange} />;
    case 'RICH_TEXT':
      return (
        <Textarea
          label={label}
          autosize
          minRows={3}
          maxRows={12}
          value={String(told.markdown ?? '')}
          onChange={(event) => onChange({ markdown: event.currentTarget.value })}
        />
      );
    case 'RAW_JSON':
      return <Json label={label} value={value} onChange={onChange} />;
    case 'CURRENCY':
      return <Money label={label} value={told} onChange={onChange} />;
    case 'EMAILS':
      return (
        <TextInput
          label={label}
          type="email"
          value={String(told.primaryEmail ?? '')}
          onChange={(event) => onChange({ primaryEmail: event.currentTarget.value })}
        />
      );
    case 'TEXT':
      return (
        <TextInput label={label} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    default:
      return <Parts label={label} parts={PARTS[field.type] ?? []} value={told} onChange={onChange} />;
  }
}

type Part =
  | 'firstName'
  | 'lastName'
  | 'primaryPhoneCallingCode'
  | 'primaryPhoneNumber'
  | 'primaryLinkUrl'
  | 'primaryLinkLabel'
  | 'addressStreet1'
  | 'addressStreet2'
  | 'addressPostcode'
  | 'addressCity'
  | 'addressState'
  | 'addressCountry';

const PARTS: Record<string, Part[]> = {
  FULL_NAME: ['firstName', 'lastName'],
  PHONES: ['primaryPhoneCallingCode', 'primaryPhoneNumber'],
  LINKS: ['primaryLinkUrl', 'primaryLinkLabel'],
  ADDRESS: ['addressStreet1', 'addressStreet2', 'addressPostcode', 'addressCity', 'addressState', 'addressCountry'],
};

interface PartsProps {
  label: string;
  parts: Part[];
  value: Record<string, unknown>;
  onChange: (value: unknown) => void;
}

/** The parts of a composite, one text each. */
function Parts({ label, parts, value, onChange }: PartsProps) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={label} variant="unstyled" className="parts">
      <Group gap="xs" align="flex-end">
        {parts.map((part) => (
          <TextInput
            key={part}
            label={t(`records.parts.${part}`)}
            value={String(value[part] ?? '')}
            onChange={(event) => onChange({ [part]: event.currentTarget.value })}
            flex="1 1 7rem"
            miw={0}
          />
        ))}
      </Group>
    </Fieldset>
  );
}

function Money({ label, value, onChange }: { label: string; value: Record<string, unknown>; onChange: (value: unknown) => void }) {
  const { t } = useTranslation();
  const amount = value.amountMicros;
  return (
    <Fieldset legend={label} variant="unstyled" className="parts">
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <NumberInput
          label={t('records.parts.amount')}
          value={amount === null || amount === undefined ? '' : Number(amount) / 1_000_000}
          onChange={(number) => onChange({ amountMicros: typeof number === 'number' ? Math.round(number * 1_000_000) : null })}
          flex={1}
          miw={0}
        />
        <TextInput
          label={t('records.parts.currencyCode')}
          placeholder="EUR"
          maxLength={3}
          value={String(value.currencyCode ?? '')}
          onChange={(event) => onChange({ currencyCode: event.currentTarget.value.toUpperCase() || null })}
          w={90}
        />
      </Group>
    </Fieldset>
  );
}

function Json({ label, value, onChange }: { label: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (value === null || value === undefined ? '' : JSON.stringify(value, null, 2)));
  return (
    <JsonInput
      label={label}
      validationError={t('records.badJson')}
      formatOnBlur
      autosize
      minRows={3}
      maxRows={12}
      value={text}
      onChange={(typed) => {
        setText(typed);
        try {
          onChange(typed.trim() === '' ? null : JSON.parse(typed));
        } catch {
          // Half-typed JSON is no value yet; the input says so itself.
        }
      }}
    />
  );
}

/** A moment as the browser's own input takes it: local, without a zone. */
function localMoment(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  const moment = new Date(value);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
