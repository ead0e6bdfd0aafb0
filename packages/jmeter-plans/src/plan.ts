import { constantTimer } from "./elements/constant-timer.ts";
import { hashTree, type Node } from "./elements/node.ts";
import { osProcessSampler } from "./elements/os-process-sampler.ts";
import { simpleDataWriter, viewResultsTree } from "./elements/result-collector.ts";
import { testPlan } from "./elements/test-plan.ts";
import { threadGroup } from "./elements/thread-group.ts";
import { escapeJMeter } from "./jmeter-text.ts";
import { slaveShare } from "./share.ts";
import { renderXml } from "./xml.ts";

/** Everything that one cell's plan says. Paths are those of the machine that uses them. */
export interface PlanOptions {
  readonly name: string;
  /** Virtual users over all slaves together. */
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly framesPerClient: number;
  readonly startRatePerSecond: number;
  /** How many slaves share the users; 1 also for a run without slaves. */
  readonly slaves: number;
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly encoding: "base64" | "binary";
  readonly format: "json" | "text" | "image";
  /** The client's executable, on the slaves. */
  readonly client: string;
  /** Folder of frames, on the slaves. */
  readonly framesFolder: string;
  /** Folder for the clients' journals, on the slaves; it must exist. Absent: no journals. */
  readonly journalFolder?: string;
  /** The clients' working directory, on the slaves; absent: JMeter's own. */
  readonly directory?: string;
  /** Result files, on the master. */
  readonly resultXml: string;
  readonly resultCsv: string;
}

const INDEX = "${__P(slbench.slave.index,-1)}";
const COUNT = "${__P(slbench.slave.count,-1)}";
/** What a plan for one slave also accepts: no properties at all, so it runs in any JMeter. */
const NUMBER = "${__intSum(${__P(slbench.slave.index,0)},1)}";

/** Seconds that a client gets beyond its frames' limits and think times: its start and its report. */
const CLIENT_MARGIN_SECONDS = 30;

/** How long one client may live: each frame at its limit, each think time, and a margin. */
export function clientDeadlineSeconds(
  plan: Pick<PlanOptions, "framesPerClient" | "timeoutSeconds" | "thinkTimeSeconds">,
): number {
  return (
    Math.ceil(plan.framesPerClient * (plan.timeoutSeconds + plan.thinkTimeSeconds)) + CLIENT_MARGIN_SECONDS
  );
}

/** One cell's JMX. A slave whose index and count are unknown or do not fit starts no user at all. */
export function renderPlan(options: PlanOptions): string {
  const { users, slaves } = options;
  const first = slaveShare(users, slaves, 0, options.startRatePerSecond);
  const last = slaveShare(users, slaves, slaves - 1, options.startRatePerSecond);
  const larger = users % slaves === 0 ? slaves : users % slaves;
  const bySlave = (a: number, b: number) => (a === b ? String(a) : `(${INDEX} < ${larger} ? ${a} : ${b})`);
  const numThreads =
    slaves === 1
      ? String(users)
      : jexl(
          `${COUNT} == ${slaves} && ${INDEX} >= 0 && ${INDEX} < ${slaves} ? ${bySlave(first.users, last.users)} : 0`,
        );
  const rampUp =
    slaves === 1 ? String(first.rampUpSeconds) : jexl(bySlave(first.rampUpSeconds, last.rampUpSeconds));
  const plan = testPlan(options.name, describePlan(options), [
    threadGroup(numThreads, rampUp, [...startOffset(options), sampler(options)]),
    viewResultsTree(escapeJMeter(options.resultXml)),
    simpleDataWriter(escapeJMeter(options.resultCsv)),
  ]);
  return renderXml({
    tag: "jmeterTestPlan",
    attributes: { version: "1.2", properties: "5.0", jmeter: "5.6.3" },
    children: [hashTree([plan])],
  });
}

const jexl = (expression: string) => `\${__jexl3(${expression},)}`;

function describePlan(options: PlanOptions): string {
  const over = options.slaves === 1 ? "" : ` over ${options.slaves} slaves together`;
  return `slbench: ${options.users} users${over}, think time ${options.thinkTimeSeconds} s, ${options.framesPerClient} frames each`;
}

/** What JMeter's ramp-up in whole seconds cannot say: the slave's turn, and fractions of a second. */
function startOffset(options: PlanOptions): readonly Node<"timer">[] {
  const { users, slaves, startRatePerSecond } = options;
  const shares = [
    slaveShare(users, slaves, 0, startRatePerSecond),
    slaveShare(users, slaves, slaves - 1, startRatePerSecond),
  ];
  const [first = 0, last = 0] = shares.map((share) => share.slackMicros);
  if (slaves === 1 && first === 0) return [];
  const turn = Math.round(1e6 / startRatePerSecond);
  const larger = users % slaves === 0 ? slaves : users % slaves;
  const slack = first === last ? String(first) : `(${INDEX} < ${larger} ? ${first} : ${last})`;
  const index = slaves === 1 ? "0" : INDEX;
  return [
    constantTimer("Start offset", jexl(`(${index} * ${turn} + (\${__threadNum} - 1) * ${slack}) / 1000`)),
  ];
}

function sampler(options: PlanOptions): Node<"sampler"> {
  const deadline = clientDeadlineSeconds(options);
  const user = `s${NUMBER}-u\${__threadNum}`;
  const args = [
    ...["--url", escapeJMeter(options.url)],
    ...["--frames", escapeJMeter(options.framesFolder)],
    ...["--count", String(options.framesPerClient)],
    ...["--think-time", String(options.thinkTimeSeconds)],
    ...["--timeout", String(options.timeoutSeconds)],
    ...["--encoding", options.encoding],
    ...["--format", options.format],
    ...["--user", user],
    // The client ends by itself and reports before JMeter would kill it.
    ...["--deadline", String(deadline)],
    ...(options.journalFolder === undefined
      ? []
      : ["--journal", `${escapeJMeter(options.journalFolder)}/${user}.jsonl`]),
  ];
  return osProcessSampler({
    command: escapeJMeter(options.client),
    args,
    directory: escapeJMeter(options.directory ?? ""),
    timeoutMs: (deadline + 10) * 1000,
  });
}
