import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilterX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FullObject, ModelField } from '../../api/model';
import { type Condition, needsValue, type Operator, operatorsOf } from '../../fields/filters';
import { comparisonOf, hasValue, isLink } from '../../fields/kinds';
import { RecordChoice } from '../../fields/RecordChoice';

const TYPING_MS = 300;

interface Props {
  object: FullObject;
  condition: Condition | null;
  onChange: (condition: Condition | null) => void;
}

/** A condition on one field. */
export function FilterBar({ object, condition, onChange }: Props) {
  const { t } = useTranslation();
  const fields = object.fields.filter((field) => hasValue(field) && field.type !== 'MORPH_RELATION');
  const choose = (name: string | null) => {
    const field = fields.find((each) => each.name === name);
    onChange(field ? { field, operator: operatorsOf(field)[0]!, value: '' } : null);
  };
  return (
    <Group gap="xs" role="search" aria-label={t('records.filter.title')} align="flex-end">
      <Select
        aria-label={t('records.filter.field')}
        placeholder={t('records.filter.choose')}
        data={fields.map((field) => ({ value: field.name, label: field.label }))}
        value={condition?.field.name ?? null}
        onChange={choose}
        searchable
        nothingFoundMessage={t('records.filter.noField')}
        flex="1 1 11rem"
        maw={240}
      />
      {condition && (
        <>
          <Select
            aria-label={t('records.filter.operator')}
            data={operatorsOf(condition.field).map((value) => ({ value, label: t(`records.operators.${word(condition.field, value)}`) }))}
            value={condition.operator}
            onChange={(operator) => operator && onChange({ ...condition, operator: operator as Operator })}
            allowDeselect={false}
            flex="1 1 9rem"
            maw={180}
          />
          {needsValue(condition.operator) && (
            <ValueInput
              key={condition.field.name}
              condition={condition}
              onChange={(value) => onChange({ ...condition, value })}
            />
          )}
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconFilterX size={16} aria-hidden />}
            onClick={() => onChange(null)}
          >
            {t('records.filter.clear')}
          </Button>
        </>
      )}
    </Group>
  );
}

/** Dates are after and before, numbers above and below. */
function word(field: ModelField, operator: Operator): Operator | 'after' | 'before' {
  const isDate = comparisonOf(field) === 'date';
  if (operator === 'above') return isDate ? 'after' : 'above';
  if (operator === 'below') return isDate ? 'before' : 'below';
  return operator;
}

function ValueInput({ condition, onChange }: { condition: Condition; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const { field, value } = condition;
  const label = t('records.filter.value');
  const comparison = comparisonOf(field);
  if (isLink(field)) {
    return <RecordChoice field={field} value={value || null} onChange={(id) => onChange(id ?? '')} ariaLabel={label} />;
  }
  if (comparison === 'boolean' || comparison === 'option' || comparison === 'options') {
    const options =
      comparison === 'boolean'
        ? [
            { value: 'true', label: t('records.yes') },
            { value: 'false', label: t('records.no') },
          ]
        : (field.options ?? []).map((option) => ({ value: option.value, label: option.label }));
    return (
      <Select
        aria-label={label}
        placeholder={t('records.filter.chooseValue')}
        data={options}
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? '')}
        flex="1 1 10rem"
        maw={220}
      />
    );
  }
  const type = comparison === 'number' ? 'number' : comparison === 'date' ? 'date' : 'text';
  return <TypedValue label={label} type={type} value={value} onChange={onChange} />;
}

interface TypedProps {
  label: string;
  type: string;
  value: string;
  onChange: (value: string) => void;
}

function TypedValue({ label, type, value, onChange }: TypedProps) {
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <TextInput
      aria-label={label}
      type={type}
      {...(type === 'number' ? { step: 'any' } : {})}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      flex="1 1 10rem"
      maw={260}
    />
  );
}
