import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type ModelObject, useObjects, useRecordCounts } from '../../api/model';
import { byUse } from '../../fields/kinds';
import { useFormats } from '../../i18n/format';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { objectIcon } from '../../shell/object-icon';

/** The objects whose records may be looked at. */
export default function ObjectsPage() {
  const { t } = useTranslation();
  const objects = useObjects();
  const counts = useRecordCounts();
  if (objects.isPending) return <Page title={t('nav.objects')} children={<Loading lines={8} />} />;
  if (objects.isError) {
    return (
      <Page title={t('nav.objects')}>
        <Problem problem={objects.error} onRetry={() => void objects.refetch()} />
      </Page>
    );
  }
  const { own, system } = byUse(objects.data.filter((object) => object.isActive));
  return (
    <Page title={t('nav.objects')} lead={t('records.objectsLead')}>
      <ul className="object-cards">
        {own.map((object) => (
          <li key={object.id}>
            <Card object={object} count={counts.data?.get(object.namePlural)} />
          </li>
        ))}
      </ul>
      <Section title={t('records.systemObjects')} hint={t('records.systemObjectsHint')}>
        <ul className="related">
          {system.map((object) => (
            <li key={object.id}>
              <Link to={`/objects/${object.namePlural}`} className="plain-link">
                {object.labelPlural}
              </Link>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}

function Card({ object, count }: { object: ModelObject; count: number | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const Sign = objectIcon(object.icon);
  return (
    <Link to={`/objects/${object.namePlural}`} className="card shortcut">
      <Sign size={22} stroke={1.6} aria-hidden className="object-sign" />
      <span>
        <Text component="span" display="block" fw={600}>
          {object.labelPlural}
        </Text>
        <Text component="span" display="block" size="sm" c="dimmed">
          {count === undefined ? object.namePlural : t('records.count', { count, number: formats.number(count) })}
        </Text>
      </span>
    </Link>
  );
}
