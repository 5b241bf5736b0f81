import { Anchor, Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { type ApiKey, assignRole, revokeKey, standingOf, useKey, useKeyChange } from '../../api/keys';
import { useMay } from '../../api/account';
import { useRoles } from '../../api/roles';
import { useFormats } from '../../i18n/format';
import { announce } from '../../parts/announce';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { Empty } from '../../parts/Empty';
import { Fact } from '../../parts/Fact';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { Expiry } from './Expiry';
import { FreshToken } from './FreshToken';
import { forget, handedOver } from './fresh-token';
import { NameField } from './NameField';
import { RegenerateButton } from './RegenerateButton';
import { RoleField } from './RoleField';

const OVERVIEW = '/settings/api-webhooks';

export default function KeyPage() {
  const { id = '' } = useParams();
  // Another key is another page, with another token or none.
  return <OneKey key={id} id={id} />;
}

function OneKey({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useKey(id);
  const [token] = useState(() => handedOver(id));
  // Coming back with the browser's back button must not show the token again.
  useEffect(() => forget, []);

  const crumbs = [{ label: t('nav.apiWebhooks'), to: OVERVIEW }];
  if (found.isPending) return <Page title={t('keys.one')} crumbs={crumbs} children={<Loading />} />;
  if (found.isError) {
    return (
      <Page title={t('keys.one')} crumbs={crumbs}>
        <Problem problem={found.error} onRetry={() => void found.refetch()} />
      </Page>
    );
  }
  if (found.data === null) return <Page title={t('keys.one')} crumbs={crumbs} children={<Empty>{t('keys.gone')}</Empty>} />;

  const key = found.data;
  const revoked = standingOf(key) === 'revoked';
  return (
    <Page title={key.name} crumbs={crumbs} actions={!revoked && !token && <RegenerateButton apiKey={key} />}>
      {token && <FreshToken token={token} />}
      <Use apiKey={key} />
      {!revoked && (
        <>
          <Section title={t('keys.settings')}>
            <Stack gap="lg" maw="32rem">
              <NameField apiKey={key} />
              <KeyRole apiKey={key} />
            </Stack>
          </Section>
          <Revoke apiKey={key} />
        </>
      )}
    </Page>
  );
}

function Use({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Section
      title={t('keys.use')}
      actions={
        <Anchor component={Link} to={`/settings/requests?${new URLSearchParams({ key: apiKey.id })}`} size="sm">
          {t('keys.requests')}
        </Anchor>
      }
    >
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 4 }} m={0}>
        <Fact label={t('keys.lastUsed')}>
          {apiKey.lastUsedAt ? formats.moment(apiKey.lastUsedAt) : t('keys.neverUsed')}
          {apiKey.lastUsedIp && (
            <Text size="xs" c="dimmed" className="mono">
              {apiKey.lastUsedIp}
            </Text>
          )}
        </Fact>
        <Fact label={t('keys.expires')}>
          <Expiry apiKey={apiKey} />
        </Fact>
        <Fact label={t('keys.role')}>{apiKey.role.label}</Fact>
        <Fact label={t('keys.created')}>{formats.moment(apiKey.createdAt)}</Fact>
      </SimpleGrid>
    </Section>
  );
}

function KeyRole({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const mayAssign = useMay('ROLES');
  const roles = useRoles(mayAssign);
  const assigning = useKeyChange((roleId: string) => assignRole(apiKey.id, roleId));
  if (!mayAssign) return null;
  if (roles.isPending) return <Loading lines={2} />;
  if (roles.isError) return <Problem problem={roles.error} onRetry={() => void roles.refetch()} />;
  return (
    <>
      <RoleField
        roles={roles.data}
        value={assigning.isPending ? assigning.variables : apiKey.role.id}
        onChange={(roleId) => assigning.mutate(roleId, { onSuccess: () => announce(t('keys.roleSaved')) })}
        label={t('keys.role')}
        disabled={assigning.isPending}
      />
      {assigning.isError && <Problem problem={assigning.error} />}
    </>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const revoking = useKeyChange(revokeKey, () => {
    announce(t('keys.revokeDone', { name: apiKey.name }));
    void navigate(OVERVIEW);
  });
  return (
    <Section title={t('common.danger')} hint={t('keys.revokeHint')}>
      <div>
        <Button color="red" variant="outline" onClick={() => setOpened(true)}>
          {t('keys.revoke')}
        </Button>
      </div>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={() => revoking.mutate(apiKey.id)}
        title={t('keys.revokeTitle', { name: apiKey.name })}
        action={t('keys.revoke')}
        busy={revoking.isPending}
      >
        <Text size="sm">{t('keys.revokeText')}</Text>
        {revoking.isError && <Problem problem={revoking.error} />}
      </ConfirmDialog>
    </Section>
  );
}
