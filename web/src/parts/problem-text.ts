import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, Unreachable } from '../api/errors';

/** Returns a function from what was thrown to a sentence for people. */
export function useProblemText(): (problem: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (problem) => {
      if (problem instanceof Unreachable) return t('errors.unreachable');
      if (!(problem instanceof ApiError)) return t('errors.unknown');
      if (problem.isUnauthenticated) return t('errors.signedOut');
      if (problem.subCode === 'PERMISSION_DENIED' || problem.code === 'PERMISSION_DENIED') return t('errors.forbidden');
      if (problem.subCode === 'LIMIT_REACHED' || problem.status === 429) return t('errors.tooMany');
      if (problem.subCode === 'INVALID_RESET_TOKEN') return t('reset.invalid');
      if (problem.subCode === 'INVALID_INVITATION') return t('invite.invalid');
      return problem.message;
    },
    [t],
  );
}
