import { Center, Container } from '@mantine/core';
import { useEffect } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { useAccount, usePublicWorkspace } from '../api/account';
import { speak } from '../i18n';
import { chosenLanguage, languageOf } from '../i18n/language';
import { Loading } from '../parts/Loading';
import { Problem } from '../parts/Problem';
import { useSession } from './use-session';

/** Lets signed-in people through; others go to the sign-in page, on an empty server to the first run. */
export function RequireSession() {
  const session = useSession();
  const { pathname, search, hash } = useLocation();
  if (session === 'unknown') return null;
  if (session === 'signed-out') return <Outside to={pathname + search + hash} />;
  return <Inside />;
}

function Inside() {
  const { data: account } = useAccount();
  useEffect(() => {
    const profile = languageOf(account?.workspaceMember?.locale);
    // English is what a profile holds when nobody has chosen: the browser's language is the better guess then.
    if (profile !== null && profile !== 'en' && chosenLanguage() === null) void speak(profile);
  }, [account]);
  return <Outlet />;
}

function Outside({ to }: { to: string }) {
  const workspace = usePublicWorkspace();
  if (workspace.isPending) {
    return (
      <Center mih="60vh">
        <Loading lines={2} />
      </Center>
    );
  }
  if (workspace.isError) {
    return (
      <Container size="xs" py="xl">
        <Problem problem={workspace.error} onRetry={() => void workspace.refetch()} />
      </Container>
    );
  }
  if (workspace.data === null) return <Navigate to="/welcome" replace />;
  const search = to === '/' ? '' : `?${new URLSearchParams({ next: to })}`;
  return <Navigate to={`/sign-in${search}`} replace />;
}
