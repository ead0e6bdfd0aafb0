import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import type { RequestSpec } from "../spec/request-spec.ts";

/** Headers with the values of environment variables filled in. */
export interface ResolvedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** The values that must appear nowhere: remove them from everything that is written. */
  readonly secrets: readonly string[];
}

/**
 * Replaces each `${env:NAME}` by the variable's value.
 * @throws {SlbenchError} CLIENT_SECRET if a variable is not set or cannot be part of a header
 */
export function resolveHeaders(
  headers: RequestSpec["headers"],
  env: Readonly<Record<string, string | undefined>>,
): ResolvedHeaders {
  const secrets: string[] = [];
  const resolve = (header: string, text: string) =>
    text.replaceAll(/\$\{env:([^}]*)\}/g, (_, name: string) => {
      const value = env[name];
      if (value === undefined || value === "")
        throw secretError(name, header, "is not set", `set ${name} where the client runs`);
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
        throw secretError(
          name,
          header,
          "holds a line break or another character that no header can hold",
          `set ${name} to one line of text`,
        );
      secrets.push(value);
      return value;
    });
  const resolved = Object.entries(headers).map(([name, text]) => [name, resolve(name, text)]);
  return { headers: Object.fromEntries(resolved), secrets };
}

function secretError(name: string, header: string, problem: string, hint: string): SlbenchError {
  return new SlbenchError<ClientErrorCode>(
    "CLIENT_SECRET",
    `the environment variable ${name} for the header ${header} ${problem}`,
    {
      hint,
    },
  );
}

/** Replaces secrets in a text by `***`, because a function may echo its request's headers; undefined without any. */
export function createRedactor(secrets: readonly string[]): ((text: string) => string) | undefined {
  if (secrets.length === 0) return undefined;
  // Longest first, so that a secret that contains another one leaves no rest.
  const ordered = secrets.toSorted((left, right) => right.length - left.length);
  return (text) => ordered.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}
