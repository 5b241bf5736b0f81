import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function DataModelPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.dataModel')}>
      {null}
    </Page>
  );
}
