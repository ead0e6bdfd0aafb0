import { errorResponse, handleCall } from "./call.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError } from "./errors.ts";
import type { FunctionOptions } from "./options.ts";
import type { HttpResponse } from "./response.ts";

/** What a process prints, and the code that it ends with. */
export interface OnceResult {
  readonly output: Uint8Array;
  readonly exitCode: 0 | 1;
}

/**
 * One request of a classic watchdog: body on standard input, headers in the environment as `Http_Accept`
 * and `Http_Content_Type`, answer on standard output. Such a process cannot choose its status: an error is
 * its JSON with exit code 1, which the watchdog answers with 500.
 */
export async function handleOnce(
  input: AsyncIterable<Uint8Array>,
  env: Readonly<Record<string, string | undefined>>,
  options: FunctionOptions,
  load: () => Promise<FaceDetector>,
): Promise<OnceResult> {
  let answer: HttpResponse;
  try {
    const body = await readAll(input, options.maxBodyBytes);
    const call = { body, contentType: env.Http_Content_Type ?? "", accept: env.Http_Accept ?? "" };
    const detector = await load();
    const state = {
      replica: options.replica,
      coldStart: true,
      processAgeSeconds: process.uptime(),
      waitSeconds: 0,
    };
    answer = await handleCall(call, detector, state, options.maxPixels);
  } catch (error) {
    answer = errorResponse(error);
  }
  return { output: answer.body, exitCode: answer.status < 400 ? 0 : 1 };
}

async function readAll(input: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.byteLength;
    if (size > most) {
      throw new HandlerError(
        "BODY_TOO_LARGE",
        413,
        `the body is larger than ${most} bytes`,
        "send a smaller picture, or raise SLBENCH_MAX_BODY",
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
