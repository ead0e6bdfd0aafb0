import { usersOnSlave } from "@slbench/jmeter-plans";
import type { UserData } from "./cell-data.ts";
import type { Warning } from "./result-folder.ts";

export interface ReconcileInput {
  readonly cellName: string;
  readonly users: number;
  readonly framesPerClient: number;
  /** The slaves' addresses in order. */
  readonly slaves: readonly string[];
  readonly data: readonly UserData[];
  /** Frames that the gateway says it was asked for, where it is ours. */
  readonly gatewayRequests?: number;
}

/** The same thing counted at every place where it can be counted. */
export interface Reconciliation {
  readonly plannedUsers: number;
  readonly samples: number;
  readonly reports: number;
  readonly journals: number;
  readonly plannedFrames: number;
  readonly reportedFrames: number;
  readonly journalFrames: number;
  readonly gatewayRequests?: number;
  /** One per slave that has less than it was to have. */
  readonly lost: readonly HostLoss[];
  readonly warnings: readonly Warning[];
}

/** What is missing from one slave. */
export interface HostLoss {
  readonly host: string;
  readonly plannedUsers: number;
  /** Users without a sample. */
  readonly lostUsers: number;
  readonly plannedFrames: number;
  /** Frames of those users that their journals still hold. */
  readonly recoveredFrames: number;
  /** Planned frames that neither a report nor a journal knows. */
  readonly lostFrames: number;
}

/** Compares plan, samples, reports, journals and gateway; every difference is a warning with numbers. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { cellName, users, framesPerClient, slaves, data, gatewayRequests } = input;
  const warnings: Warning[] = [];
  const warn = (code: string, message: string, hint: string) =>
    warnings.push({ code, message, hint, cell: cellName });
  const lost: HostLoss[] = [];
  for (const [index, host] of slaves.entries()) {
    const own = data.filter((user) => user.slave === index + 1);
    const planned = usersOnSlave(users, slaves.length, index);
    const samples = own.filter((user) => user.sample !== undefined).length;
    if (samples > planned) {
      warn(
        "RECONCILE_TOO_MANY_USERS",
        `${host} ran ${samples} users, planned were ${planned}`,
        "does another master use this slave?",
      );
    }
    const plannedFrames = planned * framesPerClient;
    const known = own.reduce((sum, user) => sum + framesOf(user), 0);
    if (samples >= planned && known >= plannedFrames) continue;
    const recoveredFrames = own
      .filter((user) => user.report === undefined)
      .reduce((sum, user) => sum + (user.journal?.frames.length ?? 0), 0);
    const loss: HostLoss = {
      ...{ host, plannedUsers: planned, plannedFrames, recoveredFrames },
      lostUsers: Math.max(0, planned - samples),
      lostFrames: Math.max(0, plannedFrames - known),
    };
    lost.push(loss);
    warn("RECONCILE_LOST", describeLoss(loss), "the cell is not complete; slbench run --resume repeats it");
  }
  const stray = data.filter((user) => user.slave > slaves.length || user.slave < 1).length;
  if (stray > 0) {
    warn("RECONCILE_STRANGER", `${stray} users belong to none of the slaves`, "does another run write here?");
  }
  for (const user of data) {
    const name = `s${user.slave}-u${user.user}`;
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
    if (report !== undefined && journal !== undefined && report.frames !== journal.frames.length) {
      warn(
        "RECONCILE_JOURNAL",
        `client ${name} reports ${report.frames} frames, its journal holds ${journal.frames.length}`,
        "was the disk full?",
      );
    }
  }
  const sentFrames = data.reduce((sum, user) => sum + framesOf(user), 0);
  const cutShort = data.some((user) => user.journal?.cutShort !== undefined);
  // A client that was cut short leaves a request behind that no report counts.
  if (gatewayRequests !== undefined && gatewayRequests !== sentFrames && !cutShort && lost.length === 0) {
    warn(
      "RECONCILE_GATEWAY",
      `the gateway was asked ${gatewayRequests} times, the clients sent ${sentFrames} frames`,
      "does somebody else use the function?",
    );
  }
  return {
    plannedUsers: users,
    samples: data.filter((user) => user.sample !== undefined).length,
    reports: data.filter((user) => user.report !== undefined).length,
    journals: data.filter((user) => user.journal !== undefined).length,
    plannedFrames: users * framesPerClient,
    reportedFrames: data.reduce((sum, user) => sum + (user.report?.frames ?? 0), 0),
    journalFrames: data.reduce((sum, user) => sum + (user.journal?.frames.length ?? 0), 0),
    ...(gatewayRequests !== undefined && { gatewayRequests }),
    lost,
    warnings,
  };
}

const framesOf = (user: UserData) => user.report?.frames ?? user.journal?.frames.length ?? 0;

/** `10.0.0.3: 3 of 7 users, 41 frames lost (12 recovered from journals)` */
export function describeLoss(loss: HostLoss): string {
  const recovered =
    loss.recoveredFrames === 0 ? "" : ` (${loss.recoveredFrames} recovered from its clients' journals)`;
  return `${loss.host}: ${loss.lostUsers} of ${loss.plannedUsers} users, ${loss.lostFrames} frames lost${recovered}`;
}
