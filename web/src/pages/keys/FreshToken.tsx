import '@mantine/core/styles/Checkbox.css';
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverUrl } from '../../api/base';
import { CodeBlock } from '../../parts/CodeBlock';
import { CopyButton } from '../../parts/CopyButton';
import { Dialog } from '../../parts/Dialog';
import { Section } from '../../parts/Section';
import { useLeaving } from './use-leaving';

/** The token of a new key, shown this once; leaving asks whether it has been stored. */
export function FreshToken({ token }: { token: string }) {
  const { t } = useTranslation();
  const [stored, setStored] = useState(false);
  const leaving = useLeaving(!stored);

  return (
    <Section title={t('keys.token.title')} hint={t('keys.token.once')}>
      <Group gap="xs" align="flex-end">
        <TextInput
          label={t('keys.token.label')}
          value={token}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          classNames={{ input: 'mono' }}
          flex="1 1 18rem"
          spellCheck={false}
        />
        <CopyButton text={token} what={t('keys.token.label')} withLabel />
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download(token)}>
          {t('keys.token.download')}
        </Button>
      </Group>
      <Stack gap={6}>
        <Text size="sm" fw={500}>
          {t('keys.token.try')}
        </Text>
        <CodeBlock
          code={`curl -H "Authorization: Bearer ${token}" "${serverUrl}/rest/companies?limit=3"`}
          label={t('keys.token.try')}
          wrap
        />
      </Stack>
      <Checkbox
        label={t('keys.token.stored')}
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <Dialog
        opened={leaving.asked}
        onClose={leaving.stay}
        title={t('keys.token.leaveTitle')}
      >
        <Text size="sm">{t('keys.token.leaveText')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={leaving.stay}>
            {t('keys.token.stay')}
          </Button>
          <Button color="red" onClick={leaving.leave}>
            {t('keys.token.leave')}
          </Button>
        </Group>
      </Dialog>
    </Section>
  );
}

function download(token: string): void {
  const file = new Blob([`ICOSA_URL=${serverUrl}\nICOSA_KEY=${token}\n`], { type: 'text/plain' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = '.env';
  link.click();
  URL.revokeObjectURL(link.href);
}
