/** Dates and numbers in the person's form. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const MINUTE = 60;
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 60 * MINUTE],
  ['month', 30 * 24 * 60 * MINUTE],
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

export interface Formats {
  /** A day: `25 Nov 2026`, `25 nov. 2026`. */
  date: (moment: string | Date) => string;
  /** A moment with its time zone. */
  moment: (moment: string | Date) => string;
  /** How far away a moment is: `in 29 days`, `acum 3 ore`. */
  relative: (moment: string | Date, now?: number) => string;
  number: (value: number) => string;
  /** A moment to the minute with its time zone, as tables show it. */
  minute: (moment: string) => string;
  /** A calendar day that belongs to no time zone. */
  day: (day: string) => string;
  /** An amount with its currency; a code that nobody knows stands behind the number as it is. */
  money: (amount: number, currency: string | null) => string;
}

/** Returns the formats of the page's language. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language === 'en' ? 'en-GB' : i18n.language), [i18n.language]);
}

function formatsOf(locale: string): Formats {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const moment = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const number = new Intl.NumberFormat(locale);
  const minute = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    minute: (value) => minute.format(new Date(value)),
    day: (value) => day.format(new Date(value)),
    money: (amount, currency) => {
      if (currency === null || !/^[A-Z]{3}$/.test(currency)) return [number.format(amount), currency].filter(Boolean).join(' ');
      const form = { style: 'currency', currency, maximumFractionDigits: Number.isInteger(amount) ? 0 : 2 } as const;
      return new Intl.NumberFormat(locale, form).format(amount);
    },
    date: (value) => date.format(new Date(value)),
    moment: (value) => moment.format(new Date(value)),
    relative: (value, now = Date.now()) => {
      const seconds = (new Date(value).getTime() - now) / 1000;
      const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
      return step ? relative.format(Math.trunc(seconds / step[1]), step[0]) : relative.format(Math.trunc(seconds), 'second');
    },
    number: (value) => number.format(value),
  };
}
