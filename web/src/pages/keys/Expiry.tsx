import { Badge, Text } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconClockX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ApiKey, isForEver, standingOf } from '../../api/keys';
import { useFormats } from '../../i18n/format';

/** When a key expires; what is wrong with it by sign, word and colour. */
export function Expiry({ apiKey }: { apiKey: Pick<ApiKey, 'expiresAt' | 'revokedAt'> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const relative = formats.relative(apiKey.expiresAt);
  switch (standingOf(apiKey)) {
    case 'revoked':
      return (
        <Badge color="gray" variant="light" className="state" leftSection={<IconBan size={13} aria-hidden />}>
          {t('keys.revoked')}
        </Badge>
      );
    case 'expired':
      return (
        <Badge color="red" variant="light" className="state" leftSection={<IconClockX size={13} aria-hidden />}>
          {t('keys.expired', { when: relative })}
        </Badge>
      );
    case 'soon':
      return (
        <Badge color="yellow" variant="light" className="state" leftSection={<IconAlertTriangle size={13} aria-hidden />}>
          {t('keys.soon', { when: relative })}
        </Badge>
      );
    default:
      return (
        <Text span size="sm" title={formats.moment(apiKey.expiresAt)}>
          {isForEver(apiKey.expiresAt) ? t('keys.never') : formats.date(apiKey.expiresAt)}
        </Text>
      );
  }
}
