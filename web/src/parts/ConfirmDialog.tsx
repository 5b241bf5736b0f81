import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog';

interface Props {
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** Names the thing that will be gone, and what that means. */
  children: ReactNode;
  /** The word on the button. */
  action: string;
  busy?: boolean;
}

/** Asks to type "yes", in the page's language, before something is done that cannot be undone. */
export function ConfirmDialog({ opened, onClose, onConfirm, title, children, action, busy = false }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Text component="div" size="sm">
        {children}
      </Text>
      <TypedYes onClose={onClose} onConfirm={onConfirm} action={action} busy={busy} />
    </Dialog>
  );
}

function TypedYes({ onClose, onConfirm, action, busy }: Pick<Props, 'onClose' | 'onConfirm' | 'action' | 'busy'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const word = t('confirm.yes');
  const agreed = typed.trim().toLowerCase() === word;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (agreed) onConfirm();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t('confirm.type', { word })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
      />
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" type="button" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button color="red" type="submit" disabled={!agreed} loading={busy}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
