import { Box, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type MouseEvent, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { useAccount } from '../api/account';
import { Loading } from '../parts/Loading';
import { AccountMenu } from './AccountMenu';
import { LanguageMenu } from './LanguageMenu';
import { Logo } from './Logo';
import { Navigation } from './Navigation';
import { ThemeButton } from './ThemeButton';

/** The frame of every page behind the sign-in: navigation at the side, on a phone in a drawer. */
export default function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById('content')?.focus();
  };
  return (
    <div className="shell">
      <a className="skip-link" href="#content" onClick={skip}>
        {t('shell.skip')}
      </a>
      <header className="topbar">
        <Burger opened={opened} onClick={toggle} size="sm" aria-label={t('shell.menu')} aria-expanded={opened} />
        <Brand />
      </header>
      {opened && <div className="veil" onClick={close} aria-hidden="true" />}
      <nav className={opened ? 'sidebar opened' : 'sidebar'} aria-label={t('shell.navigation')}>
        <Group px="xs" py={6} justify="space-between" wrap="nowrap">
          <Brand />
          <Burger opened={opened} onClick={close} hiddenFrom="md" size="sm" aria-label={t('shell.close')} />
        </Group>
        <Navigation onNavigate={close} />
        <div className="sidebar-foot">
          <AccountMenu />
          <Group gap={0} wrap="nowrap">
            <LanguageMenu />
            <ThemeButton />
          </Group>
        </div>
      </nav>
      <main id="content" tabIndex={-1} className="content">
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

function Brand() {
  const workspace = useAccount().data?.currentWorkspace.displayName;
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      <Logo />
      <Box miw={0}>
        <Text fw={650} lh={1.15}>
          Icosa
        </Text>
        {workspace && (
          <Text size="xs" c="dimmed" truncate lh={1.2}>
            {workspace}
          </Text>
        )}
      </Box>
    </Group>
  );
}
