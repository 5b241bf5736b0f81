import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useObjects } from '../../api/model';
import { type EventRow, METADATA_ACTIONS, METADATA_NAMES, RECORD_ACTIONS } from '../../api/webhooks';

interface Props {
  rows: EventRow[];
  onChange: (rows: EventRow[]) => void;
  error?: string | undefined;
}

/** Which events: one row for each object and action; filling the last row adds an empty one. */
export function EventRows({ rows, onChange, error }: Props) {
  const { t } = useTranslation();
  const subjects = useSubjects(rows);
  const actions = useActions();
  const change = (place: number, row: EventRow) => onChange(rows.map((each, index) => (index === place ? row : each)));
  const shown = [...rows, { subject: '', action: '' }];
  return (
    <Stack gap="xs" role="group" aria-label={t('webhooks.events')}>
      {shown.map((row, place) => {
        const isNew = place === rows.length;
        const allowed: readonly string[] = row.subject.startsWith('metadata.') ? METADATA_ACTIONS : RECORD_ACTIONS;
        return (
          // Rows have no identity but their place.
          <Group key={place} gap="xs">
            <Select
              aria-label={t('webhooks.subjectOf', { number: place + 1 })}
              placeholder={t('webhooks.addEvent')}
              data={subjects}
              value={row.subject || null}
              onChange={(subject) => {
                if (subject === null) return;
                if (isNew) onChange([...rows, { subject, action: '*' }]);
                else change(place, { subject, action: subject.startsWith('metadata.') && !['*', 'created', 'updated', 'deleted'].includes(row.action) ? '*' : row.action });
              }}
              searchable
              allowDeselect={false}
              flex="3 1 11rem"
              miw={0}
            />
            <Group gap="xs" wrap="nowrap" flex="2 1 9rem">
              <Select
                aria-label={t('webhooks.actionOf', { number: place + 1 })}
                data={allowed.map((action) => ({ value: action, label: actions[action] ?? action }))}
                value={row.action || null}
                onChange={(action) => action !== null && change(place, { ...row, action })}
                allowDeselect={false}
                disabled={isNew}
                flex={1}
                miw={0}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                disabled={isNew}
                aria-label={t('webhooks.removeEvent', { number: place + 1 })}
                onClick={() => onChange(rows.filter((_, index) => index !== place))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </Group>
        );
      })}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

/** The things to choose from: objects by their plural, then parts of the data model; unknown ones stay choosable. */
function useSubjects(rows: EventRow[]) {
  const { t } = useTranslation();
  const objects = useObjects().data ?? [];
  const parts = METADATA_NAMES.map((name) => ({
    value: `metadata.${name}`,
    label: name === '*' ? t('webhooks.metadata.all') : t(`webhooks.metadata.${name}`),
  }));
  const records = [
    { value: '*', label: t('webhooks.allObjects') },
    ...objects
      .filter((object) => object.isActive)
      .map((object) => ({ value: object.nameSingular, label: object.labelPlural })),
  ];
  const known = new Set([...records, ...parts].map((each) => each.value));
  const unknown = [...new Set(rows.map((row) => row.subject))].filter((subject) => subject && !known.has(subject));
  return [
    { group: t('nav.objects'), items: [...records, ...unknown.map((value) => ({ value, label: value }))] },
    { group: t('nav.dataModel'), items: parts },
  ];
}

/** The words for actions. */
export function useActions(): Record<string, string> {
  const { t } = useTranslation();
  return {
    '*': t('webhooks.actions.all'),
    created: t('webhooks.actions.created'),
    updated: t('webhooks.actions.updated'),
    deleted: t('webhooks.actions.deleted'),
    restored: t('webhooks.actions.restored'),
    destroyed: t('webhooks.actions.destroyed'),
  };
}
