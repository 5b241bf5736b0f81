import { lazy } from 'react';
import { createBrowserRouter, Outlet } from 'react-router';
import { basePath } from './api/base';
import { RequireSession } from './shell/RequireSession';
import { RouteProblem } from './shell/RouteProblem';

const Shell = lazy(() => import('./shell/Shell'));
const SignInPage = lazy(() => import('./pages/SignInPage'));
const StartPage = lazy(() => import('./pages/start/StartPage'));
const InvitePage = lazy(() => import('./pages/InvitePage'));
const ResetPasswordPage = lazy(() => import('./pages/ResetPasswordPage'));
const WelcomePage = lazy(() => import('./pages/WelcomePage'));
const NotFoundPage = lazy(() => import('./pages/NotFoundPage'));
const RecordsPage = lazy(() => import('./pages/objects/RecordsPage'));
const RecordPage = lazy(() => import('./pages/objects/RecordPage'));
const DataModelPage = lazy(() => import('./pages/data-model/DataModelPage'));
const ObjectPage = lazy(() => import('./pages/data-model/ObjectPage'));
const OverviewPage = lazy(() => import('./pages/api-webhooks/OverviewPage'));
const NewKeyPage = lazy(() => import('./pages/keys/NewKeyPage'));
const KeyPage = lazy(() => import('./pages/keys/KeyPage'));
const NewWebhookPage = lazy(() => import('./pages/webhooks/NewWebhookPage'));
const WebhookPage = lazy(() => import('./pages/webhooks/WebhookPage'));
const DeliveryPage = lazy(() => import('./pages/webhooks/DeliveryPage'));
const PlaygroundPage = lazy(() => import('./pages/playground/PlaygroundPage'));
const RequestsPage = lazy(() => import('./pages/requests/RequestsPage'));
const MembersPage = lazy(() => import('./pages/members/MembersPage'));
const RolesPage = lazy(() => import('./pages/roles/RolesPage'));
const AboutPage = lazy(() => import('./pages/about/AboutPage'));

export const router = createBrowserRouter(
  [
    {
      element: <Outlet />,
      errorElement: <RouteProblem />,
      children: [
        { path: '/welcome', element: <WelcomePage /> },
        { path: '/sign-in', element: <SignInPage /> },
        { path: '/invite', element: <InvitePage /> },
        { path: '/reset-password', element: <ResetPasswordPage /> },
        {
          element: <RequireSession />,
          children: [
            { path: '/settings/playground/:api/:schema', element: <PlaygroundPage /> },
            {
              element: <Shell />,
              children: [
                { path: '/', element: <StartPage /> },
                { path: '/objects/:namePlural', element: <RecordsPage /> },
                { path: '/objects/:namePlural/:id', element: <RecordPage /> },
                { path: '/settings/data-model', element: <DataModelPage /> },
                { path: '/settings/data-model/:namePlural', element: <ObjectPage /> },
                { path: '/settings/api-webhooks', element: <OverviewPage /> },
                { path: '/settings/api-webhooks/apis/new', element: <NewKeyPage /> },
                { path: '/settings/api-webhooks/apis/:id', element: <KeyPage /> },
                { path: '/settings/api-webhooks/webhooks/new', element: <NewWebhookPage /> },
                { path: '/settings/api-webhooks/webhooks/:id', element: <WebhookPage /> },
                { path: '/settings/api-webhooks/webhooks/:id/deliveries/:deliveryId', element: <DeliveryPage /> },
                { path: '/settings/requests', element: <RequestsPage /> },
                { path: '/settings/members', element: <MembersPage /> },
                { path: '/settings/roles', element: <RolesPage /> },
                { path: '/settings/about', element: <AboutPage /> },
                { path: '*', element: <NotFoundPage /> },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: basePath },
);
