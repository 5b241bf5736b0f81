/** Who is signed in, in which workspace, and what they may do. */
import { useQuery } from '@tanstack/react-query';
import { ApiError } from './errors';
import { gql, metadata } from './metadata';
import { serverUrl } from './base';
import { openCall } from './session';

export interface Account {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  workspaceMember: { id: string; locale: string | null; colorScheme: string | null; roles: { label: string }[] } | null;
  currentWorkspace: { id: string; displayName: string | null };
  currentUserWorkspace: { permissionFlags: string[] } | null;
}

const CURRENT_USER = gql`{
  currentUser {
    id email firstName lastName
    workspaceMember { id locale colorScheme roles { label } }
    currentWorkspace { id displayName }
    currentUserWorkspace { permissionFlags }
  }
}`;

const PUBLIC_WORKSPACE = gql`query ($origin: String!) {
  getPublicWorkspaceDataByDomain(origin: $origin) { id displayName }
}`;

export function useAccount() {
  return useQuery({
    queryKey: ['account'],
    queryFn: async () => (await metadata<{ currentUser: Account }>(CURRENT_USER)).currentUser,
    staleTime: 5 * 60_000,
  });
}

/** Whether the person may do something, by the flag's name; false until it is known. */
export function useMay(flag: string): boolean {
  const { data } = useAccount();
  return data?.currentUserWorkspace?.permissionFlags.includes(flag) ?? false;
}

/** The workspace that the sign-in page names, null on a server that has none yet. */
export function usePublicWorkspace() {
  return useQuery({
    queryKey: ['public-workspace'],
    queryFn: async () => {
      try {
        const told = await openCall<{
          getPublicWorkspaceDataByDomain: { id: string; displayName: string | null };
        }>(PUBLIC_WORKSPACE, { origin: serverUrl });
        return told.getPublicWorkspaceDataByDomain;
      } catch (problem) {
        if (problem instanceof ApiError && problem.isNotFound) return null;
        throw problem;
      }
    },
  });
}
