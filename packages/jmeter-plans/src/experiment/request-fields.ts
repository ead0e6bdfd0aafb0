// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { PLACEHOLDERS } from "@slbench/client/request-spec";
import { z } from "zod";
import { path } from "./number-fields.ts";
import { PRESETS } from "./presets.ts";

const template = z
  .string()
  .max(50_000)
  .superRefine((text, context) => {
    for (const [, name = ""] of text.matchAll(/\$\{([^}]*)\}?/g)) {
      if ((PLACEHOLDERS as readonly string[]).includes(name)) continue;
      const known = PLACEHOLDERS.map((one) => `\${${one}}`).join(", ");
      context.addIssue({ code: "custom", message: `\${${name}} is not a placeholder; use ${known}` });
    }
  });

const SOURCES = ["files", "video", "frames", "lines"] as const;

export const requestField = z
  .strictObject({
    files: path
      .optional()
      .describe("Payload files, relative to this file: a folder, or a pattern such as images/*.jpg"),
    video: path
      .optional()
      .describe("Video to cut into frames; `sample`, the face blur's default, is the clip of slbench"),
    frames: path.optional().describe("Folder of JPEG or PNG frames"),
    lines: path.optional().describe("Text file with one payload per line"),
    contentType: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Default: by the file's name; text/plain for lines"),
    encode: z
      .enum(["binary", "base64"])
      .optional()
      .describe("How a payload is sent without `body`; default binary"),
    body: template
      .optional()
      .describe(
        "Template of the body: ${base64}, ${text} and ${json} insert the payload; ${sequence}, ${user}, ${uuid}",
      ),
    multipart: z
      .strictObject({
        field: z.string().min(1).max(200).describe("Form field that holds the payload"),
        filename: z.string().min(1).max(200).optional().describe("Default: the payload's name"),
        fields: z.record(z.string(), z.string().max(10_000)).optional().describe("Further form fields"),
      })
      .optional()
      .describe("Send multipart/form-data"),
    order: z
      .enum(["same", "per-user"])
      .default("same")
      .describe("per-user: each user sends the payloads in a shuffled order of its own, drawn from the seed"),
  })
  .superRefine((value, context) => {
    const given = SOURCES.filter((name) => value[name] !== undefined);
    if (given.length > 1)
      context.addIssue({
        code: "custom",
        path: [given[1] as string],
        message: `give files, video, frames or lines, not ${given[0]} and ${given[1]}`,
      });
    if (value.body !== undefined && value.multipart !== undefined)
      context.addIssue({ code: "custom", path: ["multipart"], message: "give body or multipart, not both" });
  });

/** RFC 6901. */
const pointer = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~]|~[01])*)?$/, "a JSON pointer starts with /, for example /result/label");
const header = z.string().min(1).max(200);
const sourceFields = {
  json: pointer
    .optional()
    .describe("JSON pointer into the response; in a stream: into its last event that has it"),
  header: header.optional().describe("Name of a header of the response"),
};
const oneSource = (value: { readonly json?: string | undefined; readonly header?: string | undefined }) =>
  (value.json === undefined) !== (value.header === undefined);
const ONE_SOURCE = "give json: a pointer, or header: a name";
const source = z.strictObject(sourceFields).refine(oneSource, ONE_SOURCE);

export const responseField = z.strictObject({
  preset: z
    .enum(PRESETS)
    .optional()
    .describe("A named set of the lines below; default with url local: slblur"),
  form: z
    .enum(["json", "text", "image"])
    .optional()
    .describe("Preset slblur only: what the function is asked for"),
  valid: z
    .strictObject({
      status: z
        .union([
          z.number().int().min(100).max(599),
          z.array(z.number().int().min(100).max(599)).nonempty().max(500),
        ])
        .optional()
        .describe("Default: 200 to 299"),
      json: z
        .record(pointer, z.union([z.string().max(1000), z.number().min(-1e300).max(1e300), z.boolean()]))
        .optional()
        .describe("By JSON pointer: the expected value, or `present` (any value but null)"),
      text: z
        .string()
        .max(1000)
        .refine(isRegularExpression, "not a regular expression")
        .optional()
        .describe("Regular expression that the body matches"),
      expected: path
        .optional()
        .describe("Folder with the expected body of each payload, under the same name"),
    })
    .optional()
    .describe("When a response counts as successful; every line must hold"),
  times: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9]*Seconds$/, "a name that ends in Seconds, for example mlSeconds"),
      z
        .strictObject({
          ...sourceFields,
          serverTiming: header
            .optional()
            .describe("Name of a metric in the header Server-Timing, which has its duration in ms"),
          unit: z.enum(["s", "ms", "us"]).optional().describe("Of json and header; default s"),
        })
        .refine(
          ({ serverTiming, ...own }) =>
            serverTiming === undefined
              ? oneSource(own)
              : own.json === undefined && own.header === undefined && own.unit === undefined,
          "give json: a pointer, or header: a name, each with a unit, or serverTiming: a metric",
        ),
    )
    .optional()
    .describe(
      "Times that the function reports, by name: mlSeconds, handlerSeconds, cpuSeconds (processor time, for the model), or any other that ends in Seconds",
    ),
  coldStart: source.optional().describe("True if the request started a replica"),
  replica: source.optional().describe("Name of the replica that responded"),
  units: z
    .strictObject({
      ...sourceFields,
      name: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/, "letters and digits only")
        .describe("What is counted, for example tokens"),
    })
    .refine(oneSource, ONE_SOURCE)
    .optional()
    .describe("Size of a response, for example in tokens"),
  stream: z.enum(["sse", "lines", "chunks"]).optional().describe("The response arrives in events"),
  content: z
    .union([pointer, z.array(pointer).nonempty().max(20)])
    .optional()
    .describe(
      "Streams only: the events that count have a value at one of these JSON pointers, for example /choices/0/delta/content",
    ),
  save: z.number().min(0).max(1).optional().describe("Share of response bodies to keep"),
});

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text).source !== "";
  } catch {
    return false;
  }
}
