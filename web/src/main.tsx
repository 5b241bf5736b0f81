import '@fontsource-variable/inter/wght.css';
import './mantine-styles';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { ApiError } from './api/errors';
import { resumeSession } from './api/session';
import { startTexts } from './i18n';
import { Announcements } from './parts/Announcements';
import { router } from './routes';
import { theme, variables } from './theme';

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (count, problem) => count < 2 && !(problem instanceof ApiError) },
    mutations: { retry: false },
  },
});

await Promise.all([startTexts(), resumeSession()]);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Announcements />
        <Suspense fallback={null}>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
