import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { basePath } from './api/base';
import { PageProblem } from './shell/PageProblem';
import { RequireSession } from './shell/RequireSession';

const Shell = lazy(() => import('./shell/Shell'));
const SignInPage = lazy(() => import('./pages/SignInPage'));
const StartPage = lazy(() => import('./pages/start/StartPage'));
const InvitePage = lazy(() => import('./pages/InvitePage'));
const ResetPasswordPage = lazy(() => import('./pages/ResetPasswordPage'));
const WelcomePage = lazy(() => import('./pages/WelcomePage'));
const NotFoundPage = lazy(() => import('./pages/NotFoundPage'));
const ObjectsPage = lazy(() => import('./pages/objects/ObjectsPage'));
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

/** All pages; which of them need a session stands here and nowhere else. */
export function Pages() {
  return (
    <BrowserRouter basename={basePath.replace(/(.)\/$/, '$1')}>
      <PageProblem>
        <Suspense fallback={null}>
          <Routes>
            <Route path="/welcome" element={<WelcomePage />} />
            <Route path="/sign-in" element={<SignInPage />} />
            <Route path="/invite" element={<InvitePage />} />
            <Route path="/reset-password" element={<ResetPasswordPage />} />
            <Route element={<RequireSession />}>
              <Route path="/settings/playground/:api/:schema" element={<PlaygroundPage />} />
              <Route element={<Shell />}>
                <Route path="/" element={<StartPage />} />
                <Route path="/objects" element={<ObjectsPage />} />
                <Route path="/objects/:namePlural" element={<RecordsPage />} />
                <Route path="/objects/:namePlural/:id" element={<RecordPage />} />
                <Route path="/settings/data-model" element={<DataModelPage />} />
                <Route path="/settings/data-model/:namePlural" element={<ObjectPage />} />
                <Route path="/settings/api-webhooks" element={<OverviewPage />} />
                <Route path="/settings/api-webhooks/apis/new" element={<NewKeyPage />} />
                <Route path="/settings/api-webhooks/apis/:id" element={<KeyPage />} />
                <Route path="/settings/api-webhooks/webhooks/new" element={<NewWebhookPage />} />
                <Route path="/settings/api-webhooks/webhooks/:id" element={<WebhookPage />} />
                <Route path="/settings/api-webhooks/webhooks/:id/deliveries/:deliveryId" element={<DeliveryPage />} />
                <Route path="/settings/requests" element={<RequestsPage />} />
                <Route path="/settings/members" element={<MembersPage />} />
                <Route path="/settings/roles" element={<RolesPage />} />
                <Route path="/settings/about" element={<AboutPage />} />
                <Route path="*" element={<NotFoundPage />} />
              </Route>
            </Route>
          </Routes>
        </Suspense>
      </PageProblem>
    </BrowserRouter>
  );
}
