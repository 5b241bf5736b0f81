import { Badge, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FullObject, ModelField } from '../../api/model';
import { type HistoryEntry, useHistory } from '../../api/records';
import { Value } from '../../fields/Value';
import { isLink } from '../../fields/kinds';
import { useActions } from '../webhooks/EventRows';
import { useFormats } from '../../i18n/format';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { Problem } from '../../parts/Problem';

const COLORS: Record<string, string> = { created: 'teal', updated: 'lagoon', deleted: 'red', restored: 'yellow', destroyed: 'red' };
/** What changes with every write and says nothing. */
const NOISE = new Set(['updatedAt', 'updatedBy', 'searchVector']);

/** What has happened to a record, newest first: who, when, and from what to what. */
export function History({ object, id }: { object: FullObject; id: string }) {
  const { t } = useTranslation();
  const history = useHistory(object.namePlural, id);
  if (history.isPending) return <Loading lines={6} />;
  if (history.isError) return <Problem problem={history.error} onRetry={() => void history.refetch()} />;
  const entries = history.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) return <Empty>{t('records.noHistory')}</Empty>;
  return (
    <>
      <ol className="history">
        {entries.map((entry) => (
          <Entry key={entry.sequence} object={object} entry={entry} />
        ))}
      </ol>
      {history.hasNextPage && (
        <Button variant="default" onClick={() => void history.fetchNextPage()} loading={history.isFetchingNextPage}>
          {t('common.more')}
        </Button>
      )}
    </>
  );
}

function Entry({ object, entry }: { object: FullObject; entry: HistoryEntry }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const changed = (entry.updatedFields ?? []).filter((name) => !NOISE.has(name));
  const word = useActions()[entry.action] ?? entry.action;
  return (
    <li>
      <Group gap="sm">
        <Badge variant="light" color={COLORS[entry.action] ?? 'gray'} className="state">
          {word}
        </Badge>
        <Text size="sm">
          {entry.actor?.name ? t('records.by', { name: entry.actor.name, source: entry.actor.source ?? '' }) : entry.actor?.source}
        </Text>
        <Text size="sm" c="dimmed">
          <time dateTime={entry.eventDate}>{formats.moment(entry.eventDate)}</time>
        </Text>
      </Group>
      {changed.length > 0 && (
        <dl className="changes">
          {changed.map((name) => (
            <Change
              key={name}
              name={name}
              field={object.fields.find((field) => field.name === name || (isLink(field) && `${field.name}Id` === name))}
              before={entry.previousRecord?.[name]}
              after={entry.record?.[name]}
            />
          ))}
        </dl>
      )}
    </li>
  );
}

interface ChangeProps {
  name: string;
  field: ModelField | undefined;
  before: unknown;
  after: unknown;
}

function Change({ name, field, before, after }: ChangeProps) {
  // A link is told by its id.
  const shown = { type: 'TEXT', options: null, settings: null, ...(field && !isLink(field) ? field : {}) };
  return (
    <>
      <dt>{field?.label ?? name}</dt>
      <dd>
        <del>
          <Value field={shown} value={before} />
        </del>
        <span aria-hidden="true"> → </span>
        <ins>
          <Value field={shown} value={after} />
        </ins>
      </dd>
    </>
  );
}
