import { Button, Group, PasswordInput, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '../../api/account';
import { Dialog } from '../../parts/Dialog';

interface Props {
  pasted: string | null;
  onPaste: (key: string | null) => void;
}

/** Says as whom the calls run and that the data is real; lets a key be tried instead. */
export function ActingAs({ pasted, onPaste }: Props) {
  const { t } = useTranslation();
  const { data: account } = useAccount();
  const [opened, setOpened] = useState(false);
  const name = account ? `${account.firstName} ${account.lastName}`.trim() || account.email : '';
  const role = account?.workspaceMember?.roles.map((each) => each.label).join(', ') ?? '';
  return (
    <div className="acting-as">
      <Text size="sm">
        <IconAlertTriangle size={16} aria-hidden />
        {pasted ? t('playground.asKey') : t('playground.asPerson', { name, role })}
      </Text>
      {pasted ? (
        <Button size="compact-xs" variant="default" onClick={() => onPaste(null)}>
          {t('playground.asMe')}
        </Button>
      ) : (
        <Button size="compact-xs" variant="default" onClick={() => setOpened(true)}>
          {t('playground.useKey')}
        </Button>
      )}
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('playground.useKey')}>
        <KeyForm
          onCancel={() => setOpened(false)}
          onKey={(key) => {
            setOpened(false);
            onPaste(key);
          }}
        />
      </Dialog>
    </div>
  );
}

function KeyForm({ onKey, onCancel }: { onKey: (key: string) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What is pasted often brings along the word before it, or a line's end.
    const clean = key.trim().replace(/^bearer\s+/i, '');
    if (clean) onKey(clean);
  };
  return (
    <form onSubmit={submit}>
      <PasswordInput
        label={t('keys.one')}
        description={t('playground.keyHint')}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        autoComplete="off"
      />
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" type="button" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" disabled={!key.trim()}>
          {t('playground.useKey')}
        </Button>
      </Group>
    </form>
  );
}
