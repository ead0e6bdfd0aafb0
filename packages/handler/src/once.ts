import { errorResponse, handleCall } from "./call.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError } from "./errors.ts";
import type { HttpResponse } from "./http/response.ts";
import type { FunctionOptions } from "./options.ts";

/** The output and exit code of a process that handles one request. */
export interface OnceResult {
  readonly output: Uint8Array;
  readonly exitCode: 0 | 1;
}

/**
 * Handles one request of a classic watchdog: body on standard input, headers in the environment as `Http_Accept`
 * and `Http_Content_Type`, response on standard output. Such a process cannot choose its status: it prints an
 * error's JSON and exits with code 1, and the watchdog responds with 500.
 */
export async function handleOnce(
  input: AsyncIterable<Uint8Array>,
  env: Readonly<Record<string, string | undefined>>,
  options: FunctionOptions,
  load: () => Promise<FaceDetector>,
): Promise<OnceResult> {
  let response: HttpResponse;
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
    response = await handleCall(call, detector, state, options.maxPixels);
  } catch (error) {
    response = errorResponse(error);
  }
  return { output: response.body, exitCode: response.status < 400 ? 0 : 1 };
}

async function readAll(input: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new HandlerError(
        "BODY_TOO_LARGE",
        413,
        `the body is larger than ${maxBytes} bytes`,
        "send a smaller picture, or raise SLBENCH_MAX_BODY",
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
