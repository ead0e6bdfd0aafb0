import type { BlurResult } from "../handler.ts";
import type { ResponseForm } from "./accept.ts";

/** Facts about the process that sends the response. */
export interface ReplicaState {
  readonly replica: string;
  readonly coldStart: boolean;
  readonly processAgeSeconds: number;
  /** Time in this process's queue before decoding; not part of totalSeconds. */
  readonly waitSeconds: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Renders a result in the requested form; see docs/data-formats.md. */
export function renderResponse(result: BlurResult, state: ReplicaState, form: ResponseForm): HttpResponse {
  const headers = {
    "x-slbench-ml-seconds": String(result.mlSeconds),
    "x-slbench-total-seconds": String(result.totalSeconds),
    "x-slbench-faces": String(result.faces.length),
    "x-slbench-backend": result.backend,
    "x-slbench-cold-start": String(state.coldStart),
    "x-slbench-replica": state.replica,
  };
  if (form.kind === "picture") {
    return {
      status: 200,
      headers: { ...headers, "content-type": `image/${result.format}` },
      body: result.picture,
    };
  }
  const { picture, networkWaitSeconds, ...rest } = result;
  const waitSeconds = Math.round((state.waitSeconds + networkWaitSeconds) * 1e6) / 1e6;
  const image = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength).toString("base64");
  if (form.kind === "text") {
    const text = `Elapsed ML time: ${result.mlSeconds}\nTotal time: ${result.totalSeconds}\n{'img': '${image}'}\n`;
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
      body: Buffer.from(text, "latin1"),
    };
  }
  // JSON.stringify would check every base64 character for escapes.
  const json = `{"image":"${image}",${JSON.stringify({ ...rest, ...state, waitSeconds }).slice(1)}`;
  return {
    status: 200,
    headers: { ...headers, "content-type": "application/json" },
    body: Buffer.from(json),
  };
}
