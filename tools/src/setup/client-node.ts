import { chmod, copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { ClientCompiler } from "./client-compiler.ts";
import { ensurePackages, nodeBundler } from "./optional-packages.ts";
import { hostPlatform, type Platform } from "./platform.ts";
import { type SetupLog, stderrLog } from "./steps.ts";

/** Marks where Node looks for an embedded program. @see Node's documentation, "Single executable applications" */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Compiles to a Node single executable: this Node with the client's bundle embedded. */
export function nodeCompiler(platform: Platform = hostPlatform(), log: SetupLog = stderrLog): ClientCompiler {
  if (platform !== hostPlatform()) {
    throw new SlbenchError<ToolErrorCode>("SETUP_NO_BUN", `only bun compiles the client for ${platform}`, {
      hint: "run npm install again, or create the bundle on such a machine",
    });
  }
  const name = `node ${process.versions.node}`;
  return {
    name: `${name}, single executable`,
    recipe: `${name} sea`,
    async prepare() {
      await ensurePackages(nodeBundler, log);
    },
    async compile(entry, build, target, work) {
      const { resolve } = createRequire(await ensurePackages(nodeBundler, log));
      try {
        const { rolldown } = (await import(
          pathToFileURL(resolve("rolldown")).href
        )) as typeof import("rolldown");
        const bundle = await rolldown({
          input: entry,
          platform: "node",
          transform: { define: { SLBENCH_BUILD: JSON.stringify(build) } },
        });
        const file = join(work, "client.cjs");
        await bundle.write({ file, format: "cjs", codeSplitting: false, minify: true });
        await bundle.close();
        const config = join(work, "sea.json");
        const output = join(work, "client.blob");
        const options = { main: file, output, disableExperimentalSEAWarning: true, useCodeCache: true };
        await writeFile(config, JSON.stringify(options));
        await execa(process.execPath, ["--experimental-sea-config", config], {
          stdin: "ignore",
          timeout: 60_000,
        });
        await copyFile(process.execPath, target);
        await chmod(target, 0o755);
        // Run postject's program: its function writes warnings about Node's file to our standard error.
        const postject = resolve("postject/dist/cli.js");
        await execa(process.execPath, [postject, target, "NODE_SEA_BLOB", output, "--sentinel-fuse", FUSE], {
          stdin: "ignore",
          timeout: 60_000,
        });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new SlbenchError<ToolErrorCode>(
          "SETUP_CLIENT_BUILD",
          `Node's single executable failed: ${why.slice(0, 300)}`,
          {
            hint: "run npm install again, then slbench setup",
            cause,
          },
        );
      }
    },
  };
}
