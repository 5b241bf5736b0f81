import '@mantine/core/styles/List.css';
import { Badge, Group, List, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/account';
import { type FullRole, useFullRoles } from '../../api/people';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';

/** The roles of the workspace and what each may do. */
export default function RolesPage() {
  const { t } = useTranslation();
  const may = useMay('ROLES');
  const roles = useFullRoles(may);
  return (
    <Page title={t('nav.roles')} lead={t('roles.lead')}>
      {!may ? (
        <Empty>{t('errors.forbidden')}</Empty>
      ) : roles.isPending ? (
        <Loading lines={8} />
      ) : roles.isError ? (
        <Problem problem={roles.error} onRetry={() => void roles.refetch()} />
      ) : (
        roles.data.map((role) => <OneRole key={role.id} role={role} />)
      )}
    </Page>
  );
}

function OneRole({ role }: { role: FullRole }) {
  const { t } = useTranslation();
  const rights: [string, boolean][] = [
    [t('roles.read'), role.canReadAllObjectRecords],
    [t('roles.update'), role.canUpdateAllObjectRecords],
    [t('roles.delete'), role.canSoftDeleteAllObjectRecords],
    [t('roles.destroy'), role.canDestroyAllObjectRecords],
    [t('roles.settings'), role.canUpdateAllSettings],
    [t('roles.tools'), role.canAccessAllTools],
  ];
  const rules = (role.objectPermissions?.length ?? 0) + (role.fieldPermissions?.length ?? 0);
  const flags = role.permissionFlags?.map((each) => each.flag) ?? [];
  return (
    <Section
      title={role.label}
      hint={role.description}
      actions={
        <Group gap="xs">
          {role.canBeAssignedToUsers && (
            <Badge variant="light" color="gray" className="state">
              {t('roles.people', { count: role.workspaceMembers.length })}
            </Badge>
          )}
          {role.canBeAssignedToApiKeys && (
            <Badge variant="light" color="gray" className="state">
              {t('start.keyCount', { count: role.apiKeys.length })}
            </Badge>
          )}
        </Group>
      }
    >
      <List listStyleType="none" className="rights">
        {rights.map(([label, granted]) => (
          <List.Item
            key={label}
            icon={granted ? <IconCheck size={16} aria-hidden className="granted" /> : <IconX size={16} aria-hidden className="denied" />}
          >
            <Text size="sm" c={granted ? undefined : 'dimmed'} component="span">
              {label}
              <span className="visually-hidden">: {granted ? t('records.yes') : t('records.no')}</span>
            </Text>
          </List.Item>
        ))}
      </List>
      {flags.length > 0 && (
        <Text size="sm">
          {t('roles.flags')} <code className="mono">{flags.join(', ')}</code>
        </Text>
      )}
      {rules > 0 && (
        <Text size="sm" c="dimmed">
          {t('keys.rights.limits', { count: rules })}
        </Text>
      )}
    </Section>
  );
}
