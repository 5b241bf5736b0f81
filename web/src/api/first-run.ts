/** From an empty server to a workspace (contract: auth.md section 6, "First run"). */
import { useQuery } from '@tanstack/react-query';
import { addressOf } from './base';
import { gql, metadata } from './metadata';
import { enter, keep, openCall, reach, signInWith } from './session';

export interface FirstRun {
  workspaceName: string;
  firstName: string;
  lastName: string;
  email: string;
  password: string;
  locale: string;
  setupToken: string | null;
  withSampleData: boolean;
}

type Pair = Parameters<typeof keep>[0];

const SIGN_UP = gql`mutation (
  $email: String!, $password: String!, $firstName: String, $lastName: String, $locale: String, $setupToken: String
) {
  signUp(
    email: $email, password: $password, firstName: $firstName, lastName: $lastName, locale: $locale
    setupToken: $setupToken
  ) {
    tokens { accessOrWorkspaceAgnosticToken { token expiresAt } refreshToken { token expiresAt } }
  }
}`;
const FOUND = gql`mutation ($input: SignUpInNewWorkspaceInput!) {
  signUpInNewWorkspace(input: $input) { loginToken { token } }
}`;
const ACTIVATE = gql`mutation ($data: ActivateWorkspaceInput!) { activateWorkspace(data: $data) { id } }`;

interface ClientConfig {
  setup?: { isNeeded: boolean; isTokenRequired: boolean };
}

/** Whether the form has to ask for the token that the server has written to its log. */
export function useSetupTokenNeeded() {
  return useQuery({
    queryKey: ['client-config'],
    queryFn: async () => (await (await reach(addressOf('/client-config'), {})).json()) as ClientConfig,
    select: (config) => config.setup?.isTokenRequired ?? false,
  });
}

/** Does the four calls that make an account and its workspace, and leaves the person signed in. */
export async function foundWorkspace(wish: FirstRun): Promise<void> {
  const { workspaceName, withSampleData, ...person } = wish;
  const made = await openCall<{ signUp: { tokens: Pair } }>(SIGN_UP, person);
  keep(made.signUp.tokens, false);
  const founded = await metadata<{ signUpInNewWorkspace: { loginToken: { token: string } } }>(FOUND, {
    input: { displayName: workspaceName },
  });
  await signInWith(founded.signUpInNewWorkspace.loginToken.token, false);
  await metadata(ACTIVATE, { data: { withSampleData } });
  enter();
}
