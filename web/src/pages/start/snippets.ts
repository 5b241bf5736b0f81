/** The first call in each language, with this server's address; the key comes from the environment. */
import { serverUrl } from '../../api/base';

export type Language = 'curl' | 'python' | 'javascript';
export type Api = 'rest' | 'graphql';

export const REST_ROUTE = '/rest/companies?limit=3';
export const GRAPHQL_QUERY = '{ companies(first: 3) { edges { node { id name } } } }';

export function snippet(language: Language, api: Api): string {
  return SNIPPETS[language][api];
}

const SNIPPETS: Record<Language, Record<Api, string>> = {
  curl: {
    rest: `export ICOSA_KEY=…   # the key that you have made

curl -H "Authorization: Bearer $ICOSA_KEY" \\
  "${serverUrl}${REST_ROUTE}"`,
    graphql: `export ICOSA_KEY=…   # the key that you have made

curl -H "Authorization: Bearer $ICOSA_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ query: GRAPHQL_QUERY })}' \\
  "${serverUrl}/graphql"`,
  },
  python: {
    rest: `import os, requests

answer = requests.get(
    "${serverUrl}/rest/companies",
    params={"limit": 3},
    headers={"Authorization": f"Bearer {os.environ['ICOSA_KEY']}"},
)
answer.raise_for_status()
for company in answer.json()["data"]["companies"]:
    print(company["id"], company["name"])`,
    graphql: `import os, requests

answer = requests.post(
    "${serverUrl}/graphql",
    json={"query": "${GRAPHQL_QUERY}"},
    headers={"Authorization": f"Bearer {os.environ['ICOSA_KEY']}"},
)
answer.raise_for_status()
for edge in answer.json()["data"]["companies"]["edges"]:
    print(edge["node"]["id"], edge["node"]["name"])`,
  },
  javascript: {
    rest: `const answer = await fetch("${serverUrl}${REST_ROUTE}", {
  headers: { Authorization: \`Bearer \${process.env.ICOSA_KEY}\` },
});
const { data } = await answer.json();
for (const company of data.companies) console.log(company.id, company.name);`,
    graphql: `const answer = await fetch("${serverUrl}/graphql", {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.ICOSA_KEY}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ query: "${GRAPHQL_QUERY}" }),
});
const { data } = await answer.json();
for (const { node } of data.companies.edges) console.log(node.id, node.name);`,
  },
};
