import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";

/** A controller and two workers, each in a network namespace of its own, joined by a bridge. Needs root and iproute2. */
export interface TestNetwork {
  /** Names of the namespaces. */
  readonly controller: string;
  readonly workers: readonly [string, string];
  /** The first three numbers of all addresses: `10.77.31`. */
  readonly prefix: string;
}

/** Runs a shell script; returns its standard output. @throws what execFileSync() throws if a command fails */
export const sh = (script: string): Buffer =>
  execFileSync("sh", ["-ec", script], { stdio: ["ignore", "pipe", "pipe"] });

/** Whether a shell script succeeds. */
export function can(script: string): boolean {
  try {
    sh(script);
    return true;
  } catch {
    return false;
  }
}

/** Names that no other process uses: of the controller, then of two workers. */
export function namespaceNames(tag: string): Pick<TestNetwork, "controller" | "workers"> {
  return { controller: `slbm${tag}`, workers: [`slba${tag}`, `slbb${tag}`] };
}

/** Whether this process may make network namespaces. */
export const canMakeNamespaces = (tag: string): boolean =>
  can(`ip netns add ${tag}probe && ip netns del ${tag}probe`);

export const controllerAddress = ({ prefix }: Pick<TestNetwork, "prefix">): string => `${prefix}.1`;

export const workerAddress = ({ prefix }: Pick<TestNetwork, "prefix">, index: number): string =>
  `${prefix}.${index + 2}`;

export function makeNetwork(network: TestNetwork): void {
  const { controller } = network;
  sh(`ip netns add ${controller}; ip -n ${controller} link set lo up
    ip -n ${controller} link add br0 type bridge
    ip -n ${controller} addr add ${controllerAddress(network)}/24 dev br0
    ip -n ${controller} link set br0 up`);
  for (const [index, name] of network.workers.entries())
    sh(`ip netns add ${name}; ip -n ${name} link set lo up
      ip -n ${controller} link add veth${index} type veth peer name eth0 netns ${name}
      ip -n ${controller} link set veth${index} master br0 up
      ip -n ${name} addr add ${workerAddress(network, index)}/24 dev eth0
      ip -n ${name} link set eth0 up`);
}

/** Ends every process in the namespaces, and removes them. */
export function removeNetwork({ controller, workers }: TestNetwork): void {
  for (const name of [controller, ...workers]) {
    can(`ip netns pids ${name} | xargs -r kill -9`);
    can(`ip netns del ${name}`);
  }
}

/** Starts a command in a namespace, its output to be read. */
export const spawnIn = (
  namespace: string,
  command: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env">,
): ChildProcess =>
  spawn("ip", ["netns", "exec", namespace, ...command], { ...options, stdio: ["ignore", "pipe", "pipe"] });

/** Resolves when a process has printed a text. @throws {Error} if it ends before */
export function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((done, fail) => {
    const output = gather(child, (all) => {
      if (all.includes(text)) done();
    });
    child.once("exit", (code) =>
      fail(new Error(`ended (${code}) without "${text}": ${output().slice(-500)}`)),
    );
  });
}

/** How a process ended, and all that it has printed since. */
export function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const output = gather(child);
  return new Promise((done) => child.once("close", (code) => done({ code, output: output() })));
}

/** What a process prints from now on, both streams together. */
function gather({ stdout, stderr }: ChildProcess, printed: (all: string) => void = () => {}): () => string {
  let output = "";
  for (const stream of [stdout, stderr])
    stream?.on("data", (chunk) => {
      output += chunk;
      printed(output);
    });
  return () => output;
}
