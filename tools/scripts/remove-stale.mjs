// Removes what the compiler once built from sources that have gone since: `tsc -b` leaves it, and npm would ship it.
import { existsSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projects, workspaceRoot } from "../bin/bootstrap.mjs";

for (const project of projects) {
  const dist = join(workspaceRoot, project, "dist");
  for (const file of globSync("**/*.d.ts", { cwd: dist })) {
    const stem = file.slice(0, -".d.ts".length);
    if (existsSync(join(workspaceRoot, project, "src", `${stem}.ts`))) continue;
    for (const ending of [".d.ts", ".js", ".js.map"]) rmSync(join(dist, stem + ending), { force: true });
  }
}
