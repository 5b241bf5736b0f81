import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { askForReset, checkReset, resetPassword } from '../api/joining';
import { Loading } from '../parts/Loading';
import { NewPasswordField, SHORTEST_PASSWORD } from '../parts/NewPasswordField';
import { useProblemText } from '../parts/problem-text';
import { Doorstep } from '../shell/Doorstep';

/** A forgotten password: asks for a link, and where the link leads to, for the new password. */
export default function ResetPasswordPage() {
  const { t } = useTranslation();
  const token = useLocation().hash.slice(1);
  return (
    <Doorstep title={t('reset.title')} lead={token ? t('reset.leadNew') : t('reset.leadAsk')}>
      {token ? <NewPasswordForm token={token} /> : <AskForm />}
      <Anchor component={Link} to="/sign-in" size="sm">
        {t('reset.toSignIn')}
      </Anchor>
    </Doorstep>
  );
}

function AskForm() {
  const { t } = useTranslation();
  const text = useProblemText();
  const [email, setEmail] = useState('');
  const asking = useMutation({ mutationFn: askForReset });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim()) asking.mutate(email.trim());
  };
  if (asking.isSuccess) return <Text role="status">{t('reset.sent')}</Text>;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {asking.isError && (
          <Alert color="red" variant="light" role="alert">
            {text(asking.error)}
          </Alert>
        )}
        <TextInput
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          size="md"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={asking.isPending} fullWidth>
          {t('reset.ask')}
        </Button>
      </Stack>
    </form>
  );
}

function NewPasswordForm({ token }: { token: string }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const whose = useQuery({ queryKey: ['reset', token], queryFn: () => checkReset(token), staleTime: Infinity });
  const setting = useMutation({ mutationFn: () => resetPassword(token, password) });
  const long = password.length >= SHORTEST_PASSWORD;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (long) setting.mutate();
  };
  if (whose.isPending) return <Loading lines={3} />;
  if (setting.isSuccess) return <Text role="status">{t('reset.done')}</Text>;
  const problem = whose.error ?? setting.error;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {text(problem)}
          </Alert>
        )}
        {whose.data && (
          <>
            <TextInput label={t('signIn.email')} value={whose.data} readOnly autoComplete="username" />
            <NewPasswordField
              label={t('reset.newPassword')}
              password={password}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={tried && !long ? t('password.short') : undefined}
            />
            <Button type="submit" size="md" loading={setting.isPending} fullWidth>
              {t('reset.submit')}
            </Button>
          </>
        )}
      </Stack>
    </form>
  );
}
