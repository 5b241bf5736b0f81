import '@mantine/core/styles/Progress.css';
import { PasswordInput, type PasswordInputProps, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export const SHORTEST_PASSWORD = 8;
const GOOD = 14;

/** A field for a password to be, with a hint of how strong it is. */
export function NewPasswordField({ password, ...props }: PasswordInputProps & { password: string }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <PasswordInput description={t('password.hint')} autoComplete="new-password" {...props} />
      <Strength password={password} />
    </Stack>
  );
}

function Strength({ password }: { password: string }) {
  const { t } = useTranslation();
  if (!password) return null;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  const points = password.length < SHORTEST_PASSWORD ? 0 : password.length >= GOOD || kinds === 4 ? 2 : 1;
  const word = [t('password.strengthShort'), t('password.strengthFair'), t('password.strengthGood')][points];
  return (
    <Stack gap={2}>
      <Progress size={4} value={[20, 60, 100][points] ?? 0} color={['red', 'yellow', 'lagoon'][points]} aria-hidden />
      <Text size="xs" c="dimmed" aria-live="polite">
        {t('password.strengthLabel', { strength: word })}
      </Text>
    </Stack>
  );
}
