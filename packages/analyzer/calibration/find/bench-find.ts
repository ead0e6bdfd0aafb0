/**
 * Runs `slbench find` and its rivals on simulated hosts whose true load is known, and writes the table into
 * docs/find.md. Fails if a target of the search does not hold.
 *
 * npm run bench:find [-- --threads 1] [--searches 200] [--sweeps 40] [--hosts 0,1] [--out docs/find.md]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { onThreads } from "../threads.ts";
import { missedTargets, renderFindPart } from "./page.ts";
import { type FindResult, type FindTask, FULL_FIND, runFindSuite } from "./suite.ts";

const { values: options } = parseArgs({
  options: {
    threads: { type: "string", default: "1" },
    searches: { type: "string", default: String(FULL_FIND.searches) },
    sweeps: { type: "string", default: String(FULL_FIND.sweeps) },
    hosts: { type: "string" },
    out: { type: "string", default: fileURLToPath(new URL("../../../../docs/find.md", import.meta.url)) },
  },
});
const size = {
  ...FULL_FIND,
  ...{ searches: Number(options.searches), sweeps: Number(options.sweeps) },
  ...(options.hosts !== undefined && { hosts: options.hosts.split(",").map(Number) }),
};

const results = await runFindSuite(
  size,
  onThreads<FindTask, FindResult>(
    new URL("./worker.ts", import.meta.url),
    Number(options.threads),
    showProgress,
  ),
);
for (const { host, margins } of results)
  if (!(margins[0] > 0 && margins[1] <= 0))
    throw new Error(
      `${host.function.name}: the goal does not hold up to a load of ${host.trueLoad}: ${margins}`,
    );
writePart(options.out, renderFindPart(results, size));
process.stdout.write(`written: ${options.out}\n`);
const missed = missedTargets(results);
for (const { host, target, found } of missed)
  process.stdout.write(`MISSED ${host}: ${target}; found ${found}\n`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** Replaces what stands between the page's two marks. */
function writePart(file: string, part: string): void {
  const page = readFileSync(file, "utf8");
  const [from, to] = ["<!-- bench:find -->", "<!-- /bench:find -->"].map((mark) => page.indexOf(mark));
  if (from === undefined || to === undefined || from < 0 || to < from)
    throw new Error(`${file} has no part between <!-- bench:find --> and <!-- /bench:find -->`);
  writeFileSync(file, `${page.slice(0, from)}<!-- bench:find -->\n\n${part}\n\n${page.slice(to)}`);
}

function showProgress(task: FindTask, done: number, of: number): void {
  if (done % 10 === 0 || done === of)
    process.stdout.write(`${done} of ${of} parts (${task.kind === "truth" ? "truth" : task.procedure})\n`);
}
