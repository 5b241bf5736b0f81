import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { FullObject } from '../../api/model';
import { useRecordChange } from '../../api/records';
import { announce } from '../../parts/announce';
import { Section } from '../../parts/Section';
import { RecordForm } from './RecordForm';

/** A form above the table; the new record is opened when it is there. */
export function NewRecord({ object, onClose }: { object: FullObject; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = useRef<HTMLDivElement>(null);
  const change = useRecordChange(object.namePlural);
  useEffect(() => place.current?.querySelector<HTMLElement>('.record-form input')?.focus(), []);
  const save = (values: Record<string, unknown>) =>
    change.mutate(
      { kind: 'create', values },
      {
        onSuccess: (id) => {
          announce(t('records.created'));
          void navigate(`/objects/${object.namePlural}/${id}`);
        },
      },
    );
  return (
    <div ref={place} onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}>
      <Section title={t('records.newOf', { label: object.labelSingular })}>
        <RecordForm
          object={object}
          record={{}}
          onSave={save}
          onCancel={onClose}
          busy={change.isPending}
          problem={change.error}
          saveLabel={t('records.create')}
        />
      </Section>
    </div>
  );
}
