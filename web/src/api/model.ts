/** The workspace's data model, as the Metadata API tells it. */
import { useQuery } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface ModelObject {
  id: string;
  nameSingular: string;
  namePlural: string;
  labelSingular: string;
  labelPlural: string;
  icon: string | null;
  isActive: boolean;
  isSystem: boolean;
  isCustom: boolean;
}

interface ObjectPage {
  objects: { edges: { node: ModelObject }[] };
}

const OBJECTS = gql`{
  objects(paging: {first: 1000}) {
    edges {
      node { id nameSingular namePlural labelSingular labelPlural icon isActive isSystem isCustom }
    }
  }
}`;

/** All objects, inactive and system ones too, by label. */
export function useObjects() {
  return useQuery({
    queryKey: ['model', 'objects'],
    queryFn: async () => {
      const found = (await metadata<ObjectPage>(OBJECTS)).objects.edges.map((edge) => edge.node);
      return found.sort((one, other) => one.labelPlural.localeCompare(other.labelPlural));
    },
    staleTime: 60_000,
  });
}
