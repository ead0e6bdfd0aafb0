import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { ClientOptions } from "./options.ts";
import { pictureOf } from "./picture.ts";
import type { RequestResult } from "./report.ts";
import type { RequestSink } from "./run.ts";

/**
 * What happens to each finished request: it is verified, journalled, remembered, and its picture is kept, as the
 * options say. A full disk is said once and ends no measurement.
 */
export async function createSink(
  options: ClientOptions,
  journal: Journal | undefined,
  requests: RequestResult[],
  say: (problem: ClientError) => void,
): Promise<RequestSink> {
  // Decoders are large: they are loaded only for those who ask.
  const verify = options.verify ? (await import("./verify.ts")).createVerifier(options) : undefined;
  let said = false;
  const attempt = (what: string, work: () => void) => {
    try {
      work();
    } catch (cause) {
      if (!said) {
        const why = cause instanceof Error ? cause.message : String(cause);
        say(
          new ClientError("CLIENT_FILE", `cannot write ${what}: ${why}`, {
            hint: "make room; requests are still sent",
          }),
        );
      }
      said = true;
    }
  };
  return async (measured, answer) => {
    const result = verify !== undefined && answer !== undefined ? verify(measured, answer) : measured;
    if (journal !== undefined) attempt("the journal", () => journal.request(result));
    requests.push(result);
    const { output } = options;
    if (output === undefined || answer === undefined || result.outcome !== "ok") return;
    const picture = pictureOf(answer.body, options.format);
    if (picture === undefined) return;
    const name = `frame-${String(result.sequence).padStart(5, "0")}.${picture.type}`;
    attempt(name, () => writeFileSync(join(output, name), picture.bytes));
  };
}
