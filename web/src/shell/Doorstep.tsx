import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { LanguageMenu } from './LanguageMenu';
import { Logo } from './Logo';
import { ThemeButton } from './ThemeButton';

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The frame of the pages before the sign-in: a card in the middle. */
export function Doorstep({ title, lead, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Icosa`;
  }, [title]);
  return (
    <Box className="doorstep">
      <Group component="header" justify="space-between" p="md">
        <Group gap="sm">
          <Logo />
          <Text fw={650}>Icosa</Text>
        </Group>
        <Group gap={0}>
          <LanguageMenu />
          <ThemeButton />
        </Group>
      </Group>
      <Box component="main" className="doorstep-main">
        <Stack className="card doorstep-card" gap="lg">
          <Stack gap={6}>
            <Title order={1}>{title}</Title>
            <Text c="dimmed">{lead}</Text>
          </Stack>
          {children}
        </Stack>
      </Box>
    </Box>
  );
}
