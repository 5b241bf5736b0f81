import { Avatar, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAccount } from '../api/account';
import { signOut } from '../api/session';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: account } = useAccount();
  if (!account) return <div />;
  const name = `${account.firstName} ${account.lastName}`.trim() || account.email;
  const leave = () => {
    signOut();
    queries.clear();
  };
  return (
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <UnstyledButton className="account">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Avatar size={28} name={name} color="lagoon" variant="filled" aria-hidden />
            <Text size="sm" truncate>
              {name}
              <span className="visually-hidden">{t('shell.account')}</span>
            </Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.email}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
