import { Container, Stack, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Problem } from '../parts/Problem';

interface Props {
  children: ReactNode;
}

/** Catches what a page throws while it is loaded or drawn; another address is another try. */
export function PageProblem({ children }: Props) {
  const { pathname } = useLocation();
  return <Catcher key={pathname.split('/')[1]}>{children}</Catcher>;
}

class Catcher extends Component<Props, { problem: unknown }> {
  override state = { problem: null };

  static getDerivedStateFromError(problem: unknown): { problem: unknown } {
    return { problem: problem ?? new Error() };
  }

  override render(): ReactNode {
    return this.state.problem === null ? this.props.children : <Report problem={this.state.problem} />;
  }
}

function Report({ problem }: { problem: unknown }) {
  const { t } = useTranslation();
  return (
    <Container component="main" size="sm" py="xl">
      <Stack>
        <Title order={1}>{t('errors.pageTitle')}</Title>
        <Problem problem={problem} onRetry={() => location.reload()} />
      </Stack>
    </Container>
  );
}
