import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function RolesPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.roles')}>
      {null}
    </Page>
  );
}
