import { createHash } from "node:crypto";
import {
  access,
  cp,
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
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseReport } from "@slbench/client";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { type ClientExecutable, copyClient, ensureClientExecutable, hashSources } from "./client.ts";
import { bunCompiler } from "./client-bun.ts";
import { nodeCompiler } from "./client-node.ts";
import { hostPlatform, parsePlatform, platformOfUname } from "./platform.ts";

let root: string;
let server: Server;
const said: string[] = [];
const log = { line: (text: string) => said.push(text), warn: (text: string) => said.push(text) };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "slbench-client-"));
  process.env.SLBENCH_CACHE = join(root, "cache");
  process.env.SLBENCH_STATE = join(root, "state");
  await writeFile(join(root, "1.jpg"), "a frame");
  server = createServer((request, response) => {
    request
      .resume()
      .on("end", () => response.end('{"image":"/9j/","faces":[],"mlSeconds":0.05,"totalSeconds":0.06}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  delete process.env.SLBENCH_CACHE;
  delete process.env.SLBENCH_STATE;
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

/** Runs an executable where it finds neither Node nor npm packages. */
async function runAlone({ path }: ClientExecutable, ...args: string[]) {
  const options = { cwd: root, env: { PATH: "/nowhere" }, extendEnv: false, reject: false } as const;
  return execa(path, args, options);
}

describe("ensureClientExecutable()", () => {
  test.each(["bun", "node"] as const)(
    "compiles a self-contained client with %s, once",
    async (choice) => {
      const client = await ensureClientExecutable(log, choice);
      expect(client.builtWith).toMatch(new RegExp(`^${choice} \\d`));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const request = join(root, "request.json");
      const spec = { schema: "slbench.request/1", url, response: { form: "slblur-json" } };
      await writeFile(request, JSON.stringify(spec));
      const { exitCode, stdout } = await runAlone(
        client,
        "--request",
        request,
        "--payloads",
        ".",
        "--count",
        "2",
      );
      expect(exitCode).toBe(0);
      const parsed = parseReport(stdout);
      expect(parsed.kind === "json" && parsed.report.requests.map(({ outcome }) => outcome)).toEqual([
        "ok",
        "ok",
      ]);
      const build = parsed.kind === "json" ? parsed.report.client.build : "";
      expect(build).toMatch(/^[0-9a-f]{16}$/);
      expect(client.path).toContain(build);
      expect((await runAlone(client, "--version")).stdout).toContain(`(build ${build}, ${choice} `);

      const before = said.length;
      expect(await ensureClientExecutable(log, choice)).toEqual(client);
      expect(said).toHaveLength(before);
    },
    120_000,
  );

  it("needs no compiler for an executable in the cache", async () => {
    const client = await ensureClientExecutable(log, "bun");
    const unreachable = async () => {
      throw new Error("npm cannot be reached");
    };
    const offline = () => ({ ...bunCompiler(), prepare: unreachable, compile: unreachable });
    expect(await ensureClientExecutable(log, "auto", { bun: offline, node: nodeCompiler })).toEqual(client);
  });

  it("throws SETUP_CHANGED if a byte of the executable has changed", async () => {
    const client = await ensureClientExecutable(log, "bun");
    const bytes = await readFile(client.path);
    const at = bytes.length >> 1;
    const { atime, mtime } = await stat(client.path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(client.path, bytes);
    await utimes(client.path, atime, mtime);
    await expect(ensureClientExecutable(log, "bun")).rejects.toMatchObject({
      code: "SETUP_CHANGED",
      message: expect.stringContaining("slbench-client has changed"),
    });
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(client.path, bytes);
    expect(await ensureClientExecutable(log, "bun")).toEqual(client);
  });

  it("has another build for each change of a source, also in a folder, and for no other file", async () => {
    const folder = join(root, "sources", "src");
    await mkdir(join(folder, "http", "socket"), { recursive: true });
    await writeFile(join(folder, "..", "package.json"), "{}");
    const names = ["main.ts", "http/client.ts", "http/socket/tls.ts"];
    const others = ["http/client.test.ts", "http/client.d.ts", "http/notes.md"];
    for (const name of [...names, ...others]) await writeFile(join(folder, name), "1");
    const build = () => hashSources(folder, "bun");
    for (const [changed, isSource] of [
      ...names.map((name) => [name, true] as const),
      ...others.map((name) => [name, false] as const),
    ]) {
      const before = await build();
      await writeFile(join(folder, changed), "2");
      expect([changed, (await build()) !== before]).toEqual([changed, isSource]);
    }
  });

  it("compiles the same bytes from clones in different folders", async () => {
    const clone = join(root, "another", "place", "of-a-longer-name");
    const client = join(clone, "packages", "client");
    const repository = fileURLToPath(new URL("../../../", import.meta.url));
    await cp(join(repository, "packages", "client", "src"), join(client, "src"), { recursive: true });
    await cp(join(repository, "packages", "client", "package.json"), join(client, "package.json"));
    await symlink(join(repository, "node_modules"), join(clone, "node_modules"));
    const hashes = await Promise.all(
      [join(repository, "packages", "client"), client].map(async (folder, index) => {
        const work = await mkdtemp(join(root, `build-${"x".repeat(9 * index)}`));
        const target = join(work, "slbench-client");
        const bun = bunCompiler();
        await bun.compile(join(folder, "src", "main.ts"), "a build", target, work);
        return createHash("sha256")
          .update(await readFile(target))
          .digest("hex");
      }),
    );
    expect(hashes[1]).toBe(hashes[0]);
  }, 120_000);

  it("leaves nothing but the executable in the cache", async () => {
    const entries = await readdir(join(root, "cache", "client"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    expect(new Set(files)).toEqual(new Set(["slbench-client"]));
    expect(entries.some((entry) => entry.name.startsWith("build-"))).toBe(false);
  });

  it("falls back to Node with a warning if bun is not available", async () => {
    const missing = () => ({
      ...bunCompiler(),
      recipe: "a bun that is not there",
      prepare: async () => {
        throw new SlbenchError<ToolErrorCode>("SETUP_NO_BUN", "npm installed no bun for plan9 mips", {
          hint: "run npm install again",
        });
      },
    });
    const standIn = {
      ...nodeCompiler(),
      compile: (_: string, __: string, target: string) => writeFile(target, "x"),
    };
    const compilers = { bun: missing, node: () => ({ ...standIn, recipe: "for this test" }) };
    const client = await ensureClientExecutable(log, "auto", compilers);
    expect(client.builtWith).toMatch(/^node .*single executable$/);
    expect(said.join("\n")).toMatch(/WARNING: npm installed no bun for plan9 mips/);
    await expect(ensureClientExecutable(log, "bun", compilers)).rejects.toMatchObject({
      code: "SETUP_NO_BUN",
    });
  });

  it("throws SETUP_CLIENT_BUILD if compiling fails, and leaves no files", async () => {
    const bun = bunCompiler();
    const broken = { ...bun, recipe: "broken" };
    const compile: typeof broken.compile = (_, build, target, work) =>
      bun.compile(join(root, "missing.ts"), build, target, work);
    const compilers = { bun: () => ({ ...broken, compile }), node: nodeCompiler };
    await expect(ensureClientExecutable(log, "bun", compilers)).rejects.toMatchObject({
      code: "SETUP_CLIENT_BUILD",
    });
    const left = await readdir(join(root, "cache", "client"), { recursive: true });
    expect(left.filter((name) => name.includes("build-"))).toEqual([]);
  });

  it("compiles for another platform: the same build, another executable", async () => {
    const other = hostPlatform() === "linux-arm64" ? "linux-x64" : "linux-arm64";
    const here = await ensureClientExecutable(log, "bun");
    const there = await ensureClientExecutable(log, "bun", undefined, other);
    expect(there).toMatchObject({ build: here.build, builtWith: here.builtWith });
    expect(there.sha256).not.toBe(here.sha256);
    const head = (await readFile(there.path)).subarray(0, 20);
    expect(head.subarray(0, 4).toString("latin1")).toBe("\x7fELF");
    // e_machine. @see System V ABI, ELF header
    expect(head.readUInt16LE(18)).toBe(other === "linux-arm64" ? 0xb7 : 0x3e);
    expect(() => nodeCompiler(other)).toThrow(`only bun compiles the client for ${other}`);
  });

  test.each([
    ["Linux x86_64", "linux-x64"],
    ["Linux aarch64\n", "linux-arm64"],
    ["Darwin arm64", "darwin-arm64"],
  ])("platformOfUname(%j) is %s", (said, platform) => {
    expect(platformOfUname(said)).toBe(platform);
  });

  it("rejects platforms without a worker", () => {
    expect(() => platformOfUname("Plan9 mips")).toThrow('unsupported platform of the worker: "Plan9 mips"');
    expect(() => parsePlatform("win32-x64")).toThrow(SlbenchError);
  });
});

describe("copyClient()", () => {
  it("copies the executable to another path", async () => {
    const client = await ensureClientExecutable(log, "bun");
    const copy = await copyClient(client, join(root, "elsewhere", "slbench-client"));
    await access(copy.path);
    expect((await runAlone(copy, "--version")).stdout).toContain("slbench-client 0.1.0");
    await expect(copyClient(client, root)).rejects.toMatchObject({ code: "FILE_FOLDER" });
    await expect(copyClient(client, join(copy.path, "x"))).rejects.toMatchObject({ code: "FILE_FOLDER" });
  });
});
