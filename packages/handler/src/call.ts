import { readAccept } from "./accept.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError, renderError } from "./errors.ts";
import { blurFaces } from "./handler.ts";
import { readRequest } from "./request.ts";
import { type HttpResponse, type ReplicaState, renderResponse } from "./response.ts";

/** A request as any host hands it over: HTTP server, standard input, OpenFaaS template. */
export interface Call {
  readonly body: Uint8Array;
  /** The header Content-Type; empty where there was none. */
  readonly contentType: string;
  /** The header Accept; empty where there was none. */
  readonly accept: string;
}

/**
 * One request from bytes to bytes. What the caller did wrong is an answer too (4xx with its JSON); what we
 * did wrong is 500, and its stack goes to standard error.
 * @param maxPixels most pixels of a picture; absent: 50 million
 * @param signal aborted when the caller has gone: the work then ends early, and its answer means nothing
 */
export async function handleCall(
  call: Call,
  detector: FaceDetector,
  state: ReplicaState,
  maxPixels?: number,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  try {
    const form = readAccept(call.accept);
    const wanted = readRequest(call.body, call.contentType);
    return renderResponse(await blurFaces({ ...wanted, ...form }, detector, maxPixels, signal), state, form);
  } catch (error) {
    if (signal?.aborted) return { status: 499, headers: {}, body: new Uint8Array() };
    return errorResponse(error);
  }
}

/** An error as an answer; one that is not a HandlerError is logged and tells nothing. */
export function errorResponse(error: unknown): HttpResponse {
  if (!(error instanceof HandlerError)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  const { status, body } = renderError(error);
  return { status, headers: { "content-type": "application/json" }, body };
}
