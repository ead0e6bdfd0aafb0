import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import type { HttpResponse } from "../http/http-connection.ts";
import type { ClientOptions } from "../options.ts";
import { createRandom } from "../random.ts";
import { pictureOf } from "../response/picture.ts";
import type { RequestSink } from "../run.ts";
import { formatOf } from "../send.ts";
import type { ResponseSpec } from "../spec/response-spec.ts";
import { seedOf } from "../timing/schedule.ts";
import type { Journal } from "./journal.ts";
import type { RequestResult } from "./report.ts";

export interface SinkOptions {
  readonly options: ClientOptions;
  readonly response: ResponseSpec;
  readonly journal: Journal | undefined;
  /** Collects the rows. */
  readonly requests: RequestResult[];
  readonly redact: ((text: string) => string) | undefined;
  readonly notify: (problem: SlbenchError) => void;
}

/**
 * Verifies, journals and collects each finished request and saves its response, depending on the options.
 * A failed write is reported once and does not end the measurement.
 */
export async function createSink(sink: SinkOptions): Promise<RequestSink> {
  const { options, response: spec, journal, requests, notify } = sink;
  const { output } = options;
  const format = formatOf(spec.form);
  // Picture decoders are large, so they are loaded only with --verify.
  const verify =
    options.verify && format !== undefined && options.payloads !== undefined
      ? (await import("../response/verify.ts")).createVerifier({
          ...{ payloadsFolder: options.payloads, format, minFaces: options.minFaces },
        })
      : undefined;
  let reported = false;
  const attempt = (what: string, work: () => void) => {
    try {
      work();
    } catch (cause) {
      if (!reported) {
        const why = cause instanceof Error ? cause.message : String(cause);
        notify(
          new SlbenchError<ClientErrorCode>("CLIENT_FILE", `cannot write ${what}: ${why}`, {
            hint: "make room; requests are still sent",
          }),
        );
      }
      reported = true;
    }
  };
  const save = output === undefined ? undefined : createSaver(sink, output);
  return async (measured, response) => {
    const result = verify !== undefined && response !== undefined ? verify(measured, response) : measured;
    if (journal !== undefined) attempt("the journal", () => journal.request(result));
    requests.push(result);
    if (save === undefined || response === undefined) return;
    const file = save(result, response);
    if (file !== undefined) attempt(file.path, () => writeFileSync(file.path, file.bytes));
  };
}

interface SavedFile {
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

/** Chooses what is saved of a response. */
function createSaver(
  { options, response: spec, redact }: SinkOptions,
  output: string,
): (result: RequestResult, response: HttpResponse) => SavedFile | undefined {
  const format = formatOf(spec.form);
  const numbered = (kind: string, sequence: number, extension: string) =>
    join(output, `${kind}-${String(sequence).padStart(5, "0")}.${extension}`);
  if (format !== undefined)
    return ({ sequence, outcome }, { body }) => {
      const picture = outcome === "ok" ? pictureOf(body, format) : undefined;
      return picture && { path: numbered("frame", sequence, picture.type), bytes: picture.bytes };
    };
  const share = spec.save ?? 1;
  const random = createRandom(seedOf(options.seed, options.user) ^ 0x5a7e);
  return ({ sequence }, { header, body }) => {
    if (random() >= share) return undefined;
    const extension = extensionOf(header("content-type")?.toLowerCase() ?? "");
    const bytes = redact === undefined ? body : Buffer.from(redact(body.toString("latin1")), "latin1");
    return { path: numbered("response", sequence, extension), bytes };
  };
}

/** By Content-Type. No regular expressions: loading them costs a virtual user more than everything else here. */
function extensionOf(type: string): string {
  if (type.includes("json")) return "json";
  if (type.includes("event-stream") || type.startsWith("text/plain")) return "txt";
  const known = ["html", "jpeg", "png", "wav"].find((name) => type.includes(`/${name}`));
  return known ?? "bin";
}
