import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Backend } from "../detector.ts";
import { PACKAGES_VARIABLE } from "../detectors/packages.ts";
import { HandlerError } from "../errors.ts";
import { ownModule } from "../own-module.ts";
import { type GatewayMessage, type GatewayOptions, gatewayDefaults, type ReplicaChange } from "./options.ts";

/** A function running on this machine behind its gateway. */
export interface LocalFunction {
  /** `http://127.0.0.1:8080/function/slblur` */
  readonly url: string;
  readonly port: number;
  readonly backend: Backend;
  /** Process id of the gateway. */
  readonly pid: number;
  /** Resolves with the cause if the gateway ends by itself; never resolves after stop(). */
  readonly died: Promise<string>;
  /** Ends gateway and replicas; resolves when they have ended. */
  stop(): Promise<void>;
}

export interface LocalFunctionOptions extends Partial<GatewayOptions> {
  /** Called if the port is taken; the gateway then uses any free port. Without it, a taken port is an error. */
  readonly onBusyPort?: (busy: number) => void;
  /** With `autoscale`: called whenever the number of wanted, ready, starting or ending replicas changes. */
  readonly onScale?: (change: ReplicaChange) => void;
  /** A file of the folder that resolves the detectors' packages; absent: they are installed beside the handler. */
  readonly detectorPackages?: string;
}

/**
 * Starts gateway and replicas in separate processes and waits until every replica has warmed up.
 * They end with this process, however it ends.
 * @throws {HandlerError} GATEWAY_PORT if the port is taken, GATEWAY_REPLICA if a replica cannot start, OPTION_WRONG
 */
export async function startLocalFunction(options: LocalFunctionOptions = {}): Promise<LocalFunction> {
  const { onBusyPort, onScale, detectorPackages, ...given } = options;
  const settings = { ...gatewayDefaults, ...given };
  checkAutoscale(settings);
  try {
    return await start(settings, detectorPackages, onScale);
  } catch (error) {
    const busy = error instanceof HandlerError && error.code === "GATEWAY_PORT";
    if (!busy || onBusyPort === undefined || settings.port === 0) throw error;
    onBusyPort(settings.port);
    return start({ ...settings, port: 0 }, detectorPackages, onScale);
  }
}

function checkAutoscale({ autoscale, mode, concurrency }: GatewayOptions): void {
  if (autoscale === undefined) return;
  const fail = (what: string, hint: string) => {
    throw new HandlerError("OPTION_WRONG", 500, what, hint);
  };
  if (mode === "fork") fail("autoscale is given with mode fork", "use mode http");
  if (autoscale.rule === "per-request" && concurrency > 1)
    fail(`rule per-request is given with a concurrency of ${concurrency}`, "leave concurrency out");
}

async function start(
  settings: GatewayOptions,
  detectorPackages?: string,
  onScale: LocalFunctionOptions["onScale"] = () => {},
): Promise<LocalFunction> {
  const child = fork(fileURLToPath(ownModule(import.meta.url, "./gateway")), [JSON.stringify(settings)], {
    // None of ours: they may hold a script (-e) or a debugger's port. Node warns of running TypeScript.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: {
      ...process.env,
      ...(detectorPackages !== undefined && { [PACKAGES_VARIABLE]: detectorPackages }),
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.on("message", (message: GatewayMessage) => {
    if ("scaled" in message) onScale(message.scaled);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit ${code}`));
    child.once("error", (error) => resolve(error.message));
  });
  const { port, backend } = await ready(child, ended, settings);
  let stopped = false;
  return {
    url: `http://${settings.host}:${port}/function/${settings.functionName}`,
    port,
    backend,
    pid: child.pid ?? 0,
    died: new Promise((resolve) => {
      ended.then((how) => {
        if (!stopped) resolve(how);
      });
    }),
    async stop() {
      stopped = true;
      if (child.connected) child.disconnect();
      const kill = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

async function ready(
  child: ChildProcess,
  ended: Promise<string>,
  settings: GatewayOptions,
): Promise<{ readonly port: number; readonly backend: Backend }> {
  const firstMessage = new Promise<Exclude<GatewayMessage, { readonly scaled: unknown }>>((resolve) =>
    child.on("message", (message: GatewayMessage) => {
      if (!("scaled" in message)) resolve(message);
    }),
  );
  const message = await Promise.race([firstMessage, ended]);
  if (typeof message === "string") {
    throw new HandlerError(
      "GATEWAY_REPLICA",
      500,
      `the local gateway ended before it was ready (${message})`,
      "read the log lines above",
    );
  }
  if ("ready" in message) return message.ready;
  await ended;
  const { code, message: reason } = message.failed;
  if (code === "EADDRINUSE" || code === "EACCES") {
    const what = code === "EACCES" ? "requires privileges" : "is in use";
    throw new HandlerError(
      "GATEWAY_PORT",
      500,
      `port ${settings.port} on ${settings.host} ${what}`,
      "stop the program that uses it, or choose another --port",
    );
  }
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL") {
    throw new HandlerError(
      "OPTION_WRONG",
      500,
      `${settings.host} is no address of this machine`,
      "choose another --host: 127.0.0.1 for this machine only, 0.0.0.0 for all networks",
    );
  }
  throw new HandlerError(
    "GATEWAY_REPLICA",
    500,
    `the function cannot start: ${reason}`,
    "run slbench setup, or use --backend none to start without ML",
  );
}
