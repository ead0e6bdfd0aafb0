import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { RequestSpec } from "@slbench/client/request-spec";
import { type Experiment, requestSpec } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** Name of the request specification in results, plan folders and bundles. */
export const REQUEST_FILE = "request.json";

/**
 * The request specification for clients on this machine; files that the experiment names are read or resolved.
 *
 * @param file the experiment file
 * @param url the function's address, if the experiment says `local`
 * @throws {SlbenchError} FILE_NO_CERTIFICATE
 */
export async function makeRequestSpec(
  experiment: Experiment,
  file: string,
  url?: string,
): Promise<RequestSpec> {
  const base = dirname(resolve(file));
  const { expected } = experiment.response.valid ?? {};
  const ca = await readCertificate(base, experiment.function.tls?.ca);
  return requestSpec(experiment, {
    ...(url !== undefined && { url }),
    ...(ca !== undefined && { ca }),
    ...(expected !== undefined && { expected: resolve(base, expected) }),
  });
}

async function readCertificate(base: string, ca: string | undefined): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const text = await readFile(resolve(base, ca), "utf8").catch((cause) => noCertificate(ca, cause));
  return text.includes("-----BEGIN CERTIFICATE-----") ? text : noCertificate(ca);
}

function noCertificate(ca: string, cause?: unknown): never {
  throw new SlbenchError<ToolErrorCode>(
    "FILE_NO_CERTIFICATE",
    `function.tls.ca: ${ca} is not a readable certificate`,
    {
      hint: "give a PEM file, relative to the experiment file",
      exitCode: 2,
      cause,
    },
  );
}

export const renderRequestSpec = (spec: RequestSpec): string => `${JSON.stringify(spec, null, 2)}\n`;
