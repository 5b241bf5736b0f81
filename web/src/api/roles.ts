/** Roles, as far as who holds keys needs to know them. */
import { useQuery } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface Role {
  id: string;
  label: string;
  description: string | null;
  canBeAssignedToApiKeys: boolean;
  canUpdateAllSettings: boolean;
  canReadAllObjectRecords: boolean;
  canUpdateAllObjectRecords: boolean;
  canSoftDeleteAllObjectRecords: boolean;
  canDestroyAllObjectRecords: boolean;
  objectPermissions: { objectMetadataId: string }[] | null;
  fieldPermissions: { id: string }[] | null;
}

const ROLES = gql`{
  getRoles {
    id label description canBeAssignedToApiKeys canUpdateAllSettings canReadAllObjectRecords canUpdateAllObjectRecords
    canSoftDeleteAllObjectRecords canDestroyAllObjectRecords
    objectPermissions { objectMetadataId }
    fieldPermissions { id }
  }
}`;

export function useRoles(enabled = true) {
  return useQuery({
    queryKey: ['roles', 'for-keys'],
    queryFn: async () => (await metadata<{ getRoles: Role[] }>(ROLES)).getRoles,
    enabled,
  });
}
