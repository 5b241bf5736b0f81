import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { ListWish } from '../../api/records';
import type { FullObject } from '../../api/model';
import { type Condition, operatorsOf, writeFilter } from '../../fields/filters';
import { sortPath } from '../../fields/kinds';

export interface Order {
  field: string;
  descending: boolean;
}

export interface ListState {
  order: Order | null;
  condition: Condition | null;
  wish: ListWish;
  setOrder: (order: Order | null) => void;
  setCondition: (condition: Condition | null) => void;
}

/** The order and the filter of a table, kept in the address so that a link shows the same records. */
export function useListWish(object: FullObject | undefined): ListState {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.toString();
  const state = useMemo(() => read(object, new URLSearchParams(text)), [object, text]);

  const change = (values: Record<string, string | null>) =>
    setParameters(
      () => {
        // The address itself: what was set a moment ago may not have been drawn yet, and must not be lost.
        const now = new URLSearchParams(window.location.search);
        for (const [name, value] of Object.entries(values)) {
          if (value === null) now.delete(name);
          else now.set(name, value);
        }
        return now;
      },
      { replace: true },
    );
  return {
    ...state,
    setOrder: (order) => change({ sort: order && `${order.descending ? '-' : ''}${order.field}` }),
    setCondition: (condition) =>
      change({
        field: condition && condition.field.name,
        operator: condition && condition.operator,
        value: condition && condition.value,
      }),
  };
}

function read(object: FullObject | undefined, parameters: URLSearchParams) {
  const sort = parameters.get('sort') ?? '';
  const descending = sort.startsWith('-');
  const sorted = object?.fields.find((field) => field.name === sort.replace(/^-/, ''));
  const path = sorted ? sortPath(sorted) : null;
  const order: Order | null = sorted && path ? { field: sorted.name, descending } : null;

  const field = object?.fields.find((each) => each.name === parameters.get('field'));
  const operator = field && operatorsOf(field).find((each) => each === parameters.get('operator'));
  const condition: Condition | null = field && operator ? { field, operator, value: parameters.get('value') ?? '' } : null;
  const wish: ListWish = {
    filter: writeFilter(condition),
    orderBy: path && `${path}[${descending ? 'DescNullsLast' : 'AscNullsLast'}]`,
  };
  return { order, condition, wish };
}
