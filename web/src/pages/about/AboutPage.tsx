import { Anchor, Badge, SimpleGrid, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../api/base';
import { type ServerInfo, useHealth, useServerInfo, useWorkspaceFacts } from '../../api/people';
import { useFormats } from '../../i18n/format';
import { Fact } from '../../parts/Fact';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';

const MEGABYTE = 1024 * 1024;
const LIMITS_OF_REST = { page: 200, batch: 200 };

/** Version, database, limits, health and licence. */
export default function AboutPage() {
  const { t } = useTranslation();
  const server = useServerInfo();
  return (
    <Page title={t('nav.about')} lead={t('about.lead')}>
      <HealthSection />
      {server.isPending ? (
        <Loading lines={6} />
      ) : server.isError ? (
        <Problem problem={server.error} onRetry={() => void server.refetch()} />
      ) : (
        <>
          <Server server={server.data} />
          <Limits server={server.data} />
        </>
      )}
      <Workspace />
      <Section title={t('about.licence')}>
        <Text size="sm">{t('about.licenceText', { name: server.data?.license ?? 'Apache-2.0' })}</Text>
      </Section>
    </Page>
  );
}

function HealthSection() {
  const { t } = useTranslation();
  const health = useHealth();
  if (health.isPending) return <Loading lines={2} />;
  if (health.isError) return <Problem problem={health.error} onRetry={() => void health.refetch()} />;
  const { database, webhooks } = health.data.details;
  return (
    <Section title={t('about.health')} hint={t('about.healthHint')}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0}>
        <Fact label={t('about.database')}>
          <State up={database?.status === 'up'} up-text={t('about.up')} down-text={database?.message ?? t('about.down')} />
        </Fact>
        <Fact label={t('about.worker')}>
          <State up={webhooks?.status === 'up'} up-text={t('about.workerUp')} down-text={t('about.workerDown')} />
        </Fact>
      </SimpleGrid>
    </Section>
  );
}

function State({ up, 'up-text': yes, 'down-text': no }: { up: boolean; 'up-text': string; 'down-text': string }) {
  return (
    <Badge
      variant="light"
      color={up ? 'teal' : 'red'}
      className="state"
      leftSection={up ? <IconCheck size={13} aria-hidden /> : <IconAlertTriangle size={13} aria-hidden />}
    >
      {up ? yes : no}
    </Badge>
  );
}

function Server({ server }: { server: ServerInfo }) {
  const { t } = useTranslation();
  return (
    <Section title={t('about.server')}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
        <Fact label={t('about.version')}>Icosa {server.version}</Fact>
        <Fact label={t('about.database')}>PostgreSQL {server.databaseVersion}</Fact>
        <Fact label={t('about.address')}>
          <code className="mono">{addressOf('')}</code>
        </Fact>
      </SimpleGrid>
      <Text size="sm">
        <Anchor href={addressOf('/open-api/core')} target="_blank" rel="noopener noreferrer">
          {t('playground.openApiFile')}
        </Anchor>
      </Text>
    </Section>
  );
}

function Limits({ server }: { server: ServerInfo }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rate = (limit: number, ms: number) =>
    limit === 0 ? t('about.unlimited') : t('about.rate', { count: limit, number: formats.number(limit), seconds: formats.number(ms / 1000) });
  return (
    <Section title={t('about.limits')} hint={t('about.limitsHint')}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
        <Fact label={t('about.perPage')}>{formats.number(LIMITS_OF_REST.page)}</Fact>
        <Fact label={t('about.perBatch')}>{formats.number(LIMITS_OF_REST.batch)}</Fact>
        <Fact label={t('about.body')}>{t('about.megabytes', { number: formats.number(Math.round(server.bodyLimit / MEGABYTE)) })}</Fact>
        <Fact label={t('about.shortRate')}>{rate(server.shortLimit, server.shortLimitTtlMs)}</Fact>
        <Fact label={t('about.longRate')}>{rate(server.longLimit, server.longLimitTtlMs)}</Fact>
        <Fact label={t('about.rootFields')}>{formats.number(server.graphqlRootFields)}</Fact>
        <Fact label={t('about.complexity')}>{formats.number(server.graphqlComplexity)}</Fact>
        <Fact label={t('about.requestLog')}>
          {server.requestLogSize === 0 ? t('about.off') : formats.number(server.requestLogSize)}
        </Fact>
      </SimpleGrid>
    </Section>
  );
}

function Workspace() {
  const { t } = useTranslation();
  const formats = useFormats();
  const facts = useWorkspaceFacts();
  if (facts.isPending) return <Loading />;
  if (facts.isError) return <Problem problem={facts.error} onRetry={() => void facts.refetch()} />;
  const { data } = facts;
  return (
    <Section title={t('about.workspace')}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
        <Fact label={t('about.name')}>{data.displayName ?? '–'}</Fact>
        <Fact label={t('about.id')}>
          <code className="mono">{data.id}</code>
        </Fact>
        <Fact label={t('about.schema')}>
          <code className="mono">{data.databaseSchema}</code>
        </Fact>
        <Fact label={t('about.modelVersion')}>{formats.number(data.metadataVersion)}</Fact>
        <Fact label={t('about.trash')}>{t('about.days', { count: data.trashRetentionDays, number: formats.number(data.trashRetentionDays) })}</Fact>
        <Fact label={t('about.founded')}>{formats.date(data.createdAt)}</Fact>
      </SimpleGrid>
    </Section>
  );
}
