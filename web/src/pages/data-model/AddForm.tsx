import { Button, Group, Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';

interface Props {
  /** What is added; the button says the same. */
  title: string;
  hint: string;
  /** The request that adds it. */
  sending: { isPending: boolean; isError: boolean; error: unknown };
  /** Called when it is to be added; the fields learn from then on that one may tell what is missing. */
  onAdd: () => void;
  onClose: () => void;
  /** Its fields. */
  children: (tried: boolean) => ReactNode;
}

/** A form that adds something to the data model; its first field has the focus. */
export function AddForm({ title, hint, sending, onAdd, onClose, children }: Props) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  return (
    <Section title={title} hint={hint}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          onAdd();
        }}
      >
        <Stack gap="md">
          {children(tried)}
          {sending.isError && <Problem problem={sending.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={sending.isPending}>
              {title}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
