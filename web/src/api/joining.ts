/** Coming in by a link: an invitation, or a new password (contract: auth.md section 6). */
import { gql } from './metadata';
import { openCall, signInWith } from './session';

export interface Invitation {
  email: string;
  workspace: { displayName: string | null };
}

export interface Joining {
  token: string;
  email: string;
  password: string;
  firstName: string;
  lastName: string;
  locale: string;
}

const INVITATION = gql`query ($token: String!) {
  findInvitation(token: $token) { email workspace { displayName } }
}`;
const JOIN = gql`mutation (
  $email: String!, $password: String!, $token: String, $firstName: String, $lastName: String, $locale: String
) {
  signUpInWorkspace(
    email: $email, password: $password, workspacePersonalInviteToken: $token, firstName: $firstName
    lastName: $lastName, locale: $locale
  ) { loginToken { token } }
}`;
const ASK = gql`mutation ($email: String!) { emailPasswordResetLink(email: $email) { success } }`;
const CHECK = gql`query ($token: String!) { validatePasswordResetToken(passwordResetToken: $token) { email } }`;
const RESET = gql`mutation ($token: String!, $password: String!) {
  updatePasswordViaResetToken(passwordResetToken: $token, newPassword: $password) { success }
}`;

/** Returns where an invitation leads to; raises ApiError for one that does not hold any more. */
export async function findInvitation(token: string): Promise<Invitation> {
  return (await openCall<{ findInvitation: Invitation }>(INVITATION, { token })).findInvitation;
}

/** Makes an account in the workspace that has invited, and signs in with it. */
export async function join(wish: Joining): Promise<void> {
  const made = await openCall<{ signUpInWorkspace: { loginToken: { token: string } } }>(JOIN, { ...wish });
  await signInWith(made.signUpInWorkspace.loginToken.token);
}

/** Has a link sent to an address, if somebody has it. */
export async function askForReset(email: string): Promise<void> {
  await openCall(ASK, { email });
}

/** Returns whose password a link may set; raises ApiError for one that does not hold any more. */
export async function checkReset(token: string): Promise<string> {
  const told = await openCall<{ validatePasswordResetToken: { email: string } }>(CHECK, { token });
  return told.validatePasswordResetToken.email;
}

export async function resetPassword(token: string, password: string): Promise<void> {
  await openCall(RESET, { token, password });
}
