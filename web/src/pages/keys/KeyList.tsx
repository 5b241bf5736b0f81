import { Anchor, Button, Switch, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type ApiKey, useKeys } from '../../api/keys';
import { useFormats } from '../../i18n/format';
import { Empty } from '../../parts/Empty';
import { ListTable } from '../../parts/ListTable';
import { Loading } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';
import { Expiry } from './Expiry';

const NEW = '/settings/api-webhooks/apis/new';

export function KeyList() {
  const { t } = useTranslation();
  const [withRevoked, setWithRevoked] = useState(false);
  const keys = useKeys(withRevoked);

  if (keys.isPending) return <Loading />;
  if (keys.isError) return <Problem problem={keys.error} onRetry={() => void keys.refetch()} />;

  const shown = keys.data;
  const create = (
    <Button component={Link} to={NEW} leftSection={<IconPlus size={16} aria-hidden />}>
      {t('keys.create')}
    </Button>
  );
  return (
    <>
      {shown.length === 0 ? (
        <Empty action={create}>{t('keys.empty')}</Empty>
      ) : (
          <ListTable
            label={t('keys.title')}
            columns={[
              t('keys.name'),
              t('keys.role'),
              t('keys.created'),
              t('keys.expires'),
              t('keys.lastUsed'),
            ]}
          >
            {shown.map((key) => (
              <KeyRow key={key.id} row={key} />
            ))}
          </ListTable>
      )}
      <div className="list-foot">
        <Switch
          label={t('keys.showRevoked')}
          checked={withRevoked}
          onChange={(event) => setWithRevoked(event.currentTarget.checked)}
        />
        {shown.length > 0 && create}
      </div>
    </>
  );
}

function KeyRow({ row }: { row: ApiKey }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Anchor component={Link} to={`/settings/api-webhooks/apis/${row.id}`} size="sm">
          {row.name}
        </Anchor>
      </Table.Th>
      <Table.Td>{row.role.label}</Table.Td>
      <Table.Td>{formats.date(row.createdAt)}</Table.Td>
      <Table.Td>
        <Expiry apiKey={row} />
      </Table.Td>
      <Table.Td>
        {row.lastUsedAt ? (
          <span title={formats.moment(row.lastUsedAt)}>{formats.relative(row.lastUsedAt)}</span>
        ) : (
          <Text span size="sm" c="dimmed">
            {t('keys.neverUsed')}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
