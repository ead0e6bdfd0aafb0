import { readFile } from "node:fs/promises";
import { ToolError } from "../errors.ts";

export interface ProbeResponse {
  readonly seconds: number;
  /** From the header `X-Slbench-Backend`; absent if the function does not send it. */
  readonly backend?: string;
  readonly faces?: number;
}

/**
 * Sends one request to the function before anything is measured.
 *
 * @throws {ToolError} RUN_FUNCTION_UNREACHABLE, RUN_FUNCTION_FAILS, RUN_FUNCTION_SLOW
 */
export async function probeFunction(
  url: string,
  frameFile: string,
  encoding: "base64" | "binary",
  timeoutSeconds: number,
  interrupted?: AbortSignal,
): Promise<ProbeResponse> {
  const bytes = await readFile(frameFile);
  const type = frameFile.endsWith(".png") ? "image/png" : "image/jpeg";
  const begin = performance.now();
  const late = AbortSignal.timeout(timeoutSeconds * 1000);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body: encoding === "base64" ? bytes.toString("base64") : new Uint8Array(bytes),
      headers: { "Content-Type": encoding === "base64" ? "text/plain" : type, Accept: "application/json" },
      signal: interrupted ? AbortSignal.any([late, interrupted]) : late,
    });
    await response.arrayBuffer();
  } catch (cause) {
    if (interrupted?.aborted) throw cause;
    if (late.aborted) {
      throw new ToolError(
        "RUN_FUNCTION_SLOW",
        `the function at ${url} did not respond within ${timeoutSeconds} s`,
        {
          hint: "check its log and load, or raise function.timeoutSeconds",
          cause,
        },
      );
    }
    throw new ToolError(
      "RUN_FUNCTION_UNREACHABLE",
      `the function at ${url} does not respond (${reason(cause)})`,
      {
        hint: "start it (slbench serve starts one on this machine), fix function.url in the experiment, or write function: {url: local}",
        cause,
      },
    );
  }
  if (!response.ok) {
    throw new ToolError(
      "RUN_FUNCTION_FAILS",
      `the function at ${url} responds with HTTP ${response.status}`,
      {
        hint: response.status === 404 ? "check the path, for example /function/slblur" : "check its log",
      },
    );
  }
  const backend = response.headers.get("x-slbench-backend");
  const faces = response.headers.get("x-slbench-faces");
  return {
    seconds: (performance.now() - begin) / 1000,
    ...(backend !== null && { backend }),
    ...(faces !== null && { faces: Number(faces) }),
  };
}

function reason(error: unknown): string {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
