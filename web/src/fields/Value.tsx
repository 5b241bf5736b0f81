import { Anchor, Badge, Text } from '@mantine/core';
import { IconCheck, IconStarFilled, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ModelField } from '../api/model';
import { useFormats } from '../i18n/format';
import { nameOf } from './kinds';

const COLORS = new Set(['red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange']);
const NEAR: Record<string, string> = { turquoise: 'teal', sky: 'blue', purple: 'violet', amber: 'yellow', jade: 'green', mint: 'teal' };
const WEB = /^https?:\/\//i;

interface Props {
  field: Pick<ModelField, 'type' | 'options' | 'settings'>;
  value: unknown;
}

/** A field's value in the person's form: one line, without what would not fit one. */
export function Value({ field, value }: Props) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (value === null || value === undefined || value === '') return <Nothing />;
  const told = value as Record<string, string | null>;
  switch (field.type) {
    case 'DATE_TIME':
      return <time dateTime={String(value)}>{formats.minute(String(value))}</time>;
    case 'DATE':
      return <time dateTime={String(value)}>{formats.day(String(value))}</time>;
    case 'NUMBER':
    case 'NUMERIC':
    case 'POSITION':
      return <>{formats.number(Number(value))}</>;
    case 'BOOLEAN':
      return value === true ? (
        <span className="inline-sign">
          <IconCheck size={15} aria-hidden /> {t('records.yes')}
        </span>
      ) : (
        <span className="inline-sign dim">
          <IconX size={15} aria-hidden /> {t('records.no')}
        </span>
      );
    case 'CURRENCY':
      if (told.amountMicros === null) return <Nothing />;
      return <>{formats.money(Number(told.amountMicros) / 1_000_000, told.currencyCode ?? null)}</>;
    case 'SELECT':
      return <Choice field={field} value={String(value)} />;
    case 'RATING':
      return <Rating value={String(value)} />;
    case 'MULTI_SELECT':
    case 'ARRAY':
      return <Several field={field} values={value as string[]} />;
    case 'EMAILS':
      return told.primaryEmail ? <Anchor href={`mailto:${told.primaryEmail}`} inherit>{told.primaryEmail}</Anchor> : <Nothing />;
    case 'PHONES':
      return <Phone code={told.primaryPhoneCallingCode ?? ''} number={told.primaryPhoneNumber ?? ''} />;
    case 'LINKS':
      return <Web url={told.primaryLinkUrl ?? ''} label={told.primaryLinkLabel ?? ''} />;
    case 'FULL_NAME':
      return <>{nameOf(value) ?? <Nothing />}</>;
    case 'ADDRESS':
      return <Address value={told} />;
    case 'ACTOR':
      return <>{told.name || t(`records.sources.${known(told.source)}`)}</>;
    case 'RICH_TEXT':
      return <>{told.markdown || <Nothing />}</>;
    case 'RAW_JSON':
    case 'FILES':
      return <code>{JSON.stringify(value)}</code>;
    case 'UUID':
      return <code>{String(value)}</code>;
    default:
      return <>{typeof value === 'string' ? value : JSON.stringify(value)}</>;
  }
}

const SOURCES = ['EMAIL', 'CALENDAR', 'WORKFLOW', 'AGENT', 'API', 'IMPORT', 'MANUAL', 'SYSTEM', 'WEBHOOK', 'APPLICATION'] as const;
type Source = (typeof SOURCES)[number];

function known(source: string | null | undefined): Source {
  return SOURCES.find((each) => each === source) ?? 'SYSTEM';
}

/** An empty place, said to who cannot see it. */
export function Nothing() {
  const { t } = useTranslation();
  return (
    <Text span c="dimmed" inherit>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('records.empty')}</span>
    </Text>
  );
}

function Choice({ field, value }: { field: Props['field']; value: string }) {
  const option = field.options?.find((each) => each.value === value);
  const wish = option?.color ?? 'gray';
  const color = COLORS.has(wish) ? wish : (NEAR[wish] ?? 'gray');
  return (
    <Badge variant="light" color={color} className="state choice">
      {option?.label ?? value}
    </Badge>
  );
}

function Several({ field, values }: { field: Props['field']; values: string[] }) {
  if (values.length === 0) return <Nothing />;
  return (
    <span className="choices">
      {values.map((value) => (
        <Choice key={value} field={field} value={value} />
      ))}
    </span>
  );
}

function Rating({ value }: { value: string }) {
  const { t } = useTranslation();
  const stars = Number(value.replace(/\D/g, '')) || 0;
  return (
    <span className="inline-sign">
      {Array.from({ length: stars }, (_, star) => (
        // Stars are alike.
        <IconStarFilled key={star} size={14} aria-hidden />
      ))}
      <span className="visually-hidden">{t('records.stars', { count: stars })}</span>
    </span>
  );
}

function Phone({ code, number }: { code: string; number: string }) {
  if (!number) return <Nothing />;
  return (
    <Anchor href={`tel:${code}${number}`} inherit>
      {code ? `${code} ${number}` : number}
    </Anchor>
  );
}

function Web({ url, label }: { url: string; label: string }) {
  if (!url) return <Nothing />;
  const shown = label || url.replace(WEB, '').replace(/\/$/, '');
  return (
    <Anchor href={WEB.test(url) ? url : `https://${url}`} target="_blank" rel="noopener noreferrer" inherit>
      {shown}
    </Anchor>
  );
}

function Address({ value }: { value: Record<string, string | null> }) {
  const parts = [
    value.addressStreet1,
    value.addressStreet2,
    [value.addressPostcode, value.addressCity].filter(Boolean).join(' '),
    value.addressState,
    value.addressCountry,
  ].filter(Boolean);
  return parts.length === 0 ? <Nothing /> : <>{parts.join(', ')}</>;
}

/** A link to a record, by its name. */
export function RecordLink({ namePlural, id, name }: { namePlural: string; id: string; name: string | null }) {
  return (
    <Anchor component={Link} to={`/objects/${namePlural}/${id}`} inherit>
      {name ?? `${id.slice(0, 8)}…`}
    </Anchor>
  );
}
