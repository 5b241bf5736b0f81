import { SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCreateObject } from '../../api/model';
import { nameFromLabel } from '../../fields/names';
import { announce } from '../../parts/announce';
import { AddForm } from './AddForm';

const EMPTY = { labelSingular: '', labelPlural: '', nameSingular: '', namePlural: '' };

/** A new object: labels for people, names for the API, which follow the labels until they are written by hand. */
export function AddObject({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [wish, setWish] = useState(EMPTY);
  const create = useCreateObject();

  const made = {
    ...wish,
    nameSingular: wish.nameSingular || nameFromLabel(wish.labelSingular),
    namePlural: wish.namePlural || nameFromLabel(wish.labelPlural),
  };
  const add = () => {
    if (Object.values(made).some((value) => !value.trim())) return;
    create.mutate(made, {
      onSuccess: (namePlural) => {
        announce(t('dataModel.objectAdded', { label: made.labelPlural }));
        void navigate(`/settings/data-model/${namePlural}`);
      },
    });
  };
  const input = (tried: boolean, name: keyof typeof EMPTY, label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={made[name]}
      onChange={(event) => setWish({ ...wish, [name]: event.currentTarget.value })}
      error={tried && !made[name].trim() ? t('dataModel.missing') : undefined}
      {...(name.startsWith('name') ? { classNames: { input: 'mono' }, spellCheck: false } : {})}
    />
  );
  return (
    <AddForm
      title={t('dataModel.addObject')}
      hint={t('dataModel.addObjectHint')}
      sending={create}
      onAdd={add}
      onClose={onClose}
    >
      {(tried) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {input(tried, 'labelSingular', t('dataModel.labelSingular'))}
          {input(tried, 'labelPlural', t('dataModel.labelPlural'))}
          {input(tried, 'nameSingular', t('dataModel.nameSingular'), t('dataModel.nameHint'))}
          {input(tried, 'namePlural', t('dataModel.namePlural'), t('dataModel.namePluralHint'))}
        </SimpleGrid>
      )}
    </AddForm>
  );
}
