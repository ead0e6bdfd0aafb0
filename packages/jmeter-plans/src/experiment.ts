import { z } from "zod";

/** A day: neither a pause nor a time limit of an experiment is longer. */
const MAX_SECONDS = 86_400;
/** Entries of one list. */
const MAX_LIST = 1000;
const MAX_REPETITIONS = 1000;
/** Users × think times × repetitions: the size of run.json, which is rewritten after each cell. */
export const MAX_CELLS = 10_000;
/** Requests that one cell may plan: its results are read as a whole. */
export const MAX_CELL_REQUESTS = 100_000_000;

const seconds = z.number().nonnegative().max(MAX_SECONDS);
const positive = z.number().positive().max(MAX_SECONDS);
const whole = z.number().int().positive();
const countFromZero = z.number().int().nonnegative();

/** A list without duplicates; a single value means a list of one. */
const list = (item: z.ZodNumber) =>
  z.union([
    z
      .array(item)
      .nonempty()
      .max(MAX_LIST)
      .refine((values) => new Set(values).size === values.length, "each number may appear once"),
    item.transform((value): [number, ...number[]] => [value]),
  ]);

function hasUserinfo(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== "" || password !== "";
}

const addressSchema = z
  .string()
  .refine((text) => text === "local" || (/^https?:\/\/./.test(text) && URL.canParse(text)), {
    error: "give local, or an address such as http://127.0.0.1:8080/function/slblur",
  })
  .refine((text) => !hasUserinfo(text), {
    error:
      "it contains a user name or password, which every result would store; put it into function.headers",
  })
  .describe("`local` starts the face-blur function on this machine; else the function's address");

const localDefaults = { replicas: 1, concurrency: 0, backend: "auto", mode: "http" } as const;

const functionSchema = z
  .strictObject({
    url: addressSchema,
    timeoutSeconds: positive.default(25).describe("Time limit of the gateway and of the client"),
    replicas: whole.max(1000).optional().describe("Local only: processes that serve the function; default 1"),
    concurrency: countFromZero
      .max(1_000_000)
      .optional()
      .describe("Local only: requests in flight per replica; 0, the default: no limit"),
    backend: z
      .enum(["auto", "native", "wasm", "none"])
      .optional()
      .describe("Local only: what detects the faces; default auto"),
    mode: z
      .enum(["http", "fork"])
      .optional()
      .describe("Local only: a server (http, the default), or a process per request (fork)"),
  })
  .superRefine((value, context) => {
    if (value.url === "local") return;
    for (const key of Object.keys(localDefaults) as (keyof typeof localDefaults)[]) {
      if (value[key] === undefined) continue;
      context.addIssue({ code: "custom", path: [key], message: "only a function with `url: local` has it" });
    }
  })
  .transform(({ replicas, concurrency, backend, mode, ...rest }) => ({
    ...rest,
    replicas: replicas ?? localDefaults.replicas,
    concurrency: concurrency ?? localDefaults.concurrency,
    backend: backend ?? localDefaults.backend,
    mode: mode ?? localDefaults.mode,
  }));

const functionField = z
  .union([functionSchema, addressSchema.transform((url) => functionSchema.parse({ url }))])
  .default(() => functionSchema.parse({ url: "local" }))
  .describe("The function under test: its address alone, or with settings");

const loadSchema = z
  .strictObject({
    users: list(whole.max(100_000)).describe(
      "Virtual users, one cell for each number; the total over all workers",
    ),
    thinkTimeSeconds: list(seconds).describe("Seconds between a frame's answer and the next frame"),
    startRatePerSecond: z
      .number()
      .min(0.001)
      .max(1000)
      .default(0.25)
      .describe("Users started per second, over all workers"),
    repetitions: whole.max(MAX_REPETITIONS).default(1).describe("How often each cell is run"),
    warmUpRequests: countFromZero
      .max(1_000_000)
      .default(0)
      .describe("Frames sent by one user before the first cell, discarded"),
    coolDownSeconds: seconds.default(0).describe("Pause between cells"),
    order: z
      .enum(["random", "as-written"])
      .default("random")
      .describe("Order of the cells; random is seeded"),
    seed: countFromZero.max(Number.MAX_SAFE_INTEGER).default(1).describe("Seed of everything that is drawn"),
  })
  .describe("Users × think times");

/** A DNS name or IPv4 address as RFC 1123 has it (underscores allowed), or an IPv6 address in brackets; a port. */
const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?))(?::(\d{1,5}))?$/;

function isHost(text: string): boolean {
  const [, address, name, port] = HOST.exec(text) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  if (address !== undefined) return URL.canParse(`http://[${address}]/`);
  return (
    name?.split(".").every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label)) ??
    false
  );
}

const hostSchema = z
  .string()
  .max(300)
  .refine(isHost, "a host name or address, with :port if it is not the default");

const DEFAULT_WORKERS = 2;

const jmeterSchema = z
  .strictObject({
    localWorkers: whole
      .max(100)
      .optional()
      .describe(`JMeter workers started on this machine; default ${DEFAULT_WORKERS}`),
    remoteHosts: z
      .array(hostSchema)
      .nonempty()
      .max(MAX_LIST)
      .refine((hosts) => new Set(hosts).size === hosts.length, "each worker may appear once")
      .optional()
      .describe("Workers on other machines, host or host:port, instead of localWorkers"),
    mode: z
      .enum(["Standard", "Batch", "Asynch"])
      .default("Standard")
      .describe("How workers send samples; the modes that strip them would lose the clients' reports"),
    rmi: z
      .enum(["tls", "insecure"])
      .default("tls")
      .describe("insecure: anyone who reaches a worker's port can run any command on it"),
  })
  .refine((value) => value.localWorkers === undefined || value.remoteHosts === undefined, {
    path: ["localWorkers"],
    message: "give localWorkers or remoteHosts, not both",
  })
  .transform(({ localWorkers, remoteHosts, ...rest }) => ({
    ...rest,
    localWorkers: localWorkers ?? DEFAULT_WORKERS,
    remoteHosts: (remoteHosts ?? []) as readonly string[],
  }));

/** The experiment file: what is measured, under which load, with which workers. */
export const experimentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dot, dash and underscore only")
      .describe("Names the result folder"),
    function: functionField,
    video: z
      .string()
      .min(1)
      .optional()
      .describe("Video to cut, relative to this file; `sample`, the default, is the clip of slbench"),
    frames: z.string().min(1).optional().describe("Folder of frames cut before, relative to this file"),
    requestsPerUser: whole.max(10_000_000).default(37).describe("Frames that each virtual user sends"),
    encoding: z.enum(["base64", "binary"]).default("base64").describe("How a frame is posted"),
    format: z
      .enum(["json", "text", "image"])
      .default("json")
      .describe("What the function is asked to answer"),
    load: loadSchema,
    jmeter: jmeterSchema.default(() => jmeterSchema.parse({})).describe("JMeter's workers"),
    thresholds: z
      .array(z.string().min(1).max(1000))
      .max(MAX_LIST)
      .default([])
      .describe("What must hold, for example success>=0.99 and p95<2s"),
  })
  .refine((value) => value.video === undefined || value.frames === undefined, {
    path: ["frames"],
    message: "give video or frames, not both",
  })
  .superRefine(({ load, requestsPerUser }, context) => {
    const { users, thinkTimeSeconds, repetitions } = load;
    const cells = users.length * thinkTimeSeconds.length * repetitions;
    const issue = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    if (cells > MAX_CELLS && repetitions <= MAX_REPETITIONS)
      issue(
        ["load", "repetitions"],
        `users × think times × repetitions are ${cells} cells; at most ${MAX_CELLS} can be run`,
      );
    const requests = Math.max(...users) * requestsPerUser;
    if (requests > MAX_CELL_REQUESTS)
      issue(
        ["requestsPerUser"],
        `${Math.max(...users)} users would send ${requests} requests in one cell; at most ${MAX_CELL_REQUESTS} can be analysed`,
      );
  });

/** A checked experiment, defaults filled in. */
export type Experiment = z.output<typeof experimentSchema>;

/** JSON Schema of the file as people write it, for editors. */
export function experimentJsonSchema(): object {
  const schema = z.toJSONSchema(experimentSchema, { io: "input" });
  return { ...schema, title: "slbench experiment" };
}
