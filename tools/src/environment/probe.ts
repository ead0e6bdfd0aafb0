import { readFile } from "node:fs/promises";
import { ToolError } from "../errors.ts";

export interface ProbeAnswer {
  readonly seconds: number;
  /** As the function names it in `X-Slbench-Backend`; absent for functions that do not. */
  readonly backend?: string;
  readonly faces?: number;
}

/**
 * Posts one frame to the function before anything is measured.
 *
 * @throws {ToolError} RUN_FUNCTION_UNREACHABLE, RUN_FUNCTION_FAILS, RUN_FUNCTION_SLOW
 */
export async function probeFunction(
  url: string,
  frameFile: string,
  encoding: "base64" | "binary",
  timeoutSeconds: number,
  interrupted?: AbortSignal,
): Promise<ProbeAnswer> {
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
        `the function at ${url} gave no answer within ${timeoutSeconds} s`,
        {
          hint: "look at its log and load, or raise function.timeoutSeconds",
          cause,
        },
      );
    }
    throw new ToolError(
      "RUN_FUNCTION_UNREACHABLE",
      `the function at ${url} does not answer (${reason(cause)})`,
      {
        hint: "start it (slbench serve starts one on this machine), mend function.url in the experiment, or write function: {url: local}",
        cause,
      },
    );
  }
  if (!response.ok) {
    throw new ToolError(
      "RUN_FUNCTION_FAILS",
      `the function at ${url} answers a frame with HTTP ${response.status}`,
      {
        hint: response.status === 404 ? "check the path, for example /function/slblur" : "look at its log",
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
