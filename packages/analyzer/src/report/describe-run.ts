import type { LogInput } from "../analysis/log-input.ts";
import type { Analysis } from "../analyze.ts";
import { describeArrivals, describeCondition, isClosedLoop } from "../core/condition.ts";
import { formatCount, formatPercent } from "../core/format.ts";

/** A machine that took part. */
export interface DescribedHost {
  readonly name: string;
  readonly worker?: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes?: number;
  readonly system: string;
  readonly node?: string;
}

/** How a result was measured, as far as run.json shows it. */
export interface RunDescription {
  readonly experiment?: string;
  readonly state?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly requestsPerUser?: number;
  readonly seed?: number;
  readonly order?: string;
  readonly function?: { readonly url: string; readonly hosting?: string };
  readonly backend?: string;
  readonly payloads?: { readonly count: number; readonly sha256?: string; readonly videoSha256?: string };
  readonly versions?: Readonly<Record<string, string>>;
  readonly hosts?: readonly DescribedHost[];
  /** Every planned cell and how far it got; `complete` if it was measured. */
  readonly cells?: readonly { readonly state: string }[];
}

/**
 * The experiment and when it was measured: the folder may be called anything.
 *
 * @example
 * ```ts
 * runTitle({ experiment: "faces", started: "2026-01-02T03:04:05Z" }); // "faces, 2026-01-02 03:04"
 * ```
 */
export const runTitle = ({ experiment, started }: RunDescription): string =>
  [experiment ?? "Result", started?.slice(0, 16).replace("T", " ")].flatMap((part) => part ?? []).join(", ");

/**
 * What the page's question asks about: the function by the name that its gateway knows it by, else the experiment.
 *
 * @example
 * ```ts
 * runSubject({ experiment: "quick", function: { url: "http://127.0.0.1:8080/function/slblur" } }); // "slblur"
 * ```
 */
export function runSubject({ experiment, function: measured }: RunDescription): string | undefined {
  const name = /^https?:\/\/[^/]+\/function\/([\w.-]+)(?=$|[/?#])/.exec(measured?.url ?? "")?.[1];
  return name ?? experiment;
}

/**
 * A paragraph for a paper: what was done, with what, and how the figures are defined.
 *
 * @example
 * ```ts
 * runMethods({}, analyze([])).startsWith("The function at"); // true
 * ```
 */
export function runMethods(run: RunDescription, { summary }: Analysis): string {
  const { cells } = summary;
  const clients = cells.reduce((sum, cell) => sum + cell.clients, 0);
  const requests = cells.reduce((sum, cell) => sum + cell.requests.sent, 0);
  const [host] = run.hosts ?? [];
  const machine = host === undefined ? "" : ` on ${host.cores} cores (${host.processor}, ${host.system})`;
  const versions =
    run.versions === undefined
      ? ""
      : `, Apache JMeter ${run.versions.jmeter} in distributed mode (Java ${run.versions.java})`;
  const slbench = ["slbench", ...(run.versions?.slbench === undefined ? [] : [run.versions.slbench])].join(
    " ",
  );
  const backend = summary.backends.length === 0 ? "" : ` (backend ${summary.backends.join(", ")})`;
  const isSteady = cells.some(({ part }) => part === "steady");
  return [
    `The function at ${run.function?.url ?? "the gateway"}${backend} was measured with ${slbench}${versions}${machine}.`,
    ...describeLoops(cells, run),
    ...describeRepetitions(cells),
    isSteady
      ? `The figures are of the ${formatCount(requests, "request")} whose responses arrived while all users were active.`
      : `${formatCount(clients, "client")} sent ${formatCount(requests, "request")} in all.`,
    "The success rate is the mean over clients of successful to sent requests; mean round trips include failed requests; quantiles are of type 7 (Hyndman and Fan 1996); intervals are of 95%.",
  ].join(" ");
}

/** `0, 1, 5 s`, and those that are not constant by their names: `1 s, exponential:1`. */
function describeThinkTimes(cells: Analysis["summary"]["cells"]): string {
  const constant = cells.filter(({ thinkTime }) => thinkTime === undefined);
  const seconds = [...new Set(constant.map(({ thinkTimeSeconds }) => thinkTimeSeconds))];
  const named = new Set(cells.flatMap(({ thinkTime }) => thinkTime ?? []));
  return [...(seconds.length === 0 ? [] : [`${seconds.sort((a, b) => a - b).join(", ")} s`]), ...named].join(
    ", ",
  );
}

/** How often each cell was run, if all were run equally often. */
function describeRepetitions(cells: Analysis["summary"]["cells"]): readonly string[] {
  const counts = new Set(cells.map(({ runs = [] }) => Math.max(1, runs.length)));
  const [count = 1] = counts;
  return counts.size === 1 && count > 1 ? [`Every cell was run ${count} times.`] : [];
}

/** What users did in closed loops, and at which rates requests arrived in open ones. */
function describeLoops(
  cells: Analysis["summary"]["cells"],
  { requestsPerUser }: RunDescription,
): readonly string[] {
  const list = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b).join(", ");
  const closed = cells.filter(isClosedLoop);
  const open = cells.filter((cell) => !isClosedLoop(cell));
  const processes = [...new Set(open.map(({ process }) => describeArrivals(process)))].sort().join(" and ");
  return [
    ...(closed.length === 0
      ? []
      : [
          `In closed loops of ${list(closed.map(({ users }) => users))} virtual users, each sent ${requestsPerUser === undefined ? "its requests" : formatCount(requestsPerUser, "request")}, with think times of ${describeThinkTimes(closed)}.`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `In open loops, requests arrived at ${list(open.map(({ ratePerSecond = 0 }) => ratePerSecond))} per second (arrival process: ${processes}), whether or not earlier ones had their responses.`,
        ]),
  ];
}

/**
 * How it was measured: names and values.
 *
 * @example
 * ```ts
 * describeRun({ experiment: "faces", seed: 1 }, []); // [["Experiment", "faces"], ["Seed", "1"]]
 * ```
 */
export function describeRun(
  run: RunDescription,
  inputs: readonly LogInput[],
): readonly (readonly [string, string])[] {
  const payloads = run.payloads && [
    `${run.payloads.count} files`,
    ...(run.payloads.sha256 === undefined ? [] : [`SHA-256 over all ${run.payloads.sha256}`]),
    ...(run.payloads.videoSha256 === undefined
      ? []
      : [`cut from the video with ${run.payloads.videoSha256}`]),
  ];
  const all: readonly (readonly [string, unknown])[] = [
    ["Experiment", run.experiment],
    ["State", run.state],
    ["Started", run.started],
    ["Ended", run.ended],
    ["Function", run.function?.url],
    ["Hosting", run.function?.hosting],
    ["Backend", run.backend],
    ["Payloads", payloads?.join(", ")],
    ["Requests per user", run.requestsPerUser],
    ["Order of cells", run.order],
    ["Seed", run.seed],
    ...Object.entries(run.versions ?? {}).map(
      ([name, version]) => [VERSION_NAMES[name] ?? name, version] as const,
    ),
    ...(run.hosts ?? []).map((host) => ["Host", describeHost(host)] as const),
    ["Processor of the load generator", describeLoad(inputs)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
}

/** Labels of run.json's versions. */
const VERSION_NAMES: Readonly<Record<string, string>> = {
  node: "Node.js",
  java: "Java",
  jmeter: "Apache JMeter",
  client: "Client, SHA-256",
  clientBuiltWith: "Client built with",
};

function describeHost({ name, worker, cores, processor, memoryBytes, system, node }: DescribedHost): string {
  return [
    worker === undefined ? name : `${name} (worker ${worker})`,
    `${cores} cores (${processor})`,
    ...(memoryBytes === undefined ? [] : [`${(memoryBytes / 1e9).toFixed(1)} GB of memory`]),
    system,
    ...(node === undefined ? [] : [`Node.js ${node}`]),
  ].join(", ");
}

/** How busy the load generator was: a busy one measures itself. */
function describeLoad(inputs: readonly LogInput[]): string | undefined {
  const busy = inputs
    .flatMap(({ users, thinkTimeSeconds, load }) =>
      load === undefined ? [] : [{ ratio: load.cpuBusyRatio, users, thinkTimeSeconds }],
    )
    .sort((a, b) => b.ratio - a.ratio);
  const [most] = busy;
  if (most === undefined) return undefined;
  const mean = busy.reduce((sum, { ratio }) => sum + ratio, 0) / busy.length;
  return `${formatPercent(most.ratio, 0)} busy at most (${describeCondition(most)}), ${formatPercent(mean, 0)} on average over ${busy.length} cells`;
}
