import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const PROJECTS = [
  "packages/client",
  "packages/handler",
  "packages/jmeter-plans",
  "packages/analyzer",
  "tools",
];
const LOCK = '{ "lockfileVersion": 3 }\n';
/** Times of files, in seconds: sources, then what was built and installed from them, then changes. */
const [BEFORE, BUILT, AFTER] = [1_700_000_000, 1_700_000_100, 1_700_000_200];

let clone = "";

/** A clone with nothing in it but the launcher, built and installed. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "slbench-clone-"));
  cpSync(fileURLToPath(new URL("../bin", import.meta.url)), join(clone, "tools", "bin"), { recursive: true });
  write("nx.json", "{}", BEFORE);
  write("package-lock.json", LOCK, BEFORE);
  write("node_modules/.slbench-install", createHash("sha256").update(LOCK).digest("hex"), BUILT);
  write("bin/npm", "#!/bin/sh\nexit 1\n", BEFORE);
  chmodSync(join(clone, "bin", "npm"), 0o755);
  for (const project of PROJECTS) {
    for (const name of ["main.ts", "main.test.ts", "part/other.ts"])
      write(`${project}/src/${name}`, 'console.log("sources");\n', BEFORE);
    for (const folder of ["src", "src/part"]) touch(`${project}/${folder}`, BEFORE);
    write(`${project}/dist/.tsbuildinfo`, "{}", BUILT);
  }
  write("tools/package.json", '{ "type": "module" }', BEFORE);
  write("tools/dist/bundle/main.js", 'console.log("built");\n', BUILT);
});
afterEach(() => rmSync(clone, { recursive: true }));

function touch(path: string, seconds: number): void {
  utimesSync(join(clone, path), seconds, seconds);
}

function write(path: string, text: string, seconds: number): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
  touch(path, seconds);
}

function launch() {
  return spawnSync(process.execPath, [join(clone, "tools", "bin", "slbench.mjs")], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(clone, "bin")}:${process.env.PATH}`, SLBENCH_CACHE: clone },
  });
}

it("runs the built files", () => {
  expect(launch()).toMatchObject({ stdout: "built\n", stderr: "", status: 0 });
});

it.each(["tools/src/main.ts", "packages/client/src/part/other.ts", "packages/analyzer/src/part"])(
  "runs the sources if %s changed after the build",
  (path) => {
    touch(path, AFTER);
    expect(launch()).toMatchObject({ stdout: "sources\n", status: 0 });
  },
);

it("runs the built files if only a test changed", () => {
  touch("packages/analyzer/src/main.test.ts", AFTER);
  expect(launch()).toMatchObject({ stdout: "built\n", status: 0 });
});

it.skipIf(process.platform === "win32")(
  "runs what nx restored from its cache, older than the sources",
  () => {
    touch("tools/src/main.ts", AFTER);
    write("node_modules/vitest/package.json", "{}", BEFORE);
    write("node_modules/.bin/nx", "#!/bin/sh\n", BEFORE);
    chmodSync(join(clone, "node_modules", ".bin", "nx"), 0o755);
    const build = spawnSync(process.execPath, [join(clone, "tools", "bin", "workspace.mjs"), "build"]);
    expect(build.status).toBe(0);
    expect(launch()).toMatchObject({ stdout: "built\n", status: 0 });
  },
);

it("does not install again if package-lock.json was written again unchanged", () => {
  touch("package-lock.json", AFTER);
  expect(launch()).toMatchObject({ stdout: "built\n", stderr: "", status: 0 });
});

it.skipIf(process.platform === "win32")("installs if package-lock.json changed", () => {
  write("package-lock.json", '{ "lockfileVersion": 4 }\n', AFTER);
  const { stderr, status } = launch();
  expect(stderr).toContain("installing npm packages");
  expect(stderr).toContain("'npm install");
  expect(status).toBe(1);
});

it.skipIf(process.platform === "win32")("installs if nothing was installed", () => {
  rmSync(join(clone, "node_modules"), { recursive: true });
  expect(launch()).toMatchObject({ status: 1, stderr: expect.stringContaining("installing npm packages") });
});
