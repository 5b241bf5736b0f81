import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';

export default function MembersPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.members')}>
      {null}
    </Page>
  );
}
