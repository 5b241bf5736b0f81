import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ModelField, useFields } from '../api/model';
import { recordsById, useRecordSearch } from '../api/records';
import { writeFilter } from './filters';
import { labelField, nameOf } from './kinds';

const TYPING_MS = 250;

interface Props {
  field: ModelField;
  value: string | null;
  onChange: (id: string | null) => void;
  label?: string;
  ariaLabel?: string;
}

/** Chooses a record of another object by its name, searched for on the server. */
export function RecordChoice({ field, value, onChange, label, ariaLabel }: Props) {
  const { t } = useTranslation();
  const target = field.relation!.targetObjectMetadata;
  const object = useFields(target.id).data;
  const named = object && labelField(object);
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed, TYPING_MS);
  const [opened, setOpened] = useState(false);

  const filter = named && searched ? writeFilter({ field: named, operator: 'contains', value: searched }) : null;
  const found = useRecordSearch(target.namePlural, filter, opened && named !== undefined);
  const chosen = useQuery(recordsById(target.namePlural, value === null ? [] : [value])).data?.get(value ?? '');
  const shown = new Map((found.data?.records ?? []).map((record) => [record.id, record]));
  if (chosen) shown.set(chosen.id, chosen);
  else if (value !== null) shown.set(value, { id: value });

  return (
    <Select
      {...(label ? { label } : { 'aria-label': ariaLabel })}
      placeholder={t('records.choose')}
      data={[...shown.values()].map((record) => ({
        value: record.id,
        label: (named && nameOf(record[named.name])) ?? `${record.id.slice(0, 8)}…`,
      }))}
      // The server has searched already, in its own way.
      filter={({ options }) => options}
      value={value}
      onChange={onChange}
      searchable
      clearable
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpened(true)}
      nothingFoundMessage={found.isFetching ? t('common.loading') : t('records.noneFound')}
      flex="1 1 12rem"
      maw={label ? undefined : 260}
    />
  );
}
