import type { RequestResult } from "@slbench/client/report";
import { printable } from "./printable.ts";

/** Why every request of a cell was rejected. */
export interface Rejection {
  /** `invalid-response`, `http-error 401`, `connect-error`, …: the same for all of them. */
  readonly reason: string;
  /** The message of the first one. */
  readonly message?: string;
}

/** The fields of a request that show why it failed. */
export type RejectableRequest = Pick<RequestResult, "outcome" | "status" | "message">;

/** HTTP status codes of the client's side that load can cause: Request Timeout, Too Many Requests. */
const STATUS_OF_LOAD: ReadonlySet<number> = new Set([408, 429]);

/**
 * The one reason for which every request failed, unless load can explain it: a response that is not as it should be
 * (`invalid-response`, `wrong-answer`), an HTTP status from 300 to 499 other than 408 and 429, or no connection at all
 * from the first request on. Time-outs, lost connections and 5xx may be overload.
 *
 * @returns undefined if a request succeeded, if reasons differ, or if there was no request
 *
 * @example
 * ```ts
 * findRejection([{ outcome: "http-error", status: 401 }, { outcome: "http-error", status: 401 }]); // { reason: "http-error 401" }
 * findRejection([{ outcome: "timeout" }]); // undefined
 * ```
 */
export function findRejection(requests: Iterable<RejectableRequest>): Rejection | undefined {
  let found: Rejection | undefined;
  for (const request of requests) {
    const reason = rejectionReason(request);
    if (reason === undefined || (found !== undefined && found.reason !== reason)) return undefined;
    found ??= { reason, ...(typeof request.message === "string" && { message: request.message }) };
  }
  return found;
}

function rejectionReason({ outcome, status }: RejectableRequest): string | undefined {
  switch (outcome) {
    case "invalid-response":
    case "wrong-answer":
    case "connect-error":
      return outcome;
    case "redirect":
      return status === undefined ? outcome : `${outcome} ${status}`;
    case "http-error":
      return status !== undefined && status >= 300 && status < 500 && !STATUS_OF_LOAD.has(status)
        ? `${outcome} ${status}`
        : undefined;
    default:
      return undefined;
  }
}

/**
 * The reason that all clients share; an `undefined` is a client with a request that was not rejected.
 *
 * @example
 * ```ts
 * sharedRejection([{ reason: "connect-error" }, { reason: "connect-error" }]); // { reason: "connect-error" }
 * ```
 */
export function sharedRejection(clients: Iterable<Rejection | undefined>): Rejection | undefined {
  let found: Rejection | undefined;
  for (const rejection of clients) {
    if (rejection === undefined || (found !== undefined && found.reason !== rejection.reason))
      return undefined;
    found ??= rejection;
  }
  return found;
}

/** Characters of a message in a sentence. */
const MESSAGE_LENGTH = 120;

/**
 * `bad-response (the body holds no picture)`
 *
 * @example
 * ```ts
 * formatRejection({ reason: "http-error 401", message: "no token" }); // "http-error 401 (no token)"
 * ```
 */
export function formatRejection({ reason, message }: Rejection): string {
  if (message === undefined || message === "") return reason;
  const text = printable(message);
  const short = text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH - 1)}…` : text;
  return `${reason} (${short})`;
}
