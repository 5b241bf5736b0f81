import '@mantine/core/styles/Checkbox.css';
import { Alert, Anchor, Button, Checkbox, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { usePublicWorkspace } from '../api/account';
import { ApiError } from '../api/errors';
import { foundWorkspace, useSetupTokenNeeded } from '../api/first-run';
import { isLanguage, LANGUAGES, localeOf } from '../i18n/language';
import { NewPasswordField, SHORTEST_PASSWORD } from '../parts/NewPasswordField';
import { useProblemText } from '../parts/problem-text';
import { Doorstep } from '../shell/Doorstep';
import { useLanguageChoice } from '../shell/use-language-choice';
import { useSession } from '../shell/use-session';

const ADDRESS = /^\S+@\S+\.\S+$/;

export default function WelcomePage() {
  const { t, i18n } = useTranslation();
  const text = useProblemText();
  const queries = useQueryClient();
  const session = useSession();
  const workspace = usePublicWorkspace();
  const asksForToken = useSetupTokenNeeded().data ?? false;
  const chooseLanguage = useLanguageChoice();
  const form = useForm({
    initialValues: {
      workspaceName: '', firstName: '', lastName: '', email: '', password: '', setupToken: '', withSampleData: true,
    },
    validate: {
      workspaceName: (value) => (value.trim() ? null : t('welcome.nameMissing')),
      firstName: (value) => (value.trim() ? null : t('welcome.personMissing')),
      email: (value) => (ADDRESS.test(value.trim()) ? null : t('signIn.emailInvalid')),
      password: (value) => (value.length >= SHORTEST_PASSWORD ? null : t('password.short')),
      setupToken: (value) => (!asksForToken || value.trim() ? null : t('welcome.setupTokenMissing')),
    },
  });
  const founding = useMutation({
    mutationFn: (values: typeof form.values) =>
      foundWorkspace({
        ...values,
        email: values.email.trim(),
        setupToken: asksForToken ? values.setupToken.trim() : null,
        locale: localeOf(isLanguage(i18n.language) ? i18n.language : 'en'),
      }),
    onSuccess: () => queries.clear(),
  });

  if (session === 'signed-in') return <Navigate to="/" replace />;
  if (workspace.data && !founding.isPending && !founding.isError) return <Navigate to="/sign-in" replace />;

  const taken = founding.error instanceof ApiError && founding.error.subCode === 'SIGNUP_DISABLED';
  return (
    <Doorstep title={t('welcome.title')} lead={t('welcome.lead')}>
      <form onSubmit={form.onSubmit((values) => founding.mutate(values))} noValidate>
        <Stack gap="md">
          {founding.isError && (
            <Alert color="red" variant="light" role="alert">
              {taken ? t('welcome.taken') : text(founding.error)}{' '}
              {taken && (
                <Anchor component={Link} to="/sign-in" size="sm">
                  {t('welcome.toSignIn')}
                </Anchor>
              )}
            </Alert>
          )}
          <TextInput label={t('welcome.workspaceName')} autoComplete="organization" {...form.getInputProps('workspaceName')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput label={t('welcome.firstName')} autoComplete="given-name" {...form.getInputProps('firstName')} />
            <TextInput label={t('welcome.lastName')} autoComplete="family-name" {...form.getInputProps('lastName')} />
          </SimpleGrid>
          <TextInput label={t('signIn.email')} type="email" autoComplete="username" {...form.getInputProps('email')} />
          <NewPasswordField label={t('signIn.password')} password={form.values.password} {...form.getInputProps('password')} />
          <Select
            label={t('welcome.language')}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            value={i18n.language}
            onChange={(name) => isLanguage(name) && chooseLanguage(name)}
            allowDeselect={false}
          />
          {asksForToken && (
            <TextInput
              label={t('welcome.setupToken')}
              description={t('welcome.setupTokenHint')}
              autoComplete="off"
              classNames={{ input: 'mono' }}
              {...form.getInputProps('setupToken')}
            />
          )}
          <Checkbox
            label={t('welcome.sampleData')}
            description={t('welcome.sampleDataHint')}
            {...form.getInputProps('withSampleData', { type: 'checkbox' })}
          />
          <Button type="submit" size="md" loading={founding.isPending} fullWidth mt="xs">
            {t('welcome.submit')}
          </Button>
          <Text size="sm" c="dimmed" ta="center" role="status">
            {founding.isPending ? t('welcome.wait') : ''}
          </Text>
        </Stack>
      </form>
    </Doorstep>
  );
}
