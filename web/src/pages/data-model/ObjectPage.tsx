import { Button, SimpleGrid } from '@mantine/core';
import { IconPlus, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useMay } from '../../api/account';
import type { FullObject } from '../../api/model';
import { Empty } from '../../parts/Empty';
import { Fact } from '../../parts/Fact';
import { Loading } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { useNamedObject } from '../objects/use-named-object';
import { AddField } from './AddField';
import { CallIt } from './CallIt';
import { ObjectKind } from './DataModelPage';
import { FieldTable } from './FieldTable';

/** An object of the data model: its fields and relations, and how to call it. */
export default function ObjectPage() {
  const { t } = useTranslation();
  const { namePlural = '' } = useParams();
  const { object, label, isMissing, problem } = useNamedObject(namePlural);
  const title = label ?? namePlural;
  const crumbs = [{ label: t('nav.dataModel'), to: '/settings/data-model' }];
  if (problem) return <Page title={title} crumbs={crumbs} children={<Problem problem={problem} />} />;
  if (isMissing) return <Page title={title} crumbs={crumbs} children={<Empty>{t('records.noObject')}</Empty>} />;
  if (!object) return <Page title={title} crumbs={crumbs} children={<Loading lines={10} />} />;
  return <OneObject key={object.id} object={object} crumbs={crumbs} />;
}

function OneObject({ object, crumbs }: { object: FullObject; crumbs: { label: string; to: string }[] }) {
  const { t } = useTranslation();
  const mayChange = useMay('DATA_MODEL');
  const [adding, setAdding] = useState(false);
  const own = object.fields.filter((field) => !field.isSystem);
  const system = object.fields.filter((field) => field.isSystem);
  return (
    <Page
      title={object.labelPlural}
      lead={object.description}
      crumbs={crumbs}
      actions={
        <>
          <Button
            component={Link}
            to={`/objects/${object.namePlural}`}
            variant="default"
            leftSection={<IconTable size={16} aria-hidden />}
          >
            {t('dataModel.toRecords')}
          </Button>
          {mayChange && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)} disabled={adding}>
              {t('dataModel.addField')}
            </Button>
          )}
        </>
      }
    >
      {adding && <AddField object={object} onClose={() => setAdding(false)} />}
      <Section title={t('dataModel.about')}>
        <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 4 }} m={0}>
          <Fact label={t('dataModel.namePlural')}>
            <code className="mono">{object.namePlural}</code>
          </Fact>
          <Fact label={t('dataModel.nameSingular')}>
            <code className="mono">{object.nameSingular}</code>
          </Fact>
          <Fact label={t('dataModel.labelSingular')}>{object.labelSingular}</Fact>
          <Fact label={t('dataModel.kind')}>
            <ObjectKind object={object} />
          </Fact>
        </SimpleGrid>
      </Section>
      <CallIt object={object} />
      <FieldTable fields={own} label={t('dataModel.fields')} />
      <details className="fold">
        <summary>{t('dataModel.systemFields', { count: system.length })}</summary>
        <FieldTable fields={system} label={t('records.system')} />
      </details>
    </Page>
  );
}
