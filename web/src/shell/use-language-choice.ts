import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Account } from '../api/account';
import { rest } from '../api/rest';
import { speak } from '../i18n';
import { type Language, localeOf, rememberLanguage } from '../i18n/language';

/** Returns a function that changes the language, here at once and in the person's profile. */
export function useLanguageChoice(): (language: Language) => void {
  const queries = useQueryClient();
  return useCallback(
    (language) => {
      rememberLanguage(language);
      void speak(language);
      const member = queries.getQueryData<Account>(['account'])?.workspaceMember;
      // The choice holds in this browser even when the profile cannot be changed.
      if (member) void rest('PATCH', `/rest/workspaceMembers/${member.id}`, { locale: localeOf(language) }).catch(() => {});
    },
    [queries],
  );
}
