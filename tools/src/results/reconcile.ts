import { usersOnWorker } from "@slbench/jmeter-plans";
import type { UserData } from "./cell-data.ts";
import type { Warning } from "./result-folder.ts";

export interface ReconcileInput {
  readonly cellName: string;
  readonly users: number;
  readonly requestsPerUser: number;
  /** The workers' addresses in order. */
  readonly workers: readonly string[];
  readonly data: readonly UserData[];
  /** Requests that the gateway says it was asked for, where it is ours. */
  readonly gatewayRequests?: number;
}

/** The same thing counted at every place where it can be counted. */
export interface Reconciliation {
  readonly plannedUsers: number;
  readonly samples: number;
  readonly reports: number;
  readonly journals: number;
  readonly plannedRequests: number;
  readonly reportedRequests: number;
  readonly journalRequests: number;
  readonly gatewayRequests?: number;
  /** One per worker that has less than it was to have. */
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
  /** Planned requests that neither a report nor a journal knows. */
  readonly lostRequests: number;
}

/** Compares plan, samples, reports, journals and gateway; every difference is a warning with numbers. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { cellName, users, requestsPerUser, workers, data, gatewayRequests } = input;
  const warnings: Warning[] = [];
  const warn = (code: string, message: string, hint: string) =>
    warnings.push({ code, message, hint, cell: cellName });
  const lost: HostLoss[] = [];
  for (const [index, host] of workers.entries()) {
    const own = data.filter((user) => user.worker === index + 1);
    const planned = usersOnWorker(users, workers.length, index);
    const samples = own.filter((user) => user.sample !== undefined).length;
    if (samples > planned) {
      warn(
        "RECONCILE_TOO_MANY_USERS",
        `${host} ran ${samples} users, planned were ${planned}`,
        "does another controller use this worker?",
      );
    }
    const plannedRequests = planned * requestsPerUser;
    const known = own.reduce((sum, user) => sum + requestsOf(user), 0);
    const whole = own.filter((user) => user.sample !== undefined || isWhole(user, requestsPerUser)).length;
    if (whole >= planned && known >= plannedRequests) {
      if (samples < planned) {
        warn(
          "RECONCILE_RECOVERED",
          `${host}: JMeter lost the samples of ${planned - samples} of ${planned} users; their journals are whole and stand in for them`,
          "check the network between this worker and the controller",
        );
      }
      continue;
    }
    const recoveredRequests = own
      .filter((user) => user.report === undefined)
      .reduce((sum, user) => sum + (user.journal?.requests.length ?? 0), 0);
    const loss: HostLoss = {
      ...{ host, plannedUsers: planned, plannedRequests, recoveredRequests },
      lostUsers: Math.max(0, planned - samples),
      lostRequests: Math.max(0, plannedRequests - known),
    };
    lost.push(loss);
    warn("RECONCILE_LOST", describeLoss(loss), "the cell is not complete; slbench run --resume repeats it");
  }
  const stray = data.filter((user) => user.worker > workers.length || user.worker < 1).length;
  if (stray > 0) {
    warn("RECONCILE_STRANGER", `${stray} users belong to none of the workers`, "does another run write here?");
  }
  for (const user of data) {
    const name = `w${user.worker}-u${user.user}`;
    if (user.sample !== undefined && user.sample.responseCode !== "0") {
      const rest = user.sample.success ? ", though JMeter calls it a success" : "";
      warn(
        "CLIENT_CRASHED",
        `client ${name} ended with return code ${user.sample.responseCode}${rest}`,
        "its sample in samples.xml holds what it printed",
      );
    } else if (user.sample !== undefined && user.report === undefined) {
      warn(
        "CLIENT_NO_REPORT",
        `client ${name} ended with return code 0 but printed no report`,
        "see samples.xml",
      );
    }
    const { report, journal } = user;
    if (report !== undefined && journal !== undefined && report.requests !== journal.requests.length) {
      warn(
        "RECONCILE_JOURNAL",
        `client ${name} reports ${report.requests} requests, its journal holds ${journal.requests.length}`,
        "was the disk full?",
      );
    }
  }
  const sentRequests = data.reduce((sum, user) => sum + requestsOf(user), 0);
  const cutShort = data.some((user) => user.journal?.cutShort !== undefined);
  // A client that was cut short leaves a request behind that no report counts.
  if (gatewayRequests !== undefined && gatewayRequests !== sentRequests && !cutShort && lost.length === 0) {
    warn(
      "RECONCILE_GATEWAY",
      `the gateway was asked ${gatewayRequests} times, the clients sent ${sentRequests} requests`,
      "does somebody else use the function?",
    );
  }
  return {
    plannedUsers: users,
    samples: data.filter((user) => user.sample !== undefined).length,
    reports: data.filter((user) => user.report !== undefined).length,
    journals: data.filter((user) => user.journal !== undefined).length,
    plannedRequests: users * requestsPerUser,
    reportedRequests: data.reduce((sum, user) => sum + (user.report?.requests ?? 0), 0),
    journalRequests: data.reduce((sum, user) => sum + (user.journal?.requests.length ?? 0), 0),
    ...(gatewayRequests !== undefined && { gatewayRequests }),
    lost,
    warnings,
  };
}

/** Its journal holds all that its sample would have said. */
const isWhole = ({ journal }: UserData, requestsPerUser: number) =>
  journal?.ended === true && journal.cutShort === undefined && journal.requests.length >= requestsPerUser;

const requestsOf = (user: UserData) => user.report?.requests ?? user.journal?.requests.length ?? 0;

/** `10.0.0.3: 3 of 7 users, 41 requests lost (12 recovered from journals)` */
export function describeLoss(loss: HostLoss): string {
  const recovered =
    loss.recoveredRequests === 0 ? "" : ` (${loss.recoveredRequests} recovered from its clients' journals)`;
  return `${loss.host}: ${loss.lostUsers} of ${loss.plannedUsers} users, ${loss.lostRequests} requests lost${recovered}`;
}
