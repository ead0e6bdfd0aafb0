import { parseBursts } from "@slbench/client/condition";
import { z } from "zod";
import { functionField } from "./function-fields.ts";
import { jmeterSchema } from "./jmeter-fields.ts";
import { loadSchema, MAX_REPETITIONS } from "./load-fields.ts";
import { MAX_LIST } from "./number-fields.ts";
import { presetOf } from "./presets.ts";
import { requestField, responseField } from "./request-fields.ts";

/** Users × think times × repetitions: the size of run.json, which is rewritten after each cell. */
export const MAX_CELLS = 10_000;
/** Requests that one cell may plan: its results are read as a whole. */
export const MAX_CELL_REQUESTS = 100_000_000;

/** Letters of a name: with the time behind it, it must fit a file name of 255 bytes. */
const MAX_NAME = 200;

/** The experiment file: what is measured, under which load, with which workers. */
export const experimentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dot, dash and underscore only")
      .max(MAX_NAME)
      .describe("Names the result folder"),
    function: functionField,
    request: requestField.default(() => requestField.parse({})).describe("What each request sends"),
    response: responseField.default({}).describe("How responses are read and checked"),
    verify: z
      .boolean()
      .default(false)
      .describe(
        "Face blur only: check outside the timer that each picture decodes and its faces are blurred",
      ),
    load: loadSchema,
    jmeter: jmeterSchema.default(() => jmeterSchema.parse({})).describe("JMeter's workers"),
    thresholds: z
      .array(z.string().min(1).max(1000))
      .max(MAX_LIST)
      .default([])
      .describe("What must hold, for example success>=0.99 and p95<2s"),
  })
  .superRefine(({ load, verify, ...rest }, context) => {
    const { arrivals, repetitions, requestsPerUser, durationSeconds } = load;
    const { users = [], thinkTimeSeconds = [] } = load as Partial<typeof load>; // absent if load has faults
    const issue = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    const conditions = arrivals?.ratePerSecond.length ?? users.length * thinkTimeSeconds.length;
    const cells = conditions * repetitions;
    if (cells > MAX_CELLS && repetitions <= MAX_REPETITIONS)
      issue(
        ["load", "repetitions"],
        `users × think times × repetitions are ${cells} cells; at most ${MAX_CELLS} can be run`,
      );
    const most = Math.max(0, ...users);
    const requests = most * (requestsPerUser ?? 0);
    if (requests > MAX_CELL_REQUESTS)
      issue(
        ["load", "requestsPerUser"],
        `${most} users would send ${requests} requests in one cell; at most ${MAX_CELL_REQUESTS} can be analysed`,
      );
    const arriving = Math.max(0, ...(arrivals?.ratePerSecond ?? [])) * (durationSeconds ?? 0);
    if (arriving > MAX_CELL_REQUESTS)
      issue(
        ["load", "durationSeconds"],
        `${arriving} requests would arrive in one cell; at most ${MAX_CELL_REQUESTS} can be analysed`,
      );
    const clients = rest.jmeter.remoteHosts.length || rest.jmeter.localWorkers;
    const bursts = parseBursts(arrivals?.process ?? "poisson");
    if (bursts !== undefined && bursts.requests < clients)
      issue(
        ["load", "arrivals", "process"],
        `${clients} workers share each burst, so it needs at least ${clients} requests`,
      );
    const isFaceBlur = presetOf(rest) === "slblur";
    if (verify && !isFaceBlur) issue(["verify"], "only preset slblur can be verified; use response.valid");
    if (verify && arrivals !== undefined)
      issue(["verify"], "an open loop (arrivals) cannot verify responses");
    if (rest.response.form !== undefined && !isFaceBlur)
      issue(["response", "form"], "only preset slblur has forms");
    if (isFaceBlur && rest.request.lines !== undefined)
      issue(["request", "lines"], "the face blur takes pictures: give video, frames or files");
    const { files, video, frames, lines, body } = rest.request;
    const hasPayloads = [files, video, frames, lines].some((value) => value !== undefined);
    const needsNone =
      rest.function.method !== "POST" || (body !== undefined && !/\$\{(text|json|base64)\}/.test(body));
    if (!hasPayloads && !isFaceBlur && !needsNone)
      issue(
        ["request"],
        "name the payloads: files: a folder or pattern, lines: a text file, or a body without a payload",
      );
  });

/** A checked experiment, defaults filled in. */
export type Experiment = z.output<typeof experimentSchema>;

/** JSON Schema of the file as people write it, for editors. */
export function experimentJsonSchema(): object {
  const schema = z.toJSONSchema(experimentSchema, { io: "input" });
  return { ...schema, title: "slbench experiment" };
}
