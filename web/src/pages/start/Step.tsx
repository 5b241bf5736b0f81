import { Badge, Group, Stack, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  number: number;
  title: string;
  done: boolean;
  children: ReactNode;
}

/** One step, with its state by sign and word. */
export function Step({ number, title, done, children }: Props) {
  const { t } = useTranslation();
  return (
    <li className="card step">
      <span className={done ? 'step-sign done' : 'step-sign'} aria-hidden="true">
        {done ? <IconCheck size={18} stroke={2.5} /> : number}
      </span>
      <Stack gap="sm" flex={1} miw={0}>
        <Group justify="space-between" gap="xs">
          <Title order={2}>{title}</Title>
          <Badge variant="light" color={done ? 'teal' : 'gray'} className="state">
            {done ? t('start.done') : t('start.open')}
          </Badge>
        </Group>
        {children}
      </Stack>
    </li>
  );
}
