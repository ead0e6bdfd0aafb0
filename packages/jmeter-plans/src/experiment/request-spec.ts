import { REQUEST_SCHEMA, type RequestSpec, type ResponseSpec } from "@slbench/client/request-spec";
import type { z } from "zod";
import type { functionField } from "./function-fields.ts";
import { presetOf, presets } from "./presets.ts";
import type { requestField, responseField } from "./request-fields.ts";

/** The blocks of an experiment that describe its requests. */
export interface RequestBlocks {
  readonly function: z.output<typeof functionField>;
  readonly request: z.output<typeof requestField>;
  readonly response: z.output<typeof responseField>;
}

/** What only the machine that runs the experiment knows. */
export interface RequestPlaces {
  /** Address of the local function; default: the experiment's url. */
  readonly url?: string;
  /** PEM text of `function.tls.ca`. */
  readonly ca?: string;
  /** Folder of `response.valid.expected`, on the workers; default: as written. */
  readonly expected?: string;
}

type Multipart = NonNullable<RequestSpec["multipart"]>;

/** Default address of `slbench serve`. */
const LOCAL_URL = "http://127.0.0.1:8080/function/slblur";

/**
 * The request specification of an experiment, which clients read with --request: the preset's lines, replaced by
 * those of the experiment. `${env:NAME}` stays as it is.
 */
export function requestSpec(experiment: RequestBlocks, places: RequestPlaces = {}): RequestSpec {
  const { function: target, request, response } = experiment;
  const name = presetOf(experiment);
  const preset = name === undefined ? undefined : presets[name];
  const contentType = request.contentType ?? preset?.request.contentType;
  const body = request.body ?? (request.multipart === undefined ? preset?.request.body : undefined);
  const ca = places.ca ?? target.tls?.ca;
  return {
    schema: REQUEST_SCHEMA,
    url: places.url ?? (target.url === "local" ? LOCAL_URL : target.url),
    method: target.method,
    headers: target.headers,
    timeoutSeconds: target.timeoutSeconds,
    ...(target.tls !== undefined && {
      tls: {
        ...(ca !== undefined && { ca }),
        ...(target.tls.insecure !== undefined && { insecure: target.tls.insecure }),
      },
    }),
    payloads: payloadKind(experiment),
    ...(contentType !== undefined && { contentType }),
    encode:
      request.encode ??
      (body === undefined && request.multipart === undefined ? preset?.request.encode : undefined) ??
      "binary",
    ...(body !== undefined && { body }),
    ...(request.multipart !== undefined && { multipart: withoutUndefined(request.multipart) as Multipart }),
    order: request.order,
    response: {
      ...(name !== undefined && { preset: name }),
      ...responseSpec(response, preset?.response, places.expected),
    },
  };
}

/** What an experiment's requests carry. */
export function payloadKind(experiment: RequestBlocks): RequestSpec["payloads"] {
  const { files, video, frames, lines } = experiment.request;
  if (lines !== undefined) return "lines";
  const pictures = presetOf(experiment) === "slblur";
  return pictures || [files, video, frames].some((value) => value !== undefined) ? "files" : "none";
}

function responseSpec(
  { preset: _, form, valid, content, ...lines }: RequestBlocks["response"],
  preset: ResponseSpec | undefined,
  expected: string | undefined,
): ResponseSpec {
  return {
    ...preset,
    ...withoutUndefined(lines),
    ...(content !== undefined && { content: [content].flat() }),
    ...(form !== undefined && { form: `slblur-${form}` as const }),
    valid: {
      ...(valid === undefined ? preset?.valid : withoutUndefined(valid)),
      ...(valid?.expected !== undefined && { expected: expected ?? valid.expected }),
    },
  } as ResponseSpec;
}

/** Without keys that have no value, as JSON would leave them out. */
function withoutUndefined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
