import { useSyncExternalStore } from 'react';
import { onSessionChange, type SessionState, sessionState } from '../api/session';

/** Whether somebody is signed in. */
export function useSession(): SessionState {
  return useSyncExternalStore(onSessionChange, sessionState);
}
