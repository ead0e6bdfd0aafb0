import { clientsDiffer } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import type { ClientRun } from "./client-run.ts";

/** Label of the sample that stands for a client without one. */
export const RECOVERED_LABEL = "recovered";

/** How many of a cell's clients left a sample, and how many are known from their journals only. */
export interface ClientCounts {
  readonly samples: number;
  readonly recovered: number;
}

export function countClients(clients: readonly ClientRun[]): ClientCounts {
  const recovered = clients.filter(({ sample }) => sample.label === RECOVERED_LABEL).length;
  return { samples: clients.length - recovered, recovered };
}

/** A warning if there are more or fewer clients than planned. */
export function checkClientCount(
  source: string,
  plannedClients: number | undefined,
  clients: readonly ClientRun[],
): readonly Warning[] {
  if (plannedClients === undefined || plannedClients === clients.length) return [];
  const { samples, recovered } = countClients(clients);
  return [clientsDiffer(source, samples, recovered, plannedClients)];
}
