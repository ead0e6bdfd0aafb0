import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import type { ExpectedResponses } from "./read-fields.ts";

/**
 * Finds the expected response of every payload: a file of the payload's name, or of that name with another
 * extension (`1.jpg` and `1.json`).
 * @throws {SlbenchError} CLIENT_BAD_PAYLOAD if the folder or one of the files is missing
 */
export function openExpected(folder: string, payloads: readonly string[]): ExpectedResponses {
  const hint = "put one file per payload into the folder of response.valid.expected";
  let files: readonly string[];
  try {
    files = readdirSync(folder).sort();
  } catch (cause) {
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_BAD_PAYLOAD",
      `cannot read the folder of expected responses ${folder}`,
      {
        hint,
        cause,
      },
    );
  }
  const byStem = new Map(files.toReversed().map((name) => [stemOf(name), name]));
  const exact = new Set(files);
  const found = new Map(payloads.map((name) => [name, exact.has(name) ? name : byStem.get(stemOf(name))]));
  const missing = payloads.find((name) => found.get(name) === undefined);
  if (missing !== undefined)
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_BAD_PAYLOAD",
      `no expected response for ${missing} in ${folder}`,
      { hint },
    );
  return (payload) => {
    const name = found.get(payload) as string;
    try {
      return readFileSync(join(folder, name));
    } catch (cause) {
      throw new SlbenchError<ClientErrorCode>(
        "CLIENT_BAD_PAYLOAD",
        `cannot read the expected response ${name} in ${folder}`,
        {
          hint,
          cause,
        },
      );
    }
  };
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? name : name.slice(0, dot);
}
