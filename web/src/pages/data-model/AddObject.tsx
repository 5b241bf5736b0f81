import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCreateObject } from '../../api/model';
import { nameFromLabel } from '../../fields/names';
import { announce } from '../../parts/announce';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';

const EMPTY = { labelSingular: '', labelPlural: '', nameSingular: '', namePlural: '' };

/** A new object: labels for people, names for the API, which follow the labels until they are written by hand. */
export function AddObject({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const first = useRef<HTMLInputElement>(null);
  const [wish, setWish] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const create = useCreateObject();
  useEffect(() => first.current?.focus(), []);

  const made = {
    ...wish,
    nameSingular: wish.nameSingular || nameFromLabel(wish.labelSingular),
    namePlural: wish.namePlural || nameFromLabel(wish.labelPlural),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(made).some((value) => !value.trim())) return;
    create.mutate(made, {
      onSuccess: (namePlural) => {
        announce(t('dataModel.objectAdded', { label: made.labelPlural }));
        void navigate(`/settings/data-model/${namePlural}`);
      },
    });
  };
  const input = (name: keyof typeof EMPTY, label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={made[name]}
      onChange={(event) => setWish({ ...wish, [name]: event.currentTarget.value })}
      error={tried && !made[name].trim() ? t('dataModel.missing') : undefined}
      {...(name === 'labelSingular' ? { ref: first } : {})}
      {...(name.startsWith('name') ? { classNames: { input: 'mono' }, spellCheck: false } : {})}
    />
  );
  return (
    <Section title={t('dataModel.addObject')} hint={t('dataModel.addObjectHint')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {input('labelSingular', t('dataModel.labelSingular'))}
            {input('labelPlural', t('dataModel.labelPlural'))}
            {input('nameSingular', t('dataModel.nameSingular'), t('dataModel.nameHint'))}
            {input('namePlural', t('dataModel.namePlural'), t('dataModel.namePluralHint'))}
          </SimpleGrid>
          {create.isError && <Problem problem={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('dataModel.addObject')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
