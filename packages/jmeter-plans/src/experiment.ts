import { z } from "zod";

const seconds = z.number().nonnegative();
const positive = z.number().positive();
const whole = z.number().int().positive();
const list = <T extends z.ZodType>(item: T) => z.array(item).nonempty();

const functionSchema = z
  .strictObject({
    url: z
      .union([z.literal("local"), z.url({ protocol: /^https?$/ })])
      .describe("`local` starts the face-blur function on this machine; else the function's address"),
    timeoutSeconds: positive.default(25).describe("Time limit of the gateway and of the client"),
    replicas: whole.default(1).describe("Local only: processes that serve the function"),
    concurrency: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe("Local only: requests in flight per replica; 0 no limit"),
    backend: z
      .enum(["auto", "native", "wasm", "none"])
      .default("auto")
      .describe("Local only: what detects the faces"),
    mode: z.enum(["http", "fork"]).default("http").describe("Local only: a server, or a process per request"),
  })
  .describe("The function under test");

const loadSchema = z
  .strictObject({
    users: list(whole).describe("Virtual users, one cell for each number; the total over all slaves"),
    thinkTimeSeconds: list(seconds).describe("Seconds between a frame's answer and the next frame"),
    startRatePerSecond: positive.default(0.25).describe("Users started per second, over all slaves"),
    repetitions: whole.default(1).describe("How often each cell is run"),
    warmUpFrames: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe("Frames sent by one user before the first cell, discarded"),
    coolDownSeconds: seconds.default(0).describe("Pause between cells"),
    order: z
      .enum(["random", "as-written"])
      .default("random")
      .describe("Order of the cells; random is seeded"),
    seed: z.number().int().nonnegative().default(1),
  })
  .describe("Users × think times");

const jmeterSchema = z
  .strictObject({
    localSlaves: whole.default(2).describe("JMeter slaves started on this machine"),
    remoteHosts: z
      .array(z.string().min(1))
      .default([])
      .describe("Slaves that run already, host or host:port; localSlaves is then ignored"),
    mode: z
      .enum(["Standard", "Batch", "Asynch"])
      .default("Standard")
      .describe("How slaves send samples; stripping modes would lose the reports"),
    rmi: z.enum(["tls", "insecure"]).default("tls"),
  })
  .describe("JMeter's slaves");

/** The experiment file: what is measured, under which load, with which slaves. */
export const experimentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dot, dash and underscore only")
      .describe("Names the result folder"),
    function: functionSchema.default(() => functionSchema.parse({ url: "local" })),
    video: z
      .string()
      .min(1)
      .optional()
      .describe("Video to cut, relative to this file; `sample` is the clip that comes with slbench"),
    frames: z.string().min(1).optional().describe("Folder of frames cut before, relative to this file"),
    framesPerClient: whole.default(37).describe("Frames that each virtual user sends"),
    encoding: z.enum(["base64", "binary"]).default("base64").describe("How a frame is posted"),
    format: z
      .enum(["json", "text", "image"])
      .default("json")
      .describe("What the function is asked to answer"),
    load: loadSchema,
    jmeter: jmeterSchema.default(() => jmeterSchema.parse({})),
    thresholds: z.array(z.string().min(1)).default([]).describe("For example successRate>=0.99, p95<2s"),
  })
  .refine((value) => value.video === undefined || value.frames === undefined, {
    path: ["frames"],
    message: "give video or frames, not both",
  });

/** A checked experiment, defaults filled in. */
export type Experiment = z.output<typeof experimentSchema>;

/** JSON Schema of the file as people write it, for editors. */
export function experimentJsonSchema(): object {
  return z.toJSONSchema(experimentSchema, { io: "input" });
}
