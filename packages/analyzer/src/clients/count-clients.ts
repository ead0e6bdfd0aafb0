import type { Warning } from "../core/warnings.ts";
import type { ClientRun } from "./client-run.ts";

/** Label of what stands for the sample of a client that left none. */
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
export function clientsDiffer(
  source: string,
  plannedClients: number | undefined,
  clients: readonly ClientRun[],
): readonly Warning[] {
  if (plannedClients === undefined || plannedClients === clients.length) return [];
  const { samples, recovered } = countClients(clients);
  const more =
    recovered === 0
      ? ""
      : `, ${recovered} more ${recovered === 1 ? "is" : "are"} known from ${recovered === 1 ? "its journal" : "their journals"} only`;
  return [
    {
      code: "CLIENTS_DIFFER",
      message: `${source}: ${samples} ${samples === 1 ? "client" : "clients"} left a sample${more}; ${plannedClients} were planned`,
      hint: "see the cell's logs: a worker may have died, or run another plan",
    },
  ];
}
