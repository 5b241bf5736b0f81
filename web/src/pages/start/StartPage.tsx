import { Anchor, Button, Group, SimpleGrid, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconBook2, IconKey, IconPlayerPlay, IconSchema, IconWebhook, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAccount } from '../../api/account';
import { useKeys } from '../../api/keys';
import { useWebhooks } from '../../api/webhooks';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { FirstCall } from './FirstCall';
import { Step } from './Step';
import { useCallMade } from './use-call-made';

/** How to make the first call, in three steps; a page of shortcuts when they are done. */
export default function StartPage() {
  const { t } = useTranslation();
  const account = useAccount();
  const [again, setAgain] = useState(false);
  const mayManageKeys = account.data?.currentUserWorkspace?.permissionFlags.includes('API_KEYS_AND_WEBHOOKS');
  const name = account.data?.firstName;

  if (account.isError) {
    return (
      <Page title={t('nav.start')}>
        <Problem problem={account.error} onRetry={() => void account.refetch()} />
      </Page>
    );
  }
  return (
    <Page title={name ? t('start.title', { name }) : t('start.titlePlain')}>
      {account.isPending ? (
        <Loading />
      ) : mayManageKeys ? (
        <Steps again={again} onAgain={() => setAgain(true)} />
      ) : (
        <Shortcuts withKeys={false} />
      )}
    </Page>
  );
}

function Steps({ again, onAgain }: { again: boolean; onAgain: () => void }) {
  const { t } = useTranslation();
  const keys = useKeys(false);
  const webhooks = useWebhooks();
  const [called, setCalled] = useCallMade();
  if (keys.isPending || webhooks.isPending) return <Loading />;
  if (keys.isError) return <Problem problem={keys.error} onRetry={() => void keys.refetch()} />;

  const hasKey = keys.data.length > 0;
  const hasCalled = called || keys.data.some((key) => key.lastUsedAt !== null);
  const hasWebhook = (webhooks.data?.length ?? 0) > 0;
  if (hasKey && hasCalled && hasWebhook && !again) {
    return (
      <>
        <Shortcuts withKeys />
        <div>
          <Button variant="subtle" onClick={onAgain}>
            {t('start.again')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Text c="dimmed">{t('start.lead')}</Text>
      <Stack component="ol" className="steps" gap="md">
        <Step number={1} title={t('start.keyTitle')} done={hasKey}>
          <Text>{t('start.keyText')}</Text>
          <Group gap="sm">
            <Button component={Link} to="/settings/api-webhooks/apis/new" variant={hasKey ? 'default' : 'filled'}>
              {t('keys.create')}
            </Button>
            {hasKey && (
              <Anchor component={Link} to="/settings/api-webhooks" size="sm">
                {t('start.keyCount', { count: keys.data.length })}
              </Anchor>
            )}
          </Group>
        </Step>
        <Step number={2} title={t('start.callTitle')} done={hasCalled}>
          <Text>{t('start.callText')}</Text>
          <FirstCall onDone={() => setCalled(true)} />
        </Step>
        <Step number={3} title={t('start.hookTitle')} done={hasWebhook}>
          <Text>{t('start.hookText')}</Text>
          <div>
            <Button component={Link} to="/settings/api-webhooks/webhooks/new" variant={hasWebhook ? 'default' : 'light'}>
              {t('webhooks.create')}
            </Button>
          </div>
        </Step>
      </Stack>
    </>
  );
}

function Shortcuts({ withKeys }: { withKeys: boolean }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      {withKeys && <Shortcut to="/settings/api-webhooks" icon={IconKey} title={t('keys.title')} text={t('start.toKeys')} />}
      {withKeys && (
        <Shortcut
          to="/settings/api-webhooks#webhooks"
          icon={IconWebhook}
          title={t('webhooks.title')}
          text={t('start.toWebhooks')}
        />
      )}
      <Shortcut
        to="/settings/playground/rest/core"
        icon={IconPlayerPlay}
        title={t('playground.places.rest.core')}
        text={t('start.toRest')}
      />
      <Shortcut
        to="/settings/playground/graphql/core"
        icon={IconBook2}
        title={t('playground.places.graphql.core')}
        text={t('start.toGraphql')}
      />
      <Shortcut to="/settings/data-model" icon={IconSchema} title={t('nav.dataModel')} text={t('start.toModel')} />
    </SimpleGrid>
  );
}

interface ShortcutProps {
  to: string;
  icon: Icon;
  title: string;
  text: string;
}

function Shortcut({ to, icon: Sign, title, text }: ShortcutProps) {
  return (
    <Link to={to} className="card shortcut">
      <ThemeIcon variant="light" size="lg" radius="md" aria-hidden>
        <Sign size={20} stroke={1.6} />
      </ThemeIcon>
      <span>
        <Text component="span" display="block" fw={600}>
          {title}
        </Text>
        <Text component="span" display="block" size="sm" c="dimmed">
          {text}
        </Text>
      </span>
    </Link>
  );
}
