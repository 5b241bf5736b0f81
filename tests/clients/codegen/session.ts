// What an application does with the generated types: each line stops compiling when the schema loses its meaning.
import type {
  CompaniesQuery,
  CompaniesQueryVariables,
  CreatePersonMutationVariables,
  MoveOpportunityMutationVariables,
} from "./types";
import { OpportunityStageEnum, OrderByDirection } from "./types";

export const variables: CompaniesQueryVariables = {
  first: 20,
  filter: { and: [{ employees: { gte: 10 } }, { name: { ilike: "%food%" } }, { accountOwner: { name: { firstName: { eq: "Ada" } } } }] },
  orderBy: [{ createdAt: OrderByDirection.DescNullsLast }],
};

export const person: CreatePersonMutationVariables = {
  data: {
    name: { firstName: "Ana", lastName: "Pop" },
    emails: { primaryEmail: "ana@example.com" },
    company: { connect: { where: { domainName: { primaryLinkUrl: "https://harbour.example.com" } } } },
  },
};

export const move: MoveOpportunityMutationVariables = {
  id: "00000000-0000-4000-8000-000000000001",
  data: { stage: OpportunityStageEnum.Meeting },
};

export function namesAndMails(answer: CompaniesQuery): string[] {
  const lines: string[] = [];
  for (const edge of answer.companies?.edges ?? []) {
    const company = edge.node;
    const id: string = company.id;
    const mails = (company.people?.edges ?? []).map((each) => each.node.emails?.primaryEmail ?? "");
    lines.push(`${id} ${company.name ?? ""} ${mails.join(" ")}`);
  }
  return lines;
}

// @ts-expect-error an unknown filter field is refused by the compiler
export const wrong: CompaniesQueryVariables = { filter: { nothing: { eq: 1 } } };
