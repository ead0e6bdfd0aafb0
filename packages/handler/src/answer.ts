import type { BlurAnswer } from "./handler.ts";

/** What the process that answers says of itself. */
export interface ReplicaState {
  readonly replica: string;
  readonly coldStart: boolean;
  readonly processAgeSeconds: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** An answer in the form that the `Accept` header asks for; see docs/data-formats.md. */
export function renderAnswer(answer: BlurAnswer, state: ReplicaState, accept: string): HttpAnswer {
  const headers = {
    "x-slbench-ml-seconds": String(answer.mlSeconds),
    "x-slbench-total-seconds": String(answer.totalSeconds),
    "x-slbench-faces": String(answer.faces.length),
    "x-slbench-backend": answer.backend,
    "x-slbench-cold-start": String(state.coldStart),
    "x-slbench-replica": state.replica,
  };
  if (/image\//i.test(accept)) {
    return {
      status: 200,
      headers: { ...headers, "content-type": `image/${answer.format}` },
      body: answer.picture,
    };
  }
  const image = Buffer.from(
    answer.picture.buffer,
    answer.picture.byteOffset,
    answer.picture.byteLength,
  ).toString("base64");
  if (/text\/plain/i.test(accept)) {
    const text = `Elapsed ML time: ${answer.mlSeconds}\nTotal time: ${answer.totalSeconds}\n{'img': '${image}'}\n`;
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
      body: Buffer.from(text),
    };
  }
  const { picture: _, ...rest } = answer;
  const body = Buffer.from(JSON.stringify({ image, ...rest, ...state }));
  return { status: 200, headers: { ...headers, "content-type": "application/json" }, body };
}
