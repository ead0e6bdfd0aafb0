// Writes docs/cli.md from the command line; a test compares the two.
import { writeFileSync } from "node:fs";
import { renderCliDocs } from "../src/cli-docs.ts";
import { createProgram } from "../src/program.ts";

writeFileSync(new URL("../../docs/cli.md", import.meta.url), renderCliDocs(createProgram()));
