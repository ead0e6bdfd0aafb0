import { formatCount, formatUsers } from "@slbench/analyzer/logs";
import { usersOnWorker } from "@slbench/jmeter-plans";
import type { UserData } from "./cell-data.ts";
import type { Warning } from "./result-folder.ts";
import {
  clientCrashed,
  clientWithoutReport,
  dataLost,
  gatewayDiffers,
  journalDiffers,
  samplesRecovered,
  strangers,
  tooManyUsers,
} from "./warnings.ts";

export interface ReconcileInput {
  readonly cellName: string;
  readonly users: number;
  /** Absent if users send for a time: then every journal that ended is whole. */
  readonly requestsPerUser?: number;
  /** The workers' addresses in order. */
  readonly workers: readonly string[];
  readonly data: readonly UserData[];
  /** Requests that the gateway counted, if slbench runs it. */
  readonly gatewayRequests?: number;
  /** The cell was ended early on purpose: what it lacks of its plan is not lost. */
  readonly wasEnded?: boolean;
}

/** The same quantities counted at every source. */
export interface Reconciliation {
  readonly plannedUsers: number;
  readonly samples: number;
  readonly reports: number;
  readonly journals: number;
  readonly plannedRequests?: number;
  readonly reportedRequests: number;
  readonly journalRequests: number;
  readonly gatewayRequests?: number;
  /** One per worker with less than planned. */
  readonly lost: readonly HostLoss[];
  readonly warnings: readonly Warning[];
}

/** What is missing from one worker. */
export interface HostLoss {
  readonly host: string;
  readonly plannedUsers: number;
  /** Users without a sample. */
  readonly lostUsers: number;
  readonly plannedRequests: number;
  /** Requests of those users that their journals still hold. */
  readonly recoveredRequests: number;
  /** Planned requests found in neither a report nor a journal. */
  readonly lostRequests: number;
}

/** Compares plan, samples, reports, journals and gateway; every difference is a warning with numbers. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { cellName, users, requestsPerUser, workers, data, gatewayRequests } = input;
  const hosts = workers.map((host, index) => reconcileHost(input, host, index));
  const lost = hosts.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const stray = data.filter((user) => user.worker > workers.length || user.worker < 1).length;
  const sentRequests = data.reduce((sum, user) => sum + requestsOf(user), 0);
  const cutShort = data.some((user) => user.journal?.cutShort !== undefined);
  // A client that was cut short leaves a request that no report counts.
  const gatewayCounts =
    gatewayRequests !== undefined && !cutShort && input.wasEnded !== true && lost.length === 0;
  return {
    plannedUsers: users,
    samples: data.filter((user) => user.sample !== undefined).length,
    reports: data.filter((user) => user.report !== undefined).length,
    journals: data.filter((user) => user.journal !== undefined).length,
    ...(requestsPerUser !== undefined && { plannedRequests: users * requestsPerUser }),
    reportedRequests: data.reduce((sum, user) => sum + (user.report?.requests ?? 0), 0),
    journalRequests: data.reduce((sum, user) => sum + (user.journal?.requests.length ?? 0), 0),
    ...(gatewayRequests !== undefined && { gatewayRequests }),
    lost,
    warnings: [
      ...hosts.flatMap(({ warnings }) => warnings),
      ...(stray > 0 ? [strangers(cellName, stray)] : []),
      ...data.flatMap((user) => clientWarnings(cellName, user)),
      ...(gatewayCounts && gatewayRequests !== sentRequests
        ? [gatewayDiffers(cellName, gatewayRequests, sentRequests)]
        : []),
    ],
  };
}

interface HostCounts {
  readonly warnings: readonly Warning[];
  readonly loss?: HostLoss;
}

function reconcileHost(input: ReconcileInput, host: string, index: number): HostCounts {
  const { cellName, users, requestsPerUser, workers, data } = input;
  const own = data.filter((user) => user.worker === index + 1);
  const planned = usersOnWorker(users, workers.length, index);
  const samples = own.filter((user) => user.sample !== undefined).length;
  const surplus = samples > planned ? [tooManyUsers(cellName, host, samples, planned)] : [];
  const known = own.reduce((sum, user) => sum + requestsOf(user), 0);
  const plannedRequests = requestsPerUser === undefined ? known : planned * requestsPerUser;
  const whole = own.filter((user) => user.sample !== undefined || isWhole(user, requestsPerUser)).length;
  if (input.wasEnded === true) return { warnings: surplus };
  if (whole >= planned && known >= plannedRequests) {
    const recovered = samples < planned ? [samplesRecovered(cellName, host, planned - samples, planned)] : [];
    return { warnings: [...surplus, ...recovered] };
  }
  const recoveredRequests = own
    .filter((user) => user.report === undefined)
    .reduce((sum, user) => sum + (user.journal?.requests.length ?? 0), 0);
  const loss: HostLoss = {
    ...{ host, plannedUsers: planned, plannedRequests, recoveredRequests },
    lostUsers: Math.max(0, planned - samples),
    lostRequests: Math.max(0, plannedRequests - known),
  };
  return { loss, warnings: [...surplus, dataLost(cellName, describeLoss(loss))] };
}

function clientWarnings(
  cell: string,
  { worker, user, sample, report, journal }: UserData,
): readonly Warning[] {
  const name = `w${worker}-u${user}`;
  const warnings: Warning[] = [];
  if (sample !== undefined && sample.responseCode !== "0") {
    warnings.push(clientCrashed(cell, name, sample.responseCode, sample.success));
  } else if (sample !== undefined && report === undefined) {
    warnings.push(clientWithoutReport(cell, name));
  }
  if (report !== undefined && journal !== undefined && report.requests !== journal.requests.length) {
    warnings.push(journalDiffers(cell, name, report.requests, journal.requests.length));
  }
  return warnings;
}

/** Its journal holds everything that its sample would contain. */
const isWhole = ({ journal }: UserData, requestsPerUser = 0) =>
  journal?.ended === true && journal.cutShort === undefined && journal.requests.length >= requestsPerUser;

const requestsOf = (user: UserData) => user.report?.requests ?? user.journal?.requests.length ?? 0;

/** `10.0.0.3: 3 of 7 users, 41 requests lost (12 recovered from journals)` */
export function describeLoss(loss: HostLoss): string {
  const recovered =
    loss.recoveredRequests === 0 ? "" : ` (${loss.recoveredRequests} recovered from its clients' journals)`;
  return `${loss.host}: ${loss.lostUsers} of ${formatUsers(loss.plannedUsers)}, ${formatCount(loss.lostRequests, "request")} lost${recovered}`;
}
