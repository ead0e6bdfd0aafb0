import { formatPercent } from "../src/core/format.ts";
import { average } from "../src/queueing/numeric/average.ts";
import { quantile } from "../src/stats/quantile.ts";
import { stdev } from "../src/stats/stdev.ts";
import { FITS, type FitJudgement, type FitName, GOOD, type JudgedPrediction } from "./model-judge.ts";
import { type ModelSuiteSize, TRAINING } from "./model-suite.ts";
import { OPEN_LOADS, OPEN_SECONDS } from "./open-loops.ts";
import type { PlatformFigure, PlatformJudgement } from "./platform-judge.ts";
import { renderTable } from "./render-table.ts";

const WORDS = ["trust", "caution", "do not trust"] as const;

/** docs/calibration-model.md: how well the queueing model predicts what it did not see. */
export function renderModelPage(
  judgements: readonly FitJudgement[],
  platforms: readonly PlatformJudgement[],
  size: ModelSuiteSize,
): string {
  const fits = Object.keys(FITS) as FitName[];
  return [
    introduction(size),
    ...fits.map((fit) => fitSection(fit, judgements)),
    verdicts(judgements),
    nextCells(judgements),
    openLoops(judgements),
    autoscaled(platforms, size),
  ]
    .join("\n\n")
    .concat("\n");
}

function introduction({ seed, experiments, truthRuns }: ModelSuiteSize): string {
  return `# Calibration of the queueing model

\`npm run calibrate -- --only model\` measures simulated hosts, fits the model to some of the cells, and compares its predictions of the others with the truth. It generates this page; do not edit it by hand. \`packages/analyzer/calibration/model-hosts.ts\` defines the hosts.

Each host has ${experiments} experiments (seed ${seed}): 1 to 9, 12 and 18 users with think times of 0, 1 and 5 s, 37 requests per user, one user starting every 4 s, a time limit of 25 s, and a speed that differs by 1.5% between runs. Each true figure comes from ${truthRuns} runs. Hosts in _italics_ do something that the model has no term for. Where CPU is known, cells have the processor time per request (±2%) and the number of cores. Where times are reported, responses have the time at one of two stations, or on a host with a delay; where payloads are known, those of fast and slow requests differ. Two stations count as one with the capacity of both (servers), and both get twice the servers (what if).

- **median, worst**: error of the predicted mean, over all predicted cells: those not fitted, up to twice the most fitted users. **success**: largest error of the success rate.
- **holds mean, holds success**: share of new runs within the 95% intervals; of the mean with its standard error over experiments, since all predictions of an experiment come from one fit: one unlucky fit of five lowers the share by up to 0.2.
- **servers**: experiments in which the 95% interval of the servers contains the true number.
- **what if**: experiments in which twice the servers changed the mean of 6 users without think time in the true direction (+), in a wrong one (−), or the model refused to answer (?).
- **within 10%**: share of predictions within ${100 * GOOD.errorRatio}% of the true mean and ${GOOD.successError.toFixed(2)} of the true success rate.`;
}

function fitSection(fit: FitName, judgements: readonly FitJudgement[]): string {
  const own = judgements.filter((one) => one.fit === fit);
  const hosts = [...new Set(own.map(({ host }) => host))];
  const head = [
    "",
    "median",
    "worst",
    "success",
    "holds mean",
    "holds success",
    "servers",
    "what if",
    "within 10%",
  ];
  const rows = hosts.map((host) =>
    hostRow(
      host,
      own.filter((one) => one.host === host),
    ),
  );
  const known = own.filter(({ holdsServers }) => holdsServers !== undefined);
  return `## Fitted to ${FITS[fit].join(", ")} users\n\n${renderTable(head, rows)}\n\nOver all ${known.length} experiments on hosts that the model has terms for, the intervals hold ${meanCoverage(known)} of the means.`;
}

/** Share of new means within the intervals, ± its standard error over experiments. */
function meanCoverage(own: readonly FitJudgement[]): string {
  const shares = own.map(({ predictions }) => average(predictions.map((one) => one.meanCoverage)));
  return `${average(shares).toFixed(2)} ± ${((stdev(shares) ?? 0) / Math.sqrt(shares.length)).toFixed(2)}`;
}

function hostRow(host: string, own: readonly FitJudgement[]): readonly string[] {
  const predictions = own.flatMap((one) => one.predictions);
  const errors = sorted(predictions.map(({ errorRatio }) => errorRatio));
  const share = (of: (one: JudgedPrediction) => number) => average(predictions.map(of)).toFixed(2);
  const known = own.flatMap(({ holdsServers }) => holdsServers ?? []);
  return [
    known.length === 0 ? `_${host}_` : host,
    percent(quantile(errors, 0.5)),
    percent(errors.at(-1) ?? 0),
    Math.max(...predictions.map(({ successError }) => successError)).toFixed(2),
    meanCoverage(own),
    share(({ successCoverage }) => successCoverage),
    known.length === 0 ? "" : `${known.filter((one) => one).length} of ${known.length}`,
    whatIfs(own),
    share(({ isGood }) => Number(isGood)),
  ];
}

function whatIfs(own: readonly FitJudgement[]): string {
  const signs = { right: "+", wrong: "−", refused: "?", "not asked": "" };
  return own.map(({ whatIf }) => signs[whatIf]).join("");
}

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();
const medianOf = (values: readonly number[]) => quantile(sorted(values), 0.5);
const percent = (ratio: number) => `${(100 * ratio).toFixed(1)}%`;
const isGood = ({ goodShare }: FitJudgement) => goodShare >= GOOD.share;

function verdicts(judgements: readonly FitJudgement[]): string {
  const rows = WORDS.map((word) => {
    const own = judgements.filter(({ verdict }) => verdict === word);
    const share = (of: (one: FitJudgement) => number) =>
      own.length === 0 ? "–" : average(own.map(of)).toFixed(2);
    return [
      word,
      String(own.length),
      String(own.filter(isGood).length),
      share((one) => one.mostRight),
      share((one) => one.expectedShare),
      share((one) => one.goodShare),
    ];
  });
  return `## Verdicts

The verdict gives the share of predictions that is expected to be within 10%; its word follows from how likely the fit is good: that at least ${100 * GOOD.share}% of them are. ${judgements.filter(isGood).length} of ${judgements.length} fits are. The verdict learnt from ${TRAINING.hosts} other hosts, drawn at random (\`training-hosts.ts\`, \`npm run calibrate -- --only verdict\`), so all hosts here are new to it, and its limits follow from those others too.

${renderTable(["verdict", "fits", "good fits", "good, expected", "expected within 10%", "within 10%"], rows)}

${wrongVerdicts(judgements)}`;
}

function wrongVerdicts(judgements: readonly FitJudgement[]): string {
  const list = (wrong: readonly FitJudgement[]) => {
    const names = [...new Set(wrong.map(({ host, fit }) => `${host} (${FITS[fit].join(", ")} users)`))];
    return names.length === 0
      ? "none"
      : names
          .map((name) => {
            const count = wrong.filter(
              ({ host, fit }) => name === `${host} (${FITS[fit].join(", ")} users)`,
            ).length;
            return `${name} × ${count}`;
          })
          .join("; ");
  };
  const trusted = judgements.filter((one) => one.verdict === "trust" && !isGood(one));
  const distrusted = judgements.filter((one) => one.verdict === "do not trust" && isGood(one));
  return `- Trusted, but not good: ${list(trusted)}.\n- Not trusted, but good: ${list(distrusted)}.`;
}

function nextCells(judgements: readonly FitJudgement[]): string {
  const own = judgements.filter(({ errorRatiosWithNext }) => errorRatiosWithNext !== undefined);
  const rows = [...new Set(own.map(({ host }) => host))].map((host) => {
    const fits = own.filter((one) => one.host === host);
    const before = fits.flatMap(({ predictions }) => predictions.map(({ errorRatio }) => errorRatio));
    const after = fits.flatMap(({ errorRatiosWithNext = [] }) => errorRatiosWithNext);
    return [
      host,
      percent(medianOf(before)),
      percent(medianOf(after)),
      percent(Math.max(...before)),
      percent(Math.max(...after)),
    ];
  });
  return `## One more cell

The errors of the fits to ${FITS.low.join(", ")} users, before and after the one cell was measured too that \`--next\` proposes.

${renderTable(["", "median", "with it", "worst", "with it"], rows)}`;
}

function openLoops(judgements: readonly FitJudgement[]): string {
  const all = judgements.filter(({ holdsServers }) => holdsServers !== undefined);
  const rows = OPEN_LOADS.map(({ share, hasBursts }, load) => {
    const own = all.flatMap(({ openLoops = [] }) => openLoops.filter((one) => one.load === load));
    const tails = own.map(({ p95ErrorRatio }) => p95ErrorRatio);
    const errors = own.map(({ errorRatio }) => errorRatio);
    const steady = own.flatMap(({ steadyErrorRatio }) => steadyErrorRatio ?? []);
    return [
      `${formatPercent(share, 0)}${hasBursts ? ", most in bursts" : ""}`,
      percent(medianOf(errors)),
      percent(Math.max(...errors)),
      percent(medianOf(tails)),
      percent(Math.max(...tails)),
      Math.max(...own.map(({ successError }) => successError)).toFixed(2),
      average(own.map(({ meanCoverage }) => meanCoverage)).toFixed(2),
      steady.length === 0 ? "–" : percent(medianOf(steady)),
      steady.length === 0 ? "–" : percent(Math.max(...steady)),
    ];
  });
  const head = [
    "arrivals ÷ capacity",
    "median",
    "worst",
    "p95 median",
    "worst",
    "success",
    "holds mean",
    "steady median",
    "worst",
  ];
  return `## Open loops

Arrivals for ${OPEN_SECONDS} s on the hosts that the model has terms for, predicted by the fits to ${FITS.spread.join(", ")} users: errors of the mean, of the 95th percentile and of the success rate, and those of the steady state without a time limit, which earlier versions gave. The arrivals are a Poisson process; in the last row, 60% of them arrive in a burst every minute, within a second.

${renderTable(head, rows)}`;
}

function autoscaled(
  judgements: readonly PlatformJudgement[],
  { experiments, truthRuns }: ModelSuiteSize,
): string {
  const scenarios = [...new Set(judgements.map(({ scenario }) => scenario))];
  const head = ["", "p95", "holds", "cold starts", "holds", "replica-s", "holds"];
  const rows = scenarios.map((scenario) => {
    const own = judgements.filter((one) => one.scenario === scenario);
    const worst = (figure: PlatformFigure) => Math.max(...own.map(({ errors }) => Math.abs(errors[figure])));
    const holds = (figure: PlatformFigure) => average(own.map(({ coverage }) => coverage[figure])).toFixed(2);
    return [
      scenario,
      ...[percent(worst("p95")), holds("p95")],
      ...[worst("cold").toFixed(3), holds("cold")],
      ...[percent(worst("replicaSeconds")), holds("replicaSeconds")],
    ];
  });
  return `## Autoscaled replicas

One replica is measured by itself (1, 2 and 4 users, think times 0 and 5 s; it reports its cold starts), and \`--autoscale\` predicts a platform of such replicas. Each platform (\`platform-scenarios.ts\`) has ${experiments} experiments; each true figure comes from ${truthRuns} runs with a speed that differs by 1.5%. The columns have the largest error of the 95th percentile, of the share of cold starts (a difference) and of the replica-seconds, and the share of new runs within the 95% interval of each.

${renderTable(head, rows)}`;
}
