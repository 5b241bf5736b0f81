import '@fontsource-variable/inter/wght.css';
import './mantine-styles';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/errors';
import { resumeSession } from './api/session';
import { startTexts } from './i18n';
import { Announcements } from './parts/Announcements';
import { Pages } from './routes';
import { theme, variables } from './theme';

const RELOADED = 'icosa-reloaded';
const RELOAD_PAUSE_MS = 60_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (count, problem) => count < 2 && !(problem instanceof ApiError) },
    mutations: { retry: false },
  },
});

await Promise.all([startTexts(), resumeSession()]);

// After an upgrade the files of an open page are gone: loading it anew brings the new ones, once in a while at most.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(RELOADED));
  if (Date.now() - last < RELOAD_PAUSE_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  event.preventDefault();
  location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Announcements />
        <Pages />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
