import { environmentNames } from "@slbench/client/request-spec";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { Job } from "../results/job.ts";

/**
 * The values of the `${env:NAME}` in an experiment's headers, from this machine's environment.
 * @throws {SlbenchError} USAGE_CLUSTER if one is not set, or could not be given to a worker
 */
export function readSecrets(
  { name, function: { headers } }: Pick<Job["experiment"], "name" | "function">,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(environmentNames(headers).map((key) => [key, readSecret(key, env[key], name)]));
}

function readSecret(key: string, value: string | undefined, experiment: string): string {
  if (value !== undefined && !/[\r\n]/.test(value)) return value;
  const what = value === undefined ? "is not set here" : "has several lines";
  throw new SlbenchError<ToolErrorCode>(
    "USAGE_CLUSTER",
    `${experiment}: a header takes its value from the variable ${key}, which ${what}`,
    {
      hint:
        value === undefined
          ? `export ${key}=… first: its value goes to the cluster in a Secret, which is removed with the fleet`
          : "a header's value has one line",
      exitCode: 2,
    },
  );
}
