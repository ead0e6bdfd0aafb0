// Stands in for kubectl and a cluster: keeps applied objects in a folder and runs each pod as one process. Knows the
// calls that slbench makes, and fails for others. STANDIN names the folder, whose config.json is a StandinConfig.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseAllDocuments } from "yaml";

export interface StandinConfig {
  /** How each pod is started and entered, by the name of the pod. */
  readonly pods: Readonly<Record<string, StandinPod>>;
  /** Where the Secret is mounted from; owned by this user. */
  readonly secretFolder?: string;
  readonly user?: number;
}

export interface StandinPod {
  /** `{args}` and `{env}` stand for the container's. */
  readonly start: readonly string[];
  /** The command follows. */
  readonly enter: readonly string[];
  /** Path in the pod → path here. */
  readonly paths?: Readonly<Record<string, string>>;
}

interface Container {
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

interface Applied {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

const folder = process.env.STANDIN ?? "";
const file = (name: string) => join(folder, name);
const config = (): StandinConfig => JSON.parse(readFileSync(file("config.json"), "utf8"));

function objects(): readonly Applied[] {
  return existsSync(file("objects.json")) ? JSON.parse(readFileSync(file("objects.json"), "utf8")) : [];
}

function apply(text: string): void {
  const applied = parseAllDocuments(text).map((document) => document.toJS() as Applied);
  writeFileSync(file("objects.json"), JSON.stringify(applied));
  for (const one of applied) if (one.kind === "Secret") mountSecret(one);
  for (const one of applied) for (const pod of podsOf(one)) startPod(pod, one);
}

function podsOf({ kind, metadata: { name }, spec }: Applied): readonly string[] {
  if (kind === "Job") return [`${name}-x7k2p`];
  if (kind === "StatefulSet") return Array.from({ length: spec?.replicas ?? 1 }, (_, i) => `${name}-${i}`);
  return [];
}

/** As with fsGroup: readable by the pod's group, owned by root. */
function mountSecret({ stringData = {} }: Applied): void {
  const { secretFolder, user = 0 } = config();
  if (secretFolder === undefined) return;
  mkdirSync(secretFolder, { recursive: true });
  for (const [name, text] of Object.entries(stringData)) {
    writeFileSync(join(secretFolder, name), text);
    chmodSync(join(secretFolder, name), 0o440);
  }
  spawnSync("chgrp", ["-R", String(user), secretFolder]);
}

function startPod(pod: string, { spec }: Applied): void {
  const [container] = spec?.template?.spec.containers ?? [];
  const start = (config().pods[pod]?.start ?? []).flatMap((word) =>
    word === "{args}"
      ? (container?.args ?? [])
      : word === "{env}"
        ? (container?.env ?? []).flatMap(({ name, value }) => ["--env", `${name}=${value}`])
        : [word],
  );
  const log = openSync(file(`${pod}.log`), "a");
  const child = spawn(start[0]!, start.slice(1), { detached: true, stdio: ["ignore", log, log] });
  writeFileSync(file(`${pod}.pid`), String(child.pid));
  child.unref();
}

const isAlive = (pod: string) => {
  try {
    process.kill(Number(readFileSync(file(`${pod}.pid`), "utf8")), 0);
    return true;
  } catch {
    return false;
  }
};

/** @returns the exit code */
function enter(pod: string, command: readonly string[]): number {
  if (!isAlive(pod)) return fail(`pods "${pod}" not found`);
  const { enter: prefix, paths = {} } = config().pods[pod]!;
  const translate = (text: string) =>
    Object.entries(paths).reduce((done, [inside, here]) => done.replaceAll(inside, here), text);
  const [program = "", ...args] = [...prefix, ...command.map(translate)];
  return spawnSync(program, args, { stdio: "inherit" }).status ?? 1;
}

function fail(message: string): number {
  process.stderr.write(`Error from server (NotFound): ${message}\n`);
  return 1;
}

async function logs(pod: string): Promise<number> {
  let printed = 0;
  for (;;) {
    const running = isAlive(pod);
    const text = readFileSync(file(`${pod}.log`));
    process.stdout.write(text.subarray(printed));
    printed = text.length;
    if (!running) return 0;
    await new Promise((done) => setTimeout(done, 100));
  }
}

function remove(): void {
  for (const pod of objects().flatMap(podsOf)) {
    if (isAlive(pod)) process.kill(-Number(readFileSync(file(`${pod}.pid`), "utf8")), "SIGKILL");
  }
  rmSync(file("objects.json"), { force: true });
}

async function main(args: readonly string[]): Promise<number> {
  writeFileSync(file("calls"), `${JSON.stringify(args)}\n`, { flag: "a" });
  const [verb, ...rest] = args.filter((word, i) => !isGlobal(word) && !isGlobal(args[i - 1] ?? ""));
  const job = objects().find(({ kind }) => kind === "Job");
  if (verb === "apply") {
    apply(readFileSync(rest[1] === "-" ? 0 : (rest[1] ?? ""), "utf8"));
    return 0;
  }
  if (verb === "rollout") return 0;
  if (verb === "get" && rest[0] === "job") {
    if (job?.metadata.name === rest[1]) process.stdout.write(`job.batch/${rest[1]}\n`);
    return 0;
  }
  if (verb === "get" && rest[0] === "pods") {
    const [pod = ""] = job === undefined ? [] : podsOf(job);
    process.stdout.write(`${pod} ${isAlive(pod) ? "Running" : "Failed"}`);
    return 0;
  }
  if (verb === "exec") {
    const cut = rest.indexOf("--");
    return enter(rest.slice(0, cut).find((word) => !word.startsWith("-"))!, rest.slice(cut + 1));
  }
  if (verb === "logs") return logs(rest.filter((word) => !word.startsWith("-"))[0]!);
  if (verb === "delete") {
    remove();
    return 0;
  }
  throw new Error(`the stand-in does not know: kubectl ${args.join(" ")}`);
}

const isGlobal = (word: string) => word === "--namespace" || word === "--context";

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.exitCode = await main(process.argv.slice(2));
