import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useSearchParams } from 'react-router';
import { usePublicWorkspace } from '../api/account';
import { ApiError } from '../api/errors';
import { signIn } from '../api/session';
import { useProblemText } from '../parts/problem-text';
import { Doorstep } from '../shell/Doorstep';
import { useSession } from '../shell/use-session';

export default function SignInPage() {
  const { t } = useTranslation();
  const text = useProblemText();
  const queries = useQueryClient();
  const [search] = useSearchParams();
  const session = useSession();
  const workspace = usePublicWorkspace();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() ? null : t('signIn.emailMissing')),
      password: (value) => (value ? null : t('signIn.passwordMissing')),
    },
  });
  const entering = useMutation({
    mutationFn: (values: { email: string; password: string }) => signIn(values.email.trim(), values.password),
    onSuccess: () => queries.removeQueries({ queryKey: ['account'] }),
  });

  if (session === 'signed-in') return <Navigate to={safePath(search.get('next'))} replace />;
  if (workspace.data === null) return <Navigate to="/welcome" replace />;

  const name = workspace.data?.displayName;
  const refused = entering.error instanceof ApiError && entering.error.isForbidden;
  return (
    <Doorstep title={t('signIn.title')} lead={name ? t('signIn.lead', { name }) : t('signIn.leadPlain')}>
      <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
        <Stack gap="md">
          {entering.isError && (
            <Alert color="red" variant="light" role="alert">
              {refused ? t('signIn.refused') : text(entering.error)}
            </Alert>
          )}
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            size="md"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            size="md"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={entering.isPending} fullWidth mt="xs">
            {t('signIn.submit')}
          </Button>
          <Anchor component={Link} to="/reset-password" size="sm" ta="center">
            {t('signIn.forgot')}
          </Anchor>
        </Stack>
      </form>
    </Doorstep>
  );
}

/** Only a path of this app: never an address that a link from elsewhere has brought along. */
function safePath(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}
