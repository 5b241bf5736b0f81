import { Alert, Button, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { findInvitation, type Invitation, join } from '../api/joining';
import { isLanguage, localeOf } from '../i18n/language';
import { Loading } from '../parts/Loading';
import { NewPasswordField, SHORTEST_PASSWORD } from '../parts/NewPasswordField';
import { useProblemText } from '../parts/problem-text';
import { Doorstep } from '../shell/Doorstep';
import { useSession } from '../shell/use-session';

/** Where the link of an invitation leads to: an account of one's own. */
export default function InvitePage() {
  const { t } = useTranslation();
  const text = useProblemText();
  const session = useSession();
  const token = useLocation().hash.slice(1);
  const found = useQuery({ queryKey: ['invitation', token], queryFn: () => findInvitation(token), staleTime: Infinity });
  const name = found.data?.workspace.displayName ?? 'Icosa';
  if (session === 'signed-in') return <Navigate to="/" replace />;
  return (
    <Doorstep title={t('invite.title')} lead={found.data ? t('invite.lead', { name }) : ''}>
      {found.isPending && <Loading lines={3} />}
      {found.isError && (
        <Alert color="red" variant="light" role="alert">
          {text(found.error)}
        </Alert>
      )}
      {found.data && <JoinForm token={token} invitation={found.data} />}
    </Doorstep>
  );
}

function JoinForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t, i18n } = useTranslation();
  const text = useProblemText();
  const form = useForm({
    initialValues: { firstName: '', lastName: '', password: '' },
    validate: {
      firstName: (value) => (value.trim() ? null : t('welcome.personMissing')),
      password: (value) => (value.length >= SHORTEST_PASSWORD ? null : t('password.short')),
    },
  });
  const joining = useMutation({
    mutationFn: (values: typeof form.values) =>
      join({
        ...values,
        token,
        email: invitation.email,
        locale: localeOf(isLanguage(i18n.language) ? i18n.language : 'en'),
      }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => joining.mutate(values))} noValidate>
      <Stack gap="md">
        {joining.isError && (
          <Alert color="red" variant="light" role="alert">
            {text(joining.error)}
          </Alert>
        )}
        <TextInput label={t('signIn.email')} value={invitation.email} readOnly autoComplete="username" />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput label={t('welcome.firstName')} autoComplete="given-name" {...form.getInputProps('firstName')} />
          <TextInput label={t('welcome.lastName')} autoComplete="family-name" {...form.getInputProps('lastName')} />
        </SimpleGrid>
        <NewPasswordField label={t('signIn.password')} password={form.values.password} {...form.getInputProps('password')} />
        <Button type="submit" size="md" loading={joining.isPending} fullWidth>
          {t('invite.submit')}
        </Button>
      </Stack>
    </form>
  );
}
