#!/usr/bin/env node
// The oldest Node that `engines` in package.json allows. Older ones lack what the imports below need.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  process.stderr.write(
    `slbench: needs Node 20.20 or newer, found ${process.versions.node}\n  Next: install a newer Node\n`,
  );
  process.exit(1);
}
const { runBuilt, runSources } = await import("./bootstrap.mjs");
if (!(await runBuilt())) runSources();
