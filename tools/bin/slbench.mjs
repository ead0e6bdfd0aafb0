#!/usr/bin/env node
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { become, installWorkspace, nodeBinary, nodeFlags, workspaceRoot } from "./bootstrap.mjs";

installWorkspace();
const toolsDir = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(toolsDir, "src", "main.ts");
const args = process.argv.slice(2);
const flags = nodeFlags(args[0]);
if (workspaceRoot !== undefined && existsSync(source)) {
  become(nodeBinary(), [
    ...flags,
    "--conditions=@slbench/source",
    "--disable-warning=ExperimentalWarning",
    source,
    ...args,
  ]);
} else {
  become(nodeBinary(), [...flags, join(toolsDir, "dist", "main.js"), ...args]);
}
