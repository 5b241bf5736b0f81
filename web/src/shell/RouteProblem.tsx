import { Container, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Problem } from '../parts/Problem';

/** What stands instead of a page that failed to load or to draw. */
export function RouteProblem() {
  const { t } = useTranslation();
  return (
    <Container component="main" size="sm" py="xl">
      <Stack>
        <Title order={1}>{t('errors.pageTitle')}</Title>
        <Problem problem={useRouteError()} onRetry={() => location.reload()} />
      </Stack>
    </Container>
  );
}
