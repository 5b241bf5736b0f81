import { Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../api/roles';

interface Props {
  roles: Role[];
  value: string | null;
  onChange: (roleId: string) => void;
  label: string;
  disabled?: boolean;
}

/** Chooses a role that may be given to keys, and says what it may do. */
export function RoleField({ roles, value, onChange, label, disabled = false }: Props) {
  const { t } = useTranslation();
  const chosen = roles.find((role) => role.id === value);
  return (
    <Stack gap={6}>
      <Select
        label={label}
        data={roles
          .filter((role) => role.canBeAssignedToApiKeys || role.id === value)
          .map((role) => ({ value: role.id, label: role.label }))}
        value={value}
        onChange={(id) => id !== null && onChange(id)}
        searchable
        allowDeselect={false}
        disabled={disabled}
        nothingFoundMessage={t('keys.noRole')}
      />
      {chosen && (
        <Text size="sm" c="dimmed">
          <RoleRights role={chosen} />
        </Text>
      )}
    </Stack>
  );
}

function RoleRights({ role }: { role: Role }) {
  const { t } = useTranslation();
  const records = role.canUpdateAllObjectRecords
    ? role.canDestroyAllObjectRecords
      ? t('keys.rights.all')
      : t('keys.rights.write')
    : role.canReadAllObjectRecords
      ? t('keys.rights.read')
      : t('keys.rights.none');
  const limits = (role.objectPermissions?.length ?? 0) + (role.fieldPermissions?.length ?? 0);
  return (
    <>
      {records} {role.canUpdateAllSettings ? t('keys.rights.settings') : t('keys.rights.noSettings')}{' '}
      {limits > 0 && t('keys.rights.limits', { count: limits })}
    </>
  );
}
