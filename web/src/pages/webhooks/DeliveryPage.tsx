import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function DeliveryPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.apiWebhooks')}>
      {null}
    </Page>
  );
}
