// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter writes its variables and functions like that

import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { idleSeconds } from "../experiment/load-fields.ts";
import { constantTimer } from "./elements/constant-timer.ts";
import { planDocument } from "./elements/node.ts";
import { osProcessSampler } from "./elements/os-process-sampler.ts";
import { simpleDataWriter, viewResultsTree } from "./elements/result-collector.ts";
import { testPlan } from "./elements/test-plan.ts";
import { threadGroup } from "./elements/thread-group.ts";
import { literalText } from "./jmeter-text.ts";
import { type Platform, processArgument } from "./windows-argument.ts";
import { renderXml } from "./xml.ts";

/** Everything that one cell's plan contains. Paths are those of the machine that uses them. */
export interface PlanOptions {
  readonly name: string;
  /** Virtual users over all workers together; in an open loop, the clients that share the rate. */
  readonly users: number;
  /** How many workers share the users; 1 also for a run without workers. */
  readonly workers: number;
  /** Closed loop: seconds, `exponential:1`, `uniform:0.5..1.5` or `idle:60/10`. */
  readonly thinkTime?: string;
  /** Open loop: requests per second of all clients together. */
  readonly ratePerSecond?: number;
  readonly process?: ArrivalProcess;
  /** Requests of each user, or how long each sends. */
  readonly requestsPerUser?: number;
  readonly durationSeconds?: number;
  /** Absent: all users start together. */
  readonly startRatePerSecond?: number;
  readonly timeoutSeconds: number;
  readonly seed: number;
  /** Clients check each response's picture. */
  readonly verify?: true;
  /** The client's executable, on the workers. */
  readonly client: string;
  /** The request specification, on the workers. */
  readonly request: string;
  /** Folder or text file of payloads, on the workers; absent: none. */
  readonly payloads?: string;
  /** Folder for saved response bodies, on the workers; absent: none are saved. */
  readonly responseFolder?: string;
  /** Folder for the clients' journals, on the workers; the client makes it. Absent: no journals. */
  readonly journalFolder?: string;
  /** The clients' working directory, on the workers; absent: JMeter's own. */
  readonly directory?: string;
  /** The workers' system; absent: posix. */
  readonly platform?: Platform;
  /** Result files, on the controller. */
  readonly resultXml: string;
  readonly resultCsv: string;
}

/** Seconds that a client gets beyond its frames' limits and think times: its start and its report. */
const CLIENT_MARGIN_SECONDS = 30;
/** Seconds after a client's own deadline until JMeter kills it. */
const KILL_MARGIN_SECONDS = 10;
/** Lead time for a worker's threads if no start time was given. */
const LEAD_MS = 1000;
/** A start further in the past than this comes from a clock that is wrong. */
const FURTHEST_PAST_MS = 120_000;
/** For the controller's JVM and for each worker to get the plan. */
const START_DELAY_MS = 3_000;
const START_DELAY_PER_WORKER_MS = 1_200;

/** Time from the controller's start until every worker has the plan; the common start is this far ahead. */
export const startDelayMs = (workers: number) => START_DELAY_MS + START_DELAY_PER_WORKER_MS * workers;

/** How long one client may live: each request at its limit, each think time, and a margin. */
export function clientDeadlineSeconds(plan: Lifetime): number {
  return Math.ceil(sendingSeconds(plan)) + CLIENT_MARGIN_SECONDS;
}

type Lifetime = Pick<
  PlanOptions,
  | "users"
  | "requestsPerUser"
  | "durationSeconds"
  | "ratePerSecond"
  | "process"
  | "timeoutSeconds"
  | "thinkTime"
>;

function sendingSeconds({ users, requestsPerUser, durationSeconds, ...plan }: Lifetime): number {
  if (durationSeconds !== undefined) return durationSeconds + plan.timeoutSeconds;
  const count = requestsPerUser ?? 1;
  if (plan.ratePerSecond === undefined)
    return count * plan.timeoutSeconds + thinkSeconds(plan.thinkTime ?? "0", count);
  // Twice the mean: the arrivals of a Poisson process take longer than expected half of the time.
  const { everySeconds = 0 } = parseBursts(plan.process ?? "poisson") ?? {};
  return (2 * (count + 20) * users) / plan.ratePerSecond + 2 * everySeconds + plan.timeoutSeconds;
}

/** All think times of a user, more than the drawn ones practically ever add up to. */
function thinkSeconds(thinkTime: string, count: number): number {
  const pauses = idleSeconds(thinkTime, count);
  if (pauses !== undefined) return pauses;
  const [, mean] = /^exponential:(.*)$/.exec(thinkTime) ?? [];
  if (mean !== undefined) return Number(mean) * (count + 10 * Math.sqrt(count));
  return count * Number(/^uniform:.*\.\.(.*)$/.exec(thinkTime)?.[1] ?? thinkTime);
}

const jexl = (expression: string) => `\${__jexl3(${expression})}`;

// Evaluated by each worker. User j (from 0) of worker i is user j × workers + i of all.
const FITS = "${__P(slbench.worker.count,-1)} == ${workers} && ${worker} >= 0 && ${worker} < ${workers}";
const OWN_USERS = "(${users} + ${workers} - 1 - ${worker}) / ${workers}";
const USERS = jexl(`${FITS} ? ${OWN_USERS} : 0`);
// JMeter reads whole seconds only. The ramp-up makes the threads; the exact moment is the timer's.
const rampUp = (isTogether: boolean) =>
  isTogether ? "0" : jexl(`(${OWN_USERS} * \${workers} / \${startRatePerSecond}).intValue()`);
const TURN = "(${__threadNum} - 1) * ${workers} + ${worker}";
// The controller starts its workers one after the other, 1 s apart with TLS, so they need a common start time.
// A start further ahead than the controller ever sets comes from a slow clock: waiting would separate the users.
const FURTHEST_AHEAD = `${START_DELAY_MS} + ${START_DELAY_PER_WORKER_MS} * \${workers}`;
const TOLD = `\${start} > \${TESTSTART.MS} - ${FURTHEST_PAST_MS} && \${start} <= \${TESTSTART.MS} + ${FURTHEST_AHEAD}`;
const FIRST_START = `(${TOLD} ? \${start} : \${TESTSTART.MS} + ${LEAD_MS})`;
const ownDelay = (isTogether: boolean) => (isTogether ? "" : ` + (${TURN}) * 1000 / \${startRatePerSecond}`);
const untilStart = (isTogether: boolean) =>
  jexl(`(${FIRST_START}${ownDelay(isTogether)} - \${__time()}).longValue()`);
/** A client's part of the rate. */
const CLIENT_RATE = jexl("${ratePerSecond} * 1.0 / ${users}");
/** A client's part of a burst: whole requests, the first clients get more. */
const burstShare = (requests: number) => `((${requests} + \${users} - 1 - (${TURN})) / \${users}).intValue()`;

/** A client's part of the rate and of the bursts. JEXL divides whole numbers to whole numbers, hence `* 1.0`. */
function clientArrivals(process: ArrivalProcess | undefined): readonly string[] {
  if (process === undefined) return ["--rate", CLIENT_RATE];
  const bursts = parseBursts(process);
  if (bursts === undefined) return ["--rate", CLIENT_RATE, "--process", "${process}"];
  const { requests, everySeconds, withinSeconds } = bursts;
  const others = `(\${ratePerSecond} * 1.0 - ${requests / everySeconds}) / \${users}`;
  return [
    ...["--rate", jexl(`${others} + ${burstShare(requests)} * 1.0 / ${everySeconds}`)],
    ...["--process", `bursts:${jexl(burstShare(requests))}/${everySeconds}/${withinSeconds}`],
  ];
}
/** As in the report and as the journal's name: worker and user, both from 1. */
const USER = `w${jexl("${worker} + 1")}-u\${__threadNum}`;

/**
 * One cell's JMX. The users are the total over all workers, which know their turn by the properties
 * `slbench.worker.index` (from 0) and `slbench.worker.count`. If these are missing or do not fit the plan, no
 * user starts: otherwise each worker would run all users, and N × users would be measured as N. All workers count from
 * `slbench.start.ms` (epoch), which the controller sends (-G), or from `slbench.start.ms.INDEX` if that worker's clock
 * is off. Without it, each counts from its own start.
 *
 * @throws {SlbenchError} PLAN_BAD_TEXT if a text holds a character that XML cannot represent
 */
export function renderPlan(options: PlanOptions): string {
  const deadlineSeconds = clientDeadlineSeconds(options);
  const isTogether = options.startRatePerSecond === undefined;
  const plan = testPlan(literalText(options.name), describePlan(options), planVariables(options), [
    threadGroup(USERS, rampUp(isTogether), [
      constantTimer("Start in turn", untilStart(isTogether)),
      osProcessSampler({
        command: "${client}",
        args: clientArguments(options, deadlineSeconds),
        directory: options.directory === undefined ? "" : "${directory}",
        timeoutMs: (deadlineSeconds + KILL_MARGIN_SECONDS) * 1000,
      }),
    ]),
    viewResultsTree(literalText(options.resultXml)),
    simpleDataWriter(literalText(options.resultCsv)),
  ]);
  return renderXml(planDocument(plan));
}

/** The plan's variables: what the cell is, in one table of JMeter's window. */
function planVariables(options: PlanOptions): Record<string, string> {
  const argument = (text: string) => literalText(processArgument(text, options.platform ?? "posix"));
  return {
    users: String(options.users),
    ...optional({
      thinkTime: options.thinkTime,
      ratePerSecond: options.ratePerSecond,
      process: options.process,
      requestsPerUser: options.requestsPerUser,
      durationSeconds: options.durationSeconds,
      startRatePerSecond: options.startRatePerSecond,
    }),
    workers: String(options.workers),
    worker: "${__P(slbench.worker.index,-1)}",
    // A worker whose clock is known to be off gets its own start time.
    start: "${__P(slbench.start.ms.${__P(slbench.worker.index,-1)},${__P(slbench.start.ms,0)})}",
    timeoutSeconds: String(options.timeoutSeconds),
    seed: String(options.seed),
    client: literalText(options.client),
    request: argument(options.request),
    ...(options.payloads !== undefined && { payloads: argument(options.payloads) }),
    ...(options.responseFolder !== undefined && { responseFolder: literalText(options.responseFolder) }),
    ...(options.journalFolder !== undefined && { journalFolder: literalText(options.journalFolder) }),
    ...(options.directory !== undefined && { directory: literalText(options.directory) }),
    ...(options.platform !== undefined && { platform: options.platform }),
  };
}

const optional = (values: Readonly<Record<string, string | number | undefined>>) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

function clientArguments(options: PlanOptions, deadlineSeconds: number): readonly string[] {
  const { payloads, requestsPerUser, durationSeconds, ratePerSecond, process } = options;
  return [
    ...["--request", "${request}"],
    ...(payloads === undefined ? [] : ["--payloads", "${payloads}"]),
    ...(requestsPerUser === undefined ? [] : ["--count", "${requestsPerUser}"]),
    ...(durationSeconds === undefined ? [] : ["--duration", "${durationSeconds}"]),
    ...(ratePerSecond === undefined ? ["--think-time", "${thinkTime}"] : clientArrivals(process)),
    ...["--seed", "${seed}"],
    ...(options.verify ? ["--verify"] : []),
    ...["--user", USER],
    // The client ends by itself and reports before JMeter would kill it.
    ...["--deadline", String(deadlineSeconds)],
    ...(options.journalFolder === undefined ? [] : ["--journal", `\${journalFolder}/${USER}.jsonl`]),
    ...(options.responseFolder === undefined ? [] : ["--output", `\${responseFolder}/${USER}`]),
  ];
}

function describePlan(options: PlanOptions): string {
  const { users, workers, thinkTime, requestsPerUser, durationSeconds, ratePerSecond } = options;
  const { startRatePerSecond, process } = options;
  const last = workers === 1 ? "0" : `0 … ${workers - 1}`;
  const start = startRatePerSecond === undefined ? "all at once" : `one every ${1 / startRatePerSecond} s`;
  const how =
    durationSeconds === undefined ? `sends ${requestsPerUser} requests` : `sends for ${durationSeconds} s`;
  const load =
    ratePerSecond === undefined
      ? `Each ${how} and thinks ${thinkTime} s between them.`
      : `Together they send ${ratePerSecond} requests per second (${process}); each ${how}.`;
  return [
    `slbench: ${users} users over ${workers} workers together, ${start}.`,
    load,
    `JMeter must know which worker it is: -Jslbench.worker.count=${workers} -Jslbench.worker.index=${last}.`,
    "Without these properties no user starts.",
  ].join("\n");
}
