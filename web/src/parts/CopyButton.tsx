import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { announce } from './announce';

interface Props {
  text: string;
  /** What is copied, for who hears the button. */
  what: string;
  /** A button with a word on it instead of the sign alone. */
  withLabel?: boolean;
}

export function CopyButton({ text, what, withLabel = false }: Props) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 2000 });
  const copy = () => {
    clipboard.copy(text);
    announce(t('common.copied'));
  };
  const icon = clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  const word = clipboard.copied ? t('common.copied') : t('common.copy');
  if (withLabel) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {word}
      </Button>
    );
  }
  return (
    <Tooltip label={word}>
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={copy} aria-label={t('common.copyThing', { what })}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
