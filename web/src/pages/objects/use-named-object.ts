import { type FullObject, useFields, useObjects } from '../../api/model';

interface Found {
  object: FullObject | undefined;
  /** Known before the fields are. */
  label: string | undefined;
  isMissing: boolean;
  problem: unknown;
}

/** The object that an address names by its plural, with its fields. */
export function useNamedObject(namePlural: string): Found {
  const objects = useObjects();
  const named = objects.data?.find((object) => object.namePlural === namePlural);
  const full = useFields(named?.id);
  return {
    object: full.data,
    label: named?.labelPlural,
    isMissing: objects.isSuccess && named === undefined,
    problem: objects.error ?? full.error,
  };
}
