import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function RecordsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.objects')}>
      {null}
    </Page>
  );
}
