// Writes the generated pages: docs/cli.md and the manual page from the command line, docs/experiment.md from the schema of
// experiments. Tests compare them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { renderCliDocs } from "../src/help/cli-docs.ts";
import { renderExperimentDocs } from "../src/help/experiment-docs.ts";
import { renderManPage } from "../src/help/man-page.ts";
import { createProgram } from "../src/program.ts";

const program = await createProgram();
writeFileSync(new URL("../../docs/cli.md", import.meta.url), renderCliDocs(program));
const manual = new URL("../man/slbench.1", import.meta.url);
mkdirSync(new URL(".", manual), { recursive: true });
writeFileSync(manual, renderManPage(program));
const schema = readFileSync(
  new URL("../../packages/jmeter-plans/experiment.schema.json", import.meta.url),
  "utf8",
);
writeFileSync(new URL("../../docs/experiment.md", import.meta.url), renderExperimentDocs(JSON.parse(schema)));
