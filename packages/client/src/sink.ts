import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { ClientOptions } from "./options.ts";
import { pictureOf } from "./picture.ts";
import type { RequestResult } from "./report.ts";
import type { RequestSink } from "./run.ts";

/**
 * Verifies, journals and collects each finished request and saves its picture, depending on the options.
 * A failed write is reported once and does not end the measurement.
 */
export async function createSink(
  options: ClientOptions,
  journal: Journal | undefined,
  requests: RequestResult[],
  notify: (problem: ClientError) => void,
): Promise<RequestSink> {
  // Picture decoders are large, so they are loaded only with --verify.
  const verify = options.verify ? (await import("./verify.ts")).createVerifier(options) : undefined;
  let reported = false;
  const attempt = (what: string, work: () => void) => {
    try {
      work();
    } catch (cause) {
      if (!reported) {
        const why = cause instanceof Error ? cause.message : String(cause);
        notify(
          new ClientError("CLIENT_FILE", `cannot write ${what}: ${why}`, {
            hint: "make room; requests are still sent",
          }),
        );
      }
      reported = true;
    }
  };
  return async (measured, response) => {
    const result = verify !== undefined && response !== undefined ? verify(measured, response) : measured;
    if (journal !== undefined) attempt("the journal", () => journal.request(result));
    requests.push(result);
    const { output } = options;
    if (output === undefined || response === undefined || result.outcome !== "ok") return;
    const picture = pictureOf(response.body, options.format);
    if (picture === undefined) return;
    const name = `frame-${String(result.sequence).padStart(5, "0")}.${picture.type}`;
    attempt(name, () => writeFileSync(join(output, name), picture.bytes));
  };
}
