/** Members, roles in full, and what the server tells of itself. */
import { useQuery } from '@tanstack/react-query';
import { addressOf } from './base';
import { gql, metadata } from './metadata';
import { rest } from './rest';
import { reach } from './session';

export interface Member {
  id: string;
  name: { firstName: string; lastName: string } | null;
  userEmail: string | null;
  locale: string | null;
  createdAt: string;
}

export interface FullRole {
  id: string;
  label: string;
  description: string | null;
  isEditable: boolean;
  canBeAssignedToUsers: boolean;
  canBeAssignedToApiKeys: boolean;
  canUpdateAllSettings: boolean;
  canAccessAllTools: boolean;
  canReadAllObjectRecords: boolean;
  canUpdateAllObjectRecords: boolean;
  canSoftDeleteAllObjectRecords: boolean;
  canDestroyAllObjectRecords: boolean;
  workspaceMembers: { id: string }[];
  apiKeys: { id: string; name: string }[];
  permissionFlags: { flag: string }[] | null;
  objectPermissions: { objectMetadataId: string }[] | null;
  fieldPermissions: { id: string }[] | null;
}

export interface Health {
  status: string;
  details: Record<string, { status: string; message?: string }>;
}

const ROLES = gql`{
  getRoles {
    id label description isEditable canBeAssignedToUsers canBeAssignedToApiKeys canUpdateAllSettings canAccessAllTools
    canReadAllObjectRecords canUpdateAllObjectRecords canSoftDeleteAllObjectRecords canDestroyAllObjectRecords
    workspaceMembers { id }
    apiKeys { id name }
    permissionFlags { flag }
    objectPermissions { objectMetadataId }
    fieldPermissions { id }
  }
}`;
const SERVER = gql`{
  serverInfo {
    version license databaseVersion bodyLimit shortLimit shortLimitTtlMs longLimit longLimitTtlMs graphqlRootFields
    graphqlComplexity requestLogSize
  }
}`;
const WORKSPACE = gql`{
  currentWorkspace { id displayName databaseSchema metadataVersion trashRetentionDays workspaceMembersCount createdAt }
}`;

export interface WorkspaceFacts {
  id: string;
  displayName: string | null;
  databaseSchema: string;
  metadataVersion: number;
  trashRetentionDays: number;
  workspaceMembersCount: number | null;
  createdAt: string;
}

export interface ServerInfo {
  version: string;
  license: string;
  databaseVersion: string;
  bodyLimit: number;
  shortLimit: number;
  shortLimitTtlMs: number;
  longLimit: number;
  longLimitTtlMs: number;
  graphqlRootFields: number;
  graphqlComplexity: number;
  requestLogSize: number;
}

export function useMembers() {
  return useQuery({
    queryKey: ['records', 'workspaceMembers', 'all'],
    queryFn: async () => {
      const told = await rest<{ data: { workspaceMembers: Member[] } }>('GET', '/rest/workspaceMembers?limit=200');
      return told.data.workspaceMembers;
    },
  });
}

export function useFullRoles(enabled: boolean) {
  return useQuery({
    queryKey: ['roles', 'full'],
    queryFn: async () => (await metadata<{ getRoles: FullRole[] }>(ROLES)).getRoles,
    enabled,
  });
}

export function useWorkspaceFacts() {
  return useQuery({
    queryKey: ['workspace-facts'],
    queryFn: async () => (await metadata<{ currentWorkspace: WorkspaceFacts }>(WORKSPACE)).currentWorkspace,
  });
}

/** The server's version and its limits. */
export function useServerInfo() {
  return useQuery({
    queryKey: ['about', 'server'],
    queryFn: async () => (await metadata<{ serverInfo: ServerInfo }>(SERVER)).serverInfo,
  });
}

/** Whether the server is ready, part by part; a server that is not says so with a 503. */
export function useHealth() {
  return useQuery({
    queryKey: ['about', 'health'],
    queryFn: async () => (await (await reach(addressOf('/readyz'), {})).json()) as Health,
    refetchInterval: 15_000,
  });
}
