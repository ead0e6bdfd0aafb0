import { setTimeout as sleep } from "node:timers/promises";
import { readCellData, type UserData } from "../../results/cell-data.ts";
import { isDone } from "../../results/result-folder.ts";
import { writeRecovered } from "../../results/salvage.ts";
import { estimateClocks } from "../../results/worker-clocks.ts";
import type { RunContext } from "../context.ts";
import type { MeasuredPlan } from "./measured-plan.ts";
import type { CellPlace } from "./place.ts";

/** The cell's data on this machine. */
export interface CollectedData {
  readonly data: readonly UserData[];
  /** Workers whose journals could not be fetched. */
  readonly journalsLeftOn: readonly string[];
  /** Workers whose saved response bodies could not be fetched. */
  readonly responsesLeftOn: readonly string[];
  readonly clocks: ReturnType<typeof estimateClocks>;
  readonly recoveredClients: number;
}

/** Fetches journals and saved responses from the workers and reads them. */
export async function collectCell(
  { fleet, interrupted }: RunContext,
  { folder, journals, awayJournals, near, workers }: CellPlace,
  { outcome, clocksBefore }: MeasuredPlan,
): Promise<CollectedData> {
  const hurried = interrupted.aborted ? [sleep(1_500, near ? [] : workers)] : [];
  const [journalsLeftOn, responsesLeftOn] = await Promise.all([
    Promise.race([fleet.collectJournals(journals, awayJournals), ...hurried]),
    Promise.race([fleet.collectResponses(folder, awayJournals), ...hurried]),
  ]);
  const clocksAfter = interrupted.aborted ? [] : await fleet.readClocks();
  const data = await readCellData(folder, workers);
  const clocks = estimateClocks(workers, clocksBefore, clocksAfter, data);
  if (!isDone(outcome)) fleet.distrust();
  const recoveredClients = await writeRecovered(folder, data);
  return { data, journalsLeftOn, responsesLeftOn, clocks, recoveredClients };
}
