import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { REQUEST_SCHEMA, type RequestSpec } from "../spec/request-spec.ts";

const folder = mkdtempSync(join(tmpdir(), "slbench-request-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A specification as the face-blur preset makes it, changed by `part`. */
export function slblurSpec(url: string, part: Partial<RequestSpec> = {}): Partial<RequestSpec> {
  return {
    ...{ schema: REQUEST_SCHEMA, url, payloads: "files", encode: "base64" },
    response: { form: "slblur-json", valid: {} },
    ...part,
  };
}

/** Writes a specification to a file. @returns its path */
export function writeSpec(spec: object): string {
  const path = join(folder, `${++files}.json`);
  writeFileSync(path, JSON.stringify({ schema: REQUEST_SCHEMA, ...spec }));
  return path;
}

/** The client's arguments for requests to the face-blur function. */
export function slblurArgs(
  url: string,
  payloads: string,
  part: Partial<RequestSpec> = {},
): readonly string[] {
  return ["--request", writeSpec(slblurSpec(url, part)), "--payloads", payloads];
}
