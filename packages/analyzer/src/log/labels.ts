import { checkClients } from "../clients/read-client.ts";
import { clientsNotNamed } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { type LabelSummary, LabelValues } from "./label-values.ts";
import type { Log } from "./log.ts";

/** Figures per label and number of threads: logs of the same number of threads are pooled, in a fixed order. */
export function summarizeLabels(logs: readonly Pick<Log, "threads" | "labels">[]): readonly LabelSummary[] {
  const pooled = new Map<string, { threads: number; values: LabelValues }>();
  for (const { threads, labels } of logs) {
    for (const values of labels) {
      const key = `${threads} ${values.label}`;
      let entry = pooled.get(key);
      if (entry === undefined) {
        entry = { threads, values: new LabelValues(values.label) };
        pooled.set(key, entry);
      }
      entry.values.merge(values);
    }
  }
  return [...pooled.values()]
    .sort((a, b) => compare(a.values.label, b.values.label) || a.threads - b.threads)
    .map(({ threads, values }) => values.summarize(threads));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Warnings about processes that ended with a return code other than 0, in a log without clients' reports. */
export function crashedProcesses(source: string, { clients, labels, samples }: Log): readonly Warning[] {
  const processes = new Set(labels.filter(({ isProcess }) => isProcess).map(({ label }) => label));
  if (processes.size > 0 && clients.length < samples) {
    return [clientsNotNamed(source, samples)];
  }
  return checkClients(clients)
    .filter(({ sample }) => processes.has(sample.label))
    .flatMap(({ warnings }) => warnings)
    .map((warning) => ({ ...warning, message: `${source}: ${warning.message}` }));
}
