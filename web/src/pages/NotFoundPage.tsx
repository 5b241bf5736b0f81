import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty } from '../parts/Empty';
import { Page } from '../parts/Page';

export default function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <Empty
        action={
          <Button component={Link} to="/" variant="light">
            {t('notFound.back')}
          </Button>
        }
      >
        {t('notFound.text')}
      </Empty>
    </Page>
  );
}
