import type { ResponseForm } from "./accept.ts";
import type { BlurResult } from "./handler.ts";

/** What the process that answers says of itself. */
export interface ReplicaState {
  readonly replica: string;
  readonly coldStart: boolean;
  readonly processAgeSeconds: number;
  /** Waited for its turn in this process; not part of totalSeconds. */
  readonly waitSeconds: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer in the form that was asked for; see docs/data-formats.md. */
export function renderResponse(answer: BlurResult, state: ReplicaState, form: ResponseForm): HttpResponse {
  const headers = {
    "x-slbench-ml-seconds": String(answer.mlSeconds),
    "x-slbench-total-seconds": String(answer.totalSeconds),
    "x-slbench-faces": String(answer.faces.length),
    "x-slbench-backend": answer.backend,
    "x-slbench-cold-start": String(state.coldStart),
    "x-slbench-replica": state.replica,
  };
  if (form.kind === "picture") {
    return {
      status: 200,
      headers: { ...headers, "content-type": `image/${answer.format}` },
      body: answer.picture,
    };
  }
  const { picture, ...rest } = answer;
  const image = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength).toString("base64");
  if (form.kind === "text") {
    const text = `Elapsed ML time: ${answer.mlSeconds}\nTotal time: ${answer.totalSeconds}\n{'img': '${image}'}\n`;
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
      body: Buffer.from(text, "latin1"),
    };
  }
  // JSON.stringify would look at each of the base64 letters for something to escape.
  const json = `{"image":"${image}",${JSON.stringify({ ...rest, ...state }).slice(1)}`;
  return {
    status: 200,
    headers: { ...headers, "content-type": "application/json" },
    body: Buffer.from(json),
  };
}
