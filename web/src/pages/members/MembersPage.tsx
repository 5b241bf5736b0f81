import { Anchor, Badge, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAccount, useMay } from '../../api/account';
import { type Member, useFullRoles, useMembers } from '../../api/people';
import { nameOf } from '../../fields/kinds';
import { useFormats } from '../../i18n/format';
import { Empty } from '../../parts/Empty';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';

/** The people of the workspace. */
export default function MembersPage() {
  const { t } = useTranslation();
  const members = useMembers();
  return (
    <Page title={t('nav.members')} lead={t('members.lead')}>
      {members.isPending ? (
        <Loading />
      ) : members.isError ? (
        <Problem problem={members.error} onRetry={() => void members.refetch()} />
      ) : members.data.length === 0 ? (
        <Empty>{t('members.none')}</Empty>
      ) : (
        <MemberTable members={members.data} />
      )}
    </Page>
  );
}

function MemberTable({ members }: { members: Member[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const me = useAccount().data?.workspaceMember?.id;
  const mayRoles = useMay('ROLES');
  const roles = useFullRoles(mayRoles).data;
  const roleOf = (id: string) => roles?.find((role) => role.workspaceMembers.some((member) => member.id === id))?.label ?? '–';
  return (
    <ListTable
      label={t('nav.members')}
      columns={[
        t('members.name'),
        t('members.email'),
        ...(mayRoles ? [t('members.role')] : []),
        t('members.since'),
      ]}
    >
      {members.map((member) => (
        <Table.Tr key={member.id}>
          <Table.Th scope="row" fw={500}>
            <Anchor component={Link} to={`/objects/workspaceMembers/${member.id}`} inherit mr="xs">
              {nameOf(member.name) ?? member.userEmail ?? t('records.untitled')}
            </Anchor>
            {member.id === me && (
              <Badge variant="light" className="state">
                {t('members.you')}
              </Badge>
            )}
          </Table.Th>
          <Table.Td>{member.userEmail}</Table.Td>
          {mayRoles && <Table.Td>{roles ? roleOf(member.id) : '…'}</Table.Td>}
          <Table.Td>{formats.date(member.createdAt)}</Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}
