import type { FaceDetector } from "./detector.ts";
import { HandlerError, renderError } from "./errors.ts";
import { blurFaces } from "./handler.ts";
import { readAccept } from "./http/accept.ts";
import { readRequest } from "./http/request.ts";
import { type HttpResponse, type ReplicaState, renderResponse } from "./http/response.ts";

/** A request, independent of its host: HTTP server, standard input or OpenFaaS template. */
export interface Call {
  readonly body: Uint8Array;
  /** The header Content-Type; empty if absent. */
  readonly contentType: string;
  /** The header Accept; empty if absent. */
  readonly accept: string;
}

/**
 * Handles one request, from bytes to bytes. Never throws: a caller's mistake becomes a 4xx response with
 * JSON. An internal error becomes a 500, and its stack goes to standard error.
 * @param maxPixels largest number of pixels in a picture; default 50 million
 * @param signal aborted when the caller disconnects; the work then ends early, and its response is discarded
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

/** Turns an error into a response. Errors other than HandlerError are logged and reveal no details. */
export function errorResponse(error: unknown): HttpResponse {
  if (!(error instanceof HandlerError)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  const { status, body } = renderError(error);
  return { status, headers: { "content-type": "application/json" }, body };
}
