import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKey, updateKey, useKeyChange } from '../../api/keys';
import { announce } from '../../parts/announce';
import { useProblemText } from '../../parts/problem-text';

const PAUSE_MS = 500;

/** A name that saves itself when typing stops; an empty one is not saved. */
export function NameField({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [name, setName] = useState(apiKey.name);
  const renaming = useKeyChange((wish: string) => updateKey({ id: apiKey.id, name: wish }));
  const save = useDebouncedCallback((wish: string) => {
    if (wish.trim() && wish.trim() !== apiKey.name) {
      renaming.mutate(wish.trim(), { onSuccess: () => announce(t('keys.nameSaved')) });
    }
  }, PAUSE_MS);
  const problem = name.trim() ? (renaming.isError ? text(renaming.error) : undefined) : t('keys.nameMissing');
  return (
    <TextInput
      label={t('keys.name')}
      value={name}
      onChange={(event) => {
        setName(event.currentTarget.value);
        save(event.currentTarget.value);
      }}
      maxLength={100}
      autoComplete="off"
      error={problem}
    />
  );
}
