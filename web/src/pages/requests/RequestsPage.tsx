import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function RequestsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.requests')}>
      {null}
    </Page>
  );
}
