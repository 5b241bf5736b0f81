import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function RecordPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.objects')}>
      {null}
    </Page>
  );
}
