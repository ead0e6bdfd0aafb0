import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderExperimentDocs } from "./experiment-docs.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

it("docs/experiment.md matches the schema (npm run docs writes it)", () => {
  const schema = JSON.parse(read("packages/jmeter-plans/experiment.schema.json"));
  expect(read("docs/experiment.md")).toBe(renderExperimentDocs(schema));
});

it("shows types, limits, defaults and the fields of blocks", () => {
  const text = renderExperimentDocs({
    properties: {
      name: { type: "string", description: "Names it" },
      load: {
        description: "What users do",
        properties: {
          users: {
            anyOf: [
              { type: "integer", exclusiveMinimum: 0 },
              { type: "array", items: { type: "integer" } },
            ],
          },
          arrivals: { properties: { process: { enum: ["poisson", "constant"], default: "poisson" } } },
        },
        required: ["users"],
      },
    },
    required: ["name"],
  });
  expect(text).toContain("| `name` | string | Names it (required) |");
  expect(text).toContain("## load\n\nWhat users do.\n");
  expect(text).toMatch(/\| `users` +\| integer > 0 or list of integer \| \(required\) +\|/);
  expect(text).toMatch(/\| `arrivals.process` \| `poisson`, `constant` +\| \(default: `"poisson"`\) \|/);
});
