/** One condition on one field, as the table's filter writes it and REST reads it. */
import type { ModelField } from '../api/model';
import { type Comparison, comparisonOf, filterPaths } from './kinds';

export type Operator = 'contains' | 'starts' | 'is' | 'above' | 'below' | 'empty' | 'filled';

export interface Condition {
  field: ModelField;
  operator: Operator;
  value: string;
}

const OPERATORS: Record<Comparison, Operator[]> = {
  text: ['contains', 'starts', 'is', 'empty', 'filled'],
  number: ['is', 'above', 'below', 'empty', 'filled'],
  date: ['above', 'below', 'empty', 'filled'],
  boolean: ['is', 'empty', 'filled'],
  option: ['is', 'empty', 'filled'],
  options: ['is', 'empty', 'filled'],
  id: ['is', 'empty', 'filled'],
  none: ['empty', 'filled'],
};

export function operatorsOf(field: ModelField): Operator[] {
  return OPERATORS[comparisonOf(field)];
}

export function needsValue(operator: Operator): boolean {
  return operator !== 'empty' && operator !== 'filled';
}

/** Writes a condition as the parameter `filter` takes it; null while it says nothing. */
export function writeFilter(condition: Condition | null): string | null {
  if (condition === null) return null;
  const { field, operator, value } = condition;
  const paths = filterPaths(field);
  if (operator === 'filled') return joined('or', paths.map((path) => `${path}[is]:NOT_NULL`));
  if (operator === 'empty') return paths.map((path) => `${path}[is]:NULL`).join(',');
  if (value.trim() === '') return null;
  return joined('or', paths.map((path) => `${path}${compared(field, operator, value.trim())}`));
}

function joined(word: string, parts: string[]): string {
  return parts.length === 1 ? parts[0]! : `${word}(${parts.join(',')})`;
}

function compared(field: ModelField, operator: Operator, value: string): string {
  const comparison = comparisonOf(field);
  const told = comparison === 'text' ? quoted(value) : field.type === 'CURRENCY' ? micros(value) : value;
  switch (operator) {
    case 'contains':
      return `[ilike]:${quoted(`%${value.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)}`;
    case 'starts':
      return `[startsWith]:${told}`;
    case 'above':
      return `[gte]:${told}`;
    case 'below':
      return `[lt]:${told}`;
    default:
      return comparison === 'options' ? `[containsAny]:[${value}]` : `[eq]:${told}`;
  }
}

/** Puts a text between the quotes that it does not hold itself. */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

function micros(value: string): string {
  const amount = Number(value);
  return Number.isFinite(amount) ? String(Math.round(amount * 1_000_000)) : value;
}
