// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter writes its variables and functions like that

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
  /** Virtual users over all workers together. */
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly requestsPerUser: number;
  readonly startRatePerSecond: number;
  /** How many workers share the users; 1 also for a run without workers. */
  readonly workers: number;
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly encoding: "base64" | "binary";
  readonly format: "json" | "text" | "image";
  /** The client's executable, on the workers. */
  readonly client: string;
  /** Folder of frames, on the workers. */
  readonly framesFolder: string;
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

/** How long one client may live: each frame at its limit, each think time, and a margin. */
export function clientDeadlineSeconds(
  plan: Pick<PlanOptions, "requestsPerUser" | "timeoutSeconds" | "thinkTimeSeconds">,
): number {
  return (
    Math.ceil(plan.requestsPerUser * (plan.timeoutSeconds + plan.thinkTimeSeconds)) + CLIENT_MARGIN_SECONDS
  );
}

const jexl = (expression: string) => `\${__jexl3(${expression})}`;

// Evaluated by each worker. User j (from 0) of worker i is user j × workers + i of all.
const FITS = "${__P(slbench.worker.count,-1)} == ${workers} && ${worker} >= 0 && ${worker} < ${workers}";
const OWN_USERS = "(${users} + ${workers} - 1 - ${worker}) / ${workers}";
const USERS = jexl(`${FITS} ? ${OWN_USERS} : 0`);
// JMeter reads whole seconds only. The ramp-up makes the threads; the exact moment is the timer's.
const RAMP_UP = jexl(`(${OWN_USERS} * \${workers} / \${startRatePerSecond}).intValue()`);
const TURN = "(${__threadNum} - 1) * ${workers} + ${worker}";
// The controller starts its workers one after the other, 1 s apart with TLS, so they need a common start time.
// A start further ahead than the controller ever sets comes from a slow clock: waiting would separate the users.
const FURTHEST_AHEAD = `${START_DELAY_MS} + ${START_DELAY_PER_WORKER_MS} * \${workers}`;
const TOLD = `\${start} > \${TESTSTART.MS} - ${FURTHEST_PAST_MS} && \${start} <= \${TESTSTART.MS} + ${FURTHEST_AHEAD}`;
const FIRST_START = `(${TOLD} ? \${start} : \${TESTSTART.MS} + ${LEAD_MS})`;
const UNTIL_START = jexl(
  `(${FIRST_START} + (${TURN}) * 1000 / \${startRatePerSecond} - \${__time()}).longValue()`,
);
/** As in the report and as the journal's name: worker and user, both from 1. */
const USER = `w${jexl("${worker} + 1")}-u\${__threadNum}`;

/**
 * One cell's JMX. The users are the total over all workers, which know their turn by the properties
 * `slbench.worker.index` (from 0) and `slbench.worker.count`. If these are missing or do not fit the plan, no
 * user starts: otherwise each worker would run all users, and N × users would be measured as N. All workers count from
 * `slbench.start.ms` (epoch), which the controller sends (-G), or from `slbench.start.ms.INDEX` if that worker's clock
 * is off. Without it, each counts from its own start.
 *
 * @throws {PlanError} PLAN_BAD_TEXT if a text holds a character that XML cannot represent
 */
export function renderPlan(options: PlanOptions): string {
  const deadlineSeconds = clientDeadlineSeconds(options);
  const plan = testPlan(literalText(options.name), describePlan(options), planVariables(options), [
    threadGroup(USERS, RAMP_UP, [
      constantTimer("Start in turn", UNTIL_START),
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
    thinkTimeSeconds: String(options.thinkTimeSeconds),
    requestsPerUser: String(options.requestsPerUser),
    startRatePerSecond: String(options.startRatePerSecond),
    workers: String(options.workers),
    worker: "${__P(slbench.worker.index,-1)}",
    // A worker whose clock is known to be off gets its own start time.
    start: "${__P(slbench.start.ms.${__P(slbench.worker.index,-1)},${__P(slbench.start.ms,0)})}",
    url: argument(options.url),
    timeoutSeconds: String(options.timeoutSeconds),
    encoding: options.encoding,
    format: options.format,
    client: literalText(options.client),
    framesFolder: argument(options.framesFolder),
    ...(options.journalFolder !== undefined && { journalFolder: literalText(options.journalFolder) }),
    ...(options.directory !== undefined && { directory: literalText(options.directory) }),
    ...(options.platform !== undefined && { platform: options.platform }),
  };
}

function clientArguments(options: PlanOptions, deadlineSeconds: number): readonly string[] {
  return [
    ...["--url", "${url}"],
    ...["--frames", "${framesFolder}"],
    ...["--count", "${requestsPerUser}"],
    ...["--think-time", "${thinkTimeSeconds}"],
    ...["--timeout", "${timeoutSeconds}"],
    ...["--encoding", "${encoding}"],
    ...["--format", "${format}"],
    ...["--user", USER],
    // The client ends by itself and reports before JMeter would kill it.
    ...["--deadline", String(deadlineSeconds)],
    ...(options.journalFolder === undefined ? [] : ["--journal", `\${journalFolder}/${USER}.jsonl`]),
  ];
}

function describePlan({ users, workers, thinkTimeSeconds, requestsPerUser, ...rest }: PlanOptions): string {
  const last = workers === 1 ? "0" : `0 … ${workers - 1}`;
  return [
    `slbench: ${users} users over ${workers} workers together, one every ${1 / rest.startRatePerSecond} s.`,
    `Each sends ${requestsPerUser} frames and thinks ${thinkTimeSeconds} s between them.`,
    `JMeter must know which worker it is: -Jslbench.worker.count=${workers} -Jslbench.worker.index=${last}.`,
    "Without these properties no user starts.",
  ].join("\n");
}
