import { shellWord } from "../help/shell-word.ts";
import type { Warning } from "./result-folder.ts";

/*
 * Every warning of a run, in one place: docs/errors.md lists the codes. The analyzer's own are in its
 * core/warning.ts.
 */

/** A cell that did not end `complete`. @param problem a sentence without a full stop */
export const cellNotComplete = (cell: string, state: string, problem: string): Warning => ({
  code: "RUN_CELL_NOT_COMPLETE",
  message: `${state}: ${problem}`,
  hint: `see cells/${cell}/logs; slbench run --resume repeats it`,
  cell,
});

export const workerRestarted = (cell: string, address: string): Warning => ({
  code: "RUN_WORKER_RESTARTED",
  message: `worker ${address} was restarted`,
  hint: "see its log",
  cell,
});

export const LOAD_NOT_REACHED = "LOAD_NOT_REACHED";

/** @param problem which cells, and how many of their users to expect @param fix what to change */
export const loadNotReached = (problem: string, fix: string): Warning => ({
  code: LOAD_NOT_REACHED,
  message: problem,
  hint: fix,
});

/** Something that differs between the parts of a resumed run. */
export const resumedChanged = (what: string, before: unknown, now: unknown): Warning => ({
  code: "RUN_RESUMED_CHANGED",
  message: `${what} changed between the parts of this run (${before}, then ${now})`,
  hint: "cells of the two parts may not be comparable; run the whole experiment again if that matters",
});

/** Journals that could not be fetched from workers. @param journalFolder on the workers @param folder the result */
export const journalsLeft = (
  cell: string,
  addresses: readonly string[],
  journalFolder: string,
  folder: string,
): Warning => ({
  code: "RUN_JOURNALS_LEFT",
  message: `the clients' journals stayed on ${addresses.join(", ")} (in ${journalFolder})`,
  hint: `${onceBack(folder)} cells/${cell}/journals first`,
  cell,
});

/** Saved response bodies that could not be fetched. @param away their folder on the workers @param folder the result */
export const responsesLeft = (
  cell: string,
  addresses: readonly string[],
  away: string,
  folder: string,
): Warning => ({
  code: "RUN_RESPONSES_LEFT",
  message: `the saved response bodies stayed on ${addresses.join(", ")} (in ${away})`,
  hint: `${onceBack(folder)} cells/${cell}/responses`,
  cell,
});

const onceBack = (folder: string) =>
  `once the host is back: slbench workers collect ${shellWord(folder)} (slbench run --resume fetches them too); without ssh, copy them into`;

export const tooManyUsers = (cell: string, host: string, samples: number, planned: number): Warning => ({
  code: "RECONCILE_TOO_MANY_USERS",
  message: `${host} ran ${samples} users, ${planned} were planned`,
  hint: "check whether another controller uses this worker",
  cell,
});

export const samplesRecovered = (cell: string, host: string, lost: number, planned: number): Warning => ({
  code: "RECONCILE_RECOVERED",
  message: `${host}: JMeter lost the samples of ${lost} of ${planned} users; their complete journals replace them`,
  hint: "check the network between this worker and the controller, and that each machine's own name resolves there (slbench doctor)",
  cell,
});

/** @param loss what is missing, as a sentence */
export const dataLost = (cell: string, loss: string): Warning => ({
  code: "RECONCILE_LOST",
  message: loss,
  hint: "repeat the incomplete cell with slbench run --resume",
  cell,
});

export const strangers = (cell: string, users: number): Warning => ({
  code: "RECONCILE_STRANGER",
  message: `${users} ${users === 1 ? "user belongs" : "users belong"} to no worker`,
  hint: "check whether another run writes to this folder",
  cell,
});

export const clientCrashed = (
  cell: string,
  client: string,
  responseCode: string,
  success: boolean,
): Warning => ({
  code: "CLIENT_CRASHED",
  message: `client ${client} ended with return code ${responseCode}${success ? ", although JMeter counts it as a success" : ""}`,
  hint: "see its output in samples.xml",
  cell,
});

export const clientWithoutReport = (cell: string, client: string): Warning => ({
  code: "CLIENT_NO_REPORT",
  message: `client ${client} ended with return code 0 but printed no report`,
  hint: "see samples.xml",
  cell,
});

export const journalDiffers = (cell: string, client: string, reported: number, written: number): Warning => ({
  code: "RECONCILE_JOURNAL",
  message: `client ${client} reports ${reported} requests, its journal holds ${written}`,
  hint: "check whether the disk was full",
  cell,
});

export const processorTimeUnknown = (cell: string): Warning => ({
  code: "FUNCTION_TIME_UNKNOWN",
  message: "function.metrics could not be read before or after the cell, or its counter was reset",
  hint: "check whether the function was restarted or its metrics responded too late; without its processor time, the model does not know what its cores can serve",
  cell,
});

export const gatewayDiffers = (cell: string, counted: number, sent: number): Warning => ({
  code: "RECONCILE_GATEWAY",
  message: `the gateway counted ${counted} requests, the clients sent ${sent}`,
  hint: "check whether other clients use the function",
  cell,
});
