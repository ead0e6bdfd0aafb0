#!/usr/bin/env node
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { become, installWorkspace, nodeBinary, workspaceRoot } from "./bootstrap.mjs";

installWorkspace();
const toolsDir = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(toolsDir, "src", "main.ts");
const args = process.argv.slice(2);
if (workspaceRoot !== undefined && existsSync(source)) {
  become(nodeBinary(), [
    "--conditions=@slbench/source",
    "--disable-warning=ExperimentalWarning",
    source,
    ...args,
  ]);
} else {
  become(nodeBinary(), [join(toolsDir, "dist", "main.js"), ...args]);
}
