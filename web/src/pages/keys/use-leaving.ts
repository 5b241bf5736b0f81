import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { basePath } from '../../api/base';

interface Leaving {
  /** Whether somebody wants to leave and has to be asked. */
  asked: boolean;
  stay: () => void;
  leave: () => void;
}

/** Holds links back while there is something to lose, and has the browser ask before it closes the page. */
export function useLeaving(holds: boolean): Leaving {
  const navigate = useNavigate();
  const [target, setTarget] = useState<HTMLAnchorElement | null>(null);

  useEffect(() => {
    if (!holds) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    const hold = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const opensHere = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (link === null || !opensHere || link.download || link.getAttribute('href')?.startsWith('#')) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(link);
    };
    window.addEventListener('beforeunload', warn);
    document.addEventListener('click', hold, true);
    return () => {
      window.removeEventListener('beforeunload', warn);
      document.removeEventListener('click', hold, true);
    };
  }, [holds]);

  return {
    asked: target !== null,
    stay: () => setTarget(null),
    leave: () => {
      if (target === null) return;
      setTarget(null);
      void navigate(target.pathname.slice(basePath.length - 1) + target.search + target.hash);
    },
  };
}
