import type { Warning } from "../results/result-folder.ts";
import type { WorkerShell } from "./worker-shell.ts";

/** A worker that still has files of a cell, with the reason. */
export interface StillLeft {
  readonly address: string;
  readonly why: string;
}

/** The workers that may have files of a cell. @param recorded in cell.json */
export function workersToAsk(
  { state, workers = [] }: { readonly state: string; readonly workers?: readonly string[] },
  recorded: readonly string[] | undefined,
): readonly string[] {
  // A killed run did not record what it had fetched.
  return recorded ?? (state === "running" ? workers : []);
}

/**
 * Fetches from several workers at the same time.
 * @param shells of the workers, by address
 * @returns what `fetch` returned for each worker that could be reached, and the others
 */
export async function fetchFromEach<T>(
  addresses: readonly string[],
  shells: ReadonlyMap<string, WorkerShell>,
  fetch: (shell: WorkerShell) => Promise<T>,
): Promise<{ readonly fetched: readonly T[]; readonly stillLeft: readonly StillLeft[] }> {
  const results = await Promise.all(
    addresses.map(async (address) => {
      const shell = shells.get(address);
      if (shell === undefined) return { address, why: "no ssh target known" };
      return fetch(shell).then(
        (value) => ({ value }),
        (error: Error) => ({ address, why: error.message }),
      );
    }),
  );
  return {
    fetched: results.flatMap((result) => ("value" in result ? [result.value] : [])),
    stillLeft: results.flatMap((result) => ("why" in result ? [result] : [])),
  };
}

/** `10.0.0.3:8001 (no route)` */
export const describeStillLeft = (stillLeft: readonly StillLeft[]): string =>
  stillLeft.map(({ address, why }) => `${address} (${why})`).join(", ");

/** Replaces a cell's warnings with these codes; keeps all others. */
export function replaceWarnings(
  warnings: readonly Warning[],
  cell: string,
  codes: RegExp,
  now: readonly Warning[],
): readonly Warning[] {
  return [...warnings.filter((warning) => warning.cell !== cell || !codes.test(warning.code)), ...now];
}
