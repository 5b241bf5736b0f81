import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import { Select, SimpleGrid, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FullObject, useCreateField } from '../../api/model';
import { nameFromLabel, valueFromLabel } from '../../fields/names';
import { announce } from '../../parts/announce';
import { AddForm } from './AddForm';

const TYPES = [
  'TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'DATE_TIME', 'SELECT', 'MULTI_SELECT', 'RATING', 'CURRENCY', 'EMAILS', 'PHONES',
  'LINKS', 'ADDRESS', 'FULL_NAME', 'ARRAY', 'RICH_TEXT', 'RAW_JSON',
] as const;
const WITH_OPTIONS = new Set<string>(['SELECT', 'MULTI_SELECT']);
const COLORS = ['green', 'turquoise', 'sky', 'blue', 'purple', 'pink', 'red', 'orange', 'yellow', 'gray'];

/** A new field: label, name, type, and options where the type has some; everything else is set over the API. */
export function AddField({ object, onClose }: { object: FullObject; onClose: () => void }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [name, setName] = useState('');
  const [type, setType] = useState<(typeof TYPES)[number]>('TEXT');
  const [options, setOptions] = useState<string[]>([]);
  const create = useCreateField();

  const apiName = name || nameFromLabel(label);
  const needsOptions = WITH_OPTIONS.has(type);
  const isWhole = label.trim() !== '' && apiName !== '' && (!needsOptions || options.length > 0);
  const add = () => {
    if (!isWhole) return;
    const chosen = options.map((each, position) => ({
      value: valueFromLabel(each) || `OPTION_${position + 1}`,
      label: each,
      color: COLORS[position % COLORS.length]!,
      position,
    }));
    create.mutate(
      { objectMetadataId: object.id, name: apiName, label, type, ...(needsOptions ? { options: chosen } : {}) },
      {
        onSuccess: () => {
          announce(t('dataModel.fieldAdded', { label }));
          onClose();
        },
      },
    );
  };
  return (
    <AddForm
      title={t('dataModel.addField')}
      hint={t('dataModel.addFieldHint')}
      sending={create}
      onAdd={add}
      onClose={onClose}
    >
      {(tried) => (
        <>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <TextInput
              label={t('dataModel.label')}
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
              error={tried && !label.trim() ? t('dataModel.missing') : undefined}
            />
            <TextInput
              label={t('dataModel.apiName')}
              value={apiName}
              onChange={(event) => setName(event.currentTarget.value)}
              error={tried && apiName === '' ? t('dataModel.missing') : undefined}
              classNames={{ input: 'mono' }}
              spellCheck={false}
            />
            <Select
              label={t('dataModel.type')}
              data={TYPES.map((value) => ({ value, label: t(`dataModel.types.${value}`) }))}
              value={type}
              onChange={(value) => value && setType(value as (typeof TYPES)[number])}
              allowDeselect={false}
              searchable
            />
          </SimpleGrid>
          {needsOptions && (
            <TagsInput
              label={t('dataModel.options')}
              description={t('dataModel.optionsHint')}
              value={options}
              onChange={setOptions}
              error={tried && options.length === 0 ? t('dataModel.optionsMissing') : undefined}
            />
          )}
          <Text size="sm" c="dimmed">
            {t('dataModel.restInApi')}
          </Text>
        </>
      )}
    </AddForm>
  );
}
