// Compiled, never run: what a client may say of the types that the documents make.
import type { components, operations, paths } from "./core.js";
import type { paths as MetadataPaths } from "./metadata.js";

type Company = components["schemas"]["CompanyForResponse"];
type Page = operations["findManyCompanies"]["responses"][200]["content"]["application/json"];

export const made: components["schemas"]["Company"] = {
  name: "Acme",
  domainName: { primaryLinkUrl: "https://acme.example.com" },
  annualRevenue: { amountMicros: 1500000, currencyCode: "EUR" },
};
export const query: paths["/companies"]["get"]["parameters"]["query"] = { limit: 3, depth: 1, order_by: "name" };
export const names = (page: Page): string[] => page.data.companies.map((each: Company) => each.name);
export const deleted = (each: Company): boolean => each.deletedAt !== null;
export const webhooks = (
  all: MetadataPaths["/webhooks"]["get"]["responses"][200]["content"]["application/json"],
): string[] => all.map((each) => each.targetUrl);

// @ts-expect-error a text is never null in an answer, so it is no error to read it; null is no text
export const nothing: Company["name"] = null;
// @ts-expect-error there is no such option
export const stage: components["schemas"]["OpportunityStageEnum"] = "NO_SUCH_STAGE";
