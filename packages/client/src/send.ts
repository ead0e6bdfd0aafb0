import type { Exchange, HttpResponse } from "./http/http-connection.ts";
import type { RequestResult } from "./report/report.ts";
import type { EncodedRequest } from "./request/request.ts";
import type { FieldReader } from "./response/read-fields.ts";
import { beginningOf, type ResponseFormat, readResponse } from "./response/read-response.ts";
import { readServerClock } from "./response/server-clock.ts";
import type { ResponseForm, ResponseSpec } from "./spec/response-spec.ts";

export interface ResultOptions {
  readonly response: ResponseSpec;
  /** Absent if {@link needsFieldReader} is false: a virtual user that does not need it does not load it. */
  readonly fieldReader?: FieldReader | undefined;
  /** Removes secrets from a text; undefined if there are none. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** Makes the rows of requests. Runs outside every timer. */
export interface ResultMaker {
  make(sequence: number, request: EncodedRequest, exchange: Exchange): RequestResult;
  /** @see {@link FieldReader.neverFound} */
  neverFound(): readonly string[];
}

/** Bytes of a refusal's body that its message quotes. */
const QUOTED_BYTES = 200;

/** Prepares the making of rows for one specification. */
export function createResultMaker({ response: spec, fieldReader, redact }: ResultOptions): ResultMaker {
  const format = formatOf(spec.form);
  const { status: wanted } = spec.valid;
  const accepted = typeof wanted === "number" ? [wanted] : wanted;
  const accepts = (status: number) => accepted?.includes(status) ?? (status >= 200 && status <= 299);
  const clean = (row: RequestResult, remove: (text: string) => string): RequestResult => ({
    ...row,
    ...(row.message !== undefined && { message: remove(row.message) }),
    ...(row.replica !== undefined && { replica: remove(row.replica) }),
    ...(row.backend !== undefined && { backend: remove(row.backend) }),
    ...(row.callId !== undefined && { callId: remove(row.callId) }),
  });
  const make: ResultMaker["make"] = (sequence, request, exchange) => {
    const { response, failure, ...timed } = exchange;
    const row = { sequence, payload: request.name, ...timed, sentBytes: request.sizeBytes };
    if (response === undefined) return { ...row, outcome: "connection-closed", ...failure };
    const callId = response.header("x-call-id");
    const named = { ...row, ...(callId !== undefined && { callId }), ...readServerClock(response.header) };
    if (!accepts(response.status)) return { ...named, ...refusal(response, accepted) };
    const fast = format === undefined ? {} : readResponse(response, format);
    if (typeof fast === "string") return { ...named, outcome: "invalid-response", message: fast };
    if (fieldReader === undefined) return { ...named, ...fast, outcome: "ok" };
    const { fields, fault } = fieldReader.read(response, request.name);
    const read = { ...named, ...fast, ...fields };
    return fault === undefined
      ? { ...read, outcome: "ok" }
      : { ...read, outcome: "invalid-response", message: fault };
  };
  return {
    make:
      redact === undefined
        ? make
        : (sequence, request, exchange) => clean(make(sequence, request, exchange), redact),
    neverFound: () => fieldReader?.neverFound() ?? [],
  };
}

/** Whether a specification asks for more than the fast reader of the face-blur function reads. */
export function needsFieldReader({ form, valid, ...rest }: ResponseSpec): boolean {
  const { json, text, expected } = valid;
  const others = { ...rest, preset: undefined, save: undefined, json, text, expected };
  return form === undefined || Object.values(others).some((value) => value !== undefined);
}

/** The format of the face-blur function's response, or undefined for any other function. */
export function formatOf(form: ResponseForm | undefined): ResponseFormat | undefined {
  return form?.slice("slblur-".length) as ResponseFormat | undefined;
}

/** The outcome of a response whose status is not accepted. */
function refusal(
  { status, header, body }: HttpResponse,
  accepted: readonly number[] | undefined,
): Pick<RequestResult, "outcome" | "message" | "retryAfterSeconds"> {
  const beginning = beginningOf(body, QUOTED_BYTES);
  const message = beginning === "" ? `HTTP ${status}` : `HTTP ${status}: ${beginning}`;
  if (status === 429) {
    const retryAfterSeconds = retryAfter(header);
    return { outcome: "throttled", message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
  if (status >= 300 && status <= 399) {
    const location = header("location");
    return {
      outcome: "redirect",
      message: location === undefined ? `HTTP ${status}` : `HTTP ${status} to ${location.slice(0, 200)}`,
    };
  }
  if (status < 200)
    return {
      outcome: "invalid-response",
      message: `HTTP ${status}: the server switched to ${header("upgrade")?.slice(0, 80) ?? "another protocol"}`,
    };
  if (status < 300)
    return { outcome: "invalid-response", message: `HTTP ${status}, not ${accepted?.join(" or ")}` };
  return { outcome: "http-error", message };
}

/** Retry-After in seconds: a number, or a date that is compared with the response's own. */
function retryAfter(header: HttpResponse["header"]): number | undefined {
  const text = header("retry-after");
  if (text === undefined || text === "") return undefined;
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : (Date.parse(text) - Date.parse(header("date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
