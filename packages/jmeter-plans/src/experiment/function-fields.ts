// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${env:NAME} is literal text here
import { z } from "zod";
import { autoscaleField } from "./autoscale-fields.ts";
import { countFromZero, MAX_LIST, path, positiveSeconds, whole } from "./number-fields.ts";

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
      "it contains a user name or password, which every result would store; send it as function.headers: {Authorization: …}",
  })
  .describe("`local` starts the face-blur function on this machine; otherwise the function's address");

const localDefaults = { replicas: 1, concurrency: 0, backend: "auto", mode: "http" } as const;
const LOCAL_FIELDS = [
  ...(Object.keys(localDefaults) as (keyof typeof localDefaults)[]),
  "autoscale",
] as const;

/** A header's name as RFC 9110 defines it. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "not a header name");
const headerValue = z
  .string()
  .max(10_000)
  .refine((text) => !/[^\t\P{Cc}]/u.test(text), "a header holds no line break or control character")
  .refine(
    (text) => !/\$\{(?!env:[A-Za-z_][A-Za-z0-9_]*\})/.test(text),
    "only ${env:NAME} can be inserted into a header",
  );

const metricsSchema = z
  .strictObject({
    url: z
      .string()
      .refine((text) => /^https?:\/\/./.test(text) && URL.canParse(text) && !hasUserinfo(text), {
        error: "give an address such as http://10.0.0.7:8080/metrics, without user name or password",
      })
      .describe("Address of metrics in Prometheus' text format"),
    counter: z
      .string()
      .regex(
        /^[A-Za-z_:][\w:]*(\{\w+="[^"{}\n]*"(,\w+="[^"{}\n]*")*\})?$/,
        'a metric\'s name, with labels if need be: name{pod="ocr-0",container="ocr"}',
      )
      .optional()
      .describe(
        "Counter of the function's processor seconds; all series with these labels are added up, so each second must be in one of them only. Default: slbench_function_cpu_seconds_total (slbench serve), else process_cpu_seconds_total",
      ),
    cores: z
      .number()
      .positive()
      .max(100_000)
      .optional()
      .describe("Cores that the function may use; default: what slbench serve reports"),
  })
  .describe(
    "Where the function's processor time can be read if slbench cannot read it itself (containers, other machines): the model then knows what its cores can serve. With `command`, it is used instead of the processes' own time",
  );

const functionSchema = z
  .strictObject({
    url: addressSchema,
    command: z
      .array(z.string().min(1).max(1000))
      .nonempty()
      .max(MAX_LIST)
      .optional()
      .describe("Starts the function before the run, in this file's folder, and ends it after the run"),
    metrics: metricsSchema.optional(),
    method: z
      .string()
      .regex(/^[A-Z]{1,20}$/, "an HTTP method in capitals, for example POST")
      .default("POST")
      .describe("HTTP method"),
    headers: z
      .record(headerName, headerValue)
      .default({})
      .describe("Headers of every request; ${env:NAME} is read by the worker and written nowhere"),
    timeoutSeconds: positiveSeconds.default(25).describe("Time limit of a request"),
    tls: z
      .strictObject({
        ca: path.optional().describe("PEM file with the certificate authority, relative to this file"),
        insecure: z.boolean().optional().describe("Accept any certificate"),
      })
      .optional()
      .describe("For https with a certificate of your own"),
    replicas: whole.max(1000).optional().describe("Local only: processes that serve the function; default 1"),
    concurrency: countFromZero
      .max(1_000_000)
      .optional()
      .describe(
        "Local only: requests in flight per replica; 0, the default: no limit. Beyond it, the gateway responds 429; with autoscale, it queues",
      ),
    autoscale: autoscaleField
      .optional()
      .describe("Local only: start and end replicas by a rule, instead of `replicas`"),
    backend: z
      .enum(["auto", "onnx-int8", "onnx", "native", "wasm", "none"])
      .optional()
      .describe(
        "Local only: what detects the faces; default auto: the first available of onnx-int8 (8-bit integers), onnx, native and wasm",
      ),
    mode: z
      .enum(["http", "fork"])
      .optional()
      .describe("Local only: a server (http, the default), or a process per request (fork)"),
  })
  .superRefine((value, context) => {
    const issue = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    if (value.url !== "local") {
      for (const key of LOCAL_FIELDS)
        if (value[key] !== undefined) issue(key, "only a function with `url: local` has it");
      return;
    }
    if (value.command !== undefined) issue("command", "give the function's url with it");
    if (value.metrics !== undefined)
      issue("metrics", "slbench reads the processor time of the local function itself");
    if (value.autoscale === undefined) return;
    if (value.replicas !== undefined) issue("replicas", "give replicas or autoscale, not both");
    if (value.mode === "fork") issue("mode", "autoscale needs mode http");
    if (value.autoscale.rule === "per-request" && (value.concurrency ?? 1) !== 1)
      issue("concurrency", "with rule per-request, each replica has one request at a time");
  })
  .transform(({ replicas, concurrency, backend, mode, autoscale, ...rest }) => ({
    ...rest,
    ...(autoscale !== undefined && { autoscale }),
    replicas: replicas ?? localDefaults.replicas,
    concurrency: concurrency ?? localDefaults.concurrency,
    backend: backend ?? localDefaults.backend,
    mode: mode ?? localDefaults.mode,
  }));

export const functionField = z
  .union([functionSchema, addressSchema.transform((url) => functionSchema.parse({ url }))])
  .default(() => functionSchema.parse({ url: "local" }))
  .describe("The function under test: its address alone, or with settings");
