// Writes docs/cli.md and the manual page from the command line; tests compare them.
import { mkdirSync, writeFileSync } from "node:fs";
import { renderCliDocs } from "../src/cli-docs.ts";
import { renderManPage } from "../src/man-page.ts";
import { createProgram } from "../src/program.ts";

writeFileSync(new URL("../../docs/cli.md", import.meta.url), renderCliDocs(createProgram()));
const manual = new URL("../man/slbench.1", import.meta.url);
mkdirSync(new URL(".", manual), { recursive: true });
writeFileSync(manual, renderManPage(createProgram()));
