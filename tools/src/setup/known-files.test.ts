import { createHash } from "node:crypto";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkKnownFiles, type KnownFolder, recordKnownFiles, stateRoot } from "./known-files.ts";
import { checkModelWeights, weightsFolder } from "./model-weights.ts";
import { ensurePackages, faceDetector } from "./optional-packages.ts";

let work: string;
let folder: KnownFolder;
const said: string[] = [];
const log = { line: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "slbench-known-"));
  process.env.SLBENCH_STATE = join(work, "state");
});
afterAll(async () => {
  delete process.env.SLBENCH_STATE;
  await rm(work, { recursive: true });
});
beforeEach(async () => {
  const root = await mkdtemp(join(work, "cache-"));
  await mkdir(join(root, "lib"));
  await writeFile(join(root, "lib", "a.jar"), "a");
  await writeFile(join(root, "b.properties"), "b");
  folder = { root, what: "the test folder", hint: "remove it" };
  said.length = 0;
});

const fault = (message: string) => ({ code: "SETUP_CHANGED", message: expect.stringContaining(message) });

describe.each([
  ["against a record", async () => recordKnownFiles(folder, log)],
  [
    "against pinned hashes",
    async () => {
      const pinned = new Map([
        ["lib/a.jar", sha256("a")],
        ["b.properties", sha256("b")],
      ]);
      folder = { ...folder, pinned };
    },
  ],
])("checkKnownFiles() %s", (_, learn) => {
  beforeEach(learn);

  it("accepts unchanged files repeatedly", async () => {
    for (let i = 0; i < 2; i++)
      expect((await checkKnownFiles(folder, log)).get("lib/a.jar")).toBe(sha256("a"));
    expect(said).toEqual([]);
  });

  it("detects a changed byte even if size and modification time are the same", async () => {
    await checkKnownFiles(folder, log);
    const file = join(folder.root, "lib", "a.jar");
    const { atime, mtime } = await stat(file);
    await writeFile(file, "A");
    await utimes(file, atime, mtime);
    for (let i = 0; i < 2; i++)
      await expect(checkKnownFiles(folder, log)).rejects.toMatchObject(fault("lib/a.jar has changed"));
  });

  it("detects added and missing files, and files that became links", async () => {
    await checkKnownFiles(folder, log);
    await writeFile(join(folder.root, "lib", "evil.jar"), "");
    await rm(join(folder.root, "b.properties"));
    await copyFile(join(folder.root, "lib", "a.jar"), join(work, "elsewhere"));
    await rm(join(folder.root, "lib", "a.jar"));
    await symlink(join(work, "elsewhere"), join(folder.root, "lib", "a.jar"));
    const result = checkKnownFiles(folder, log);
    await expect(result).rejects.toMatchObject(fault("b.properties is missing"));
    await expect(result).rejects.toMatchObject(fault("lib/a.jar has changed"));
    await expect(result).rejects.toMatchObject(fault("lib/evil.jar was added"));
  });

  it("accepts a file rewritten with the same bytes, and additional logs", async () => {
    await checkKnownFiles(folder, log);
    await writeFile(join(folder.root, "lib", "a.jar"), "a");
    await writeFile(join(folder.root, "jmeter.log"), "started");
    await checkKnownFiles(folder, log);
  });
});

describe("checkKnownFiles()", () => {
  it("logs that it records files without known hashes", async () => {
    await checkKnownFiles(folder, log);
    expect(said.join()).toContain("no recorded hashes of the test folder");
    await writeFile(join(folder.root, "lib", "a.jar"), "A");
    await expect(checkKnownFiles(folder, log)).rejects.toMatchObject(fault("a.jar has changed"));
  });

  it("keeps its records outside the checked folder, for the owner only", async () => {
    await recordKnownFiles(folder, log);
    expect((await readdir(folder.root, { recursive: true })).sort()).toEqual([
      "b.properties",
      "lib",
      "lib/a.jar",
    ]);
    const [record] = await readdir(join(stateRoot(), "known-files"));
    expect((await stat(join(stateRoot(), "known-files", record ?? ""))).mode & 0o777).toBe(0o600);
  });

  it("hashes everything each time if it cannot write records", async () => {
    const state = process.env.SLBENCH_STATE;
    process.env.SLBENCH_STATE = join(folder.root, "b.properties", "state");
    try {
      const pinned = new Map([["lib/a.jar", sha256("a")]]);
      const only = ["lib/a.jar"];
      await checkKnownFiles({ ...folder, pinned, only }, log);
      expect(said.join()).toContain("set SLBENCH_STATE");
    } finally {
      process.env.SLBENCH_STATE = state;
    }
  });
});

describe("checkModelWeights()", () => {
  it("accepts the installed weights and detects a changed byte", async () => {
    const packages = await ensurePackages(faceDetector(["wasm"]), log);
    await checkModelWeights(packages, log);
    const copy = await mkdtemp(join(work, "model-"));
    for (const name of ["ssd_mobilenetv1_model-weights_manifest.json", "ssd_mobilenetv1_model.bin"])
      await copyFile(join(weightsFolder(packages), name), join(copy, name));
    await checkModelWeights(packages, log, copy);
    const file = join(copy, "ssd_mobilenetv1_model.bin");
    const bytes = await readFile(file);
    bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(checkModelWeights(packages, log, copy)).rejects.toMatchObject(
      fault("ssd_mobilenetv1_model.bin has changed"),
    );
  });
});
