import { NavLink, Stack, Text } from '@mantine/core';
import {
  IconInfoCircle,
  IconKey,
  IconListDetails,
  IconRocket,
  IconSchema,
  IconShieldLock,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useMay } from '../api/account';
import { useObjects } from '../api/model';
import { objectIcon } from './object-icon';

interface Entry {
  to: string;
  label: string;
  icon: Icon;
}

/** The way to every page; `onNavigate` lets a phone's drawer close. */
export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const mayManageKeys = useMay('API_KEYS_AND_WEBHOOKS');
  const objects = useObjects().data?.filter((object) => object.isActive && !object.isSystem) ?? [];
  const settings: Entry[] = [
    ...(mayManageKeys ? [{ to: '/settings/api-webhooks', label: t('nav.apiWebhooks'), icon: IconKey }] : []),
    { to: '/settings/data-model', label: t('nav.dataModel'), icon: IconSchema },
    { to: '/settings/requests', label: t('nav.requests'), icon: IconListDetails },
    { to: '/settings/members', label: t('nav.members'), icon: IconUsers },
    { to: '/settings/roles', label: t('nav.roles'), icon: IconShieldLock },
    { to: '/settings/about', label: t('nav.about'), icon: IconInfoCircle },
  ];
  const link = (entry: Entry) => <NavigationLink key={entry.to} {...entry} onNavigate={onNavigate} />;
  return (
    <div className="navigation">
      <Stack gap={2}>
        {link({ to: '/', label: t('nav.start'), icon: IconRocket })}
        <Text component="h2" className="nav-heading" id="nav-objects">
          {t('nav.objects')}
        </Text>
        <Stack gap={2}>
          {objects.map((object) => link({ to: `/objects/${object.namePlural}`, label: object.labelPlural, icon: objectIcon(object.icon) }))}
        </Stack>
        <Text component="h2" className="nav-heading" id="nav-settings">
          {t('nav.settings')}
        </Text>
        <Stack gap={2}>{settings.map(link)}</Stack>
      </Stack>
    </div>
  );
}

function NavigationLink({ to, label, icon: Sign, onNavigate }: Entry & { onNavigate: () => void }) {
  const { pathname } = useLocation();
  const active = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
  return (
    <NavLink
      component={Link}
      to={to}
      label={label}
      leftSection={<Sign size={18} stroke={1.6} aria-hidden />}
      active={active}
      aria-current={active ? 'page' : undefined}
      className="nav-link"
      onClick={onNavigate}
    />
  );
}
