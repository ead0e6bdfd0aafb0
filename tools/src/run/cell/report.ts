import type { LiveResult } from "@slbench/analyzer";
import { mean, quantileOfUnsorted } from "@slbench/analyzer/logs";
import type { Cell } from "@slbench/jmeter-plans";
import type { UserData } from "../../results/cell-data.ts";
import { type CellState, isDone, type Warning } from "../../results/result-folder.ts";
import { cellNotComplete, journalsLeft, responsesLeft } from "../../results/warnings.ts";
import { responseFolderName } from "../../workers/journal-folder.ts";
import type { RunContext } from "../context.ts";
import type { RejectedCell } from "../rejected.ts";
import type { CellResult } from "./assess.ts";
import type { CollectedData } from "./collect.ts";
import type { MeasuredPlan } from "./measured-plan.ts";
import type { CellPlace } from "./place.ts";

export interface MeasuredCell {
  readonly state: CellState;
  readonly warnings: readonly Warning[];
  /** The function rejects everything, so further cells would show nothing else. */
  readonly rejected?: RejectedCell;
}

/** Prints how the cell ended and returns it for run.json. */
export function reportCell(
  { progress, folder }: RunContext,
  { name }: Cell,
  { awayJournals }: CellPlace,
  { outcome }: MeasuredPlan,
  { data, journalsLeftOn, responsesLeftOn }: CollectedData,
  { state, problem, warnings, rejected }: CellResult,
): MeasuredCell {
  const requests = describeRequests(data);
  const why = state === "ended-early" ? `ended early: ${outcome.endedEarly}` : `${state}: ${problem}`;
  progress.cellEnded({
    state,
    text: state === "complete" ? requests : `${why}; ${requests}`,
    result: liveResult(data),
  });
  for (const warning of warnings) progress.warn(`  ! ${warning.message}`);
  const complete = isDone({ state });
  const notComplete = complete ? [] : [cellNotComplete(name, state, problem)];
  const awayResponses = responseFolderName(awayJournals);
  const left = [
    ...(complete || journalsLeftOn.length === 0
      ? []
      : [journalsLeft(name, journalsLeftOn, awayJournals, folder)]),
    ...(responsesLeftOn.length === 0 ? [] : [responsesLeft(name, responsesLeftOn, awayResponses, folder)]),
  ];
  for (const warning of left) progress.warn(`  ! ${warning.message}\n    ${warning.hint}`);
  return {
    state,
    warnings: [...notComplete, ...left, ...warnings],
    ...(rejected !== undefined && { rejected }),
  };
}

/** A first look at a cell, over its whole run. */
function liveResult(data: readonly UserData[]): LiveResult {
  const trips = data.flatMap(({ journal }) => journal?.requests.map((one) => one.roundTripSeconds) ?? []);
  const meanSeconds = mean(trips);
  return {
    ...countRequests(data),
    ...(meanSeconds !== undefined && { meanSeconds, p95Seconds: quantileOfUnsorted(trips, 0.95) }),
  };
}

function describeRequests(data: readonly UserData[]): string {
  const { sent, successful } = countRequests(data);
  return `${successful} of ${sent} requests successful`;
}

function countRequests(data: readonly UserData[]): { readonly sent: number; readonly successful: number } {
  const requests = data.flatMap(({ report, journal }) => [
    report ?? {
      requests: journal?.requests.length ?? 0,
      successful: journal?.requests.filter(isSuccessful).length ?? 0,
    },
  ]);
  const sum = (pick: (row: { requests: number; successful: number }) => number) =>
    requests.reduce((total, row) => total + pick(row), 0);
  return { sent: sum((row) => row.requests), successful: sum((row) => row.successful) };
}

const isSuccessful = (request: { readonly outcome: string }) => request.outcome === "ok";
