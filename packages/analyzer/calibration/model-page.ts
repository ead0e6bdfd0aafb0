import { average } from "../src/queueing/numeric/average.ts";
import { quantile } from "../src/stats/quantile.ts";
import { FITS, type FitJudgement, type FitName, GOOD } from "./model-judge.ts";
import type { ModelSuiteSize } from "./model-suite.ts";
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
  const sections = fits.map((fit) => fitSection(fit, judgements));
  return [introduction(size), ...sections, verdicts(judgements), autoscaled(platforms, size)]
    .join("\n\n")
    .concat("\n");
}

function introduction({ seed, experiments, truthRuns }: ModelSuiteSize): string {
  return `# Calibration of the queueing model

\`npm run calibrate -- --only model\` measures simulated hosts, fits the model to some of the cells, and compares its predictions of the others with the truth. It generates this page; do not edit it by hand. \`packages/analyzer/calibration/model-hosts.ts\` defines the hosts.

Each host has ${experiments} experiments (seed ${seed}): 1 to 9, 12 and 18 users with think times of 0, 1 and 5 s, 37 requests per user, one user starting every 4 s, a time limit of 25 s, and a speed that differs by 1.5% between runs. Each true figure comes from ${truthRuns} runs. Hosts in _italics_ do something that the model has no term for.

- **median, worst**: error of the predicted mean, over all predicted cells: those not fitted, up to about twice the most fitted users. **success**: largest error of the success rate.
- **holds mean, holds success**: share of new runs within the 95% intervals.
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
  return `## Fitted to ${FITS[fit].join(", ")} users\n\n${renderTable(head, rows)}`;
}

function hostRow(host: string, own: readonly FitJudgement[]): readonly string[] {
  const errors = Float64Array.from(own.flatMap(({ errorRatios }) => errorRatios)).sort();
  const share = (of: (one: FitJudgement) => number) => average(own.map(of)).toFixed(2);
  const known = own.flatMap(({ holdsServers }) => holdsServers ?? []);
  return [
    known.length === 0 ? `_${host}_` : host,
    percent(quantile(errors, 0.5)),
    percent(errors.at(-1) ?? 0),
    Math.max(...own.flatMap(({ successErrors }) => successErrors)).toFixed(2),
    share(({ meanCoverage }) => meanCoverage),
    share(({ successCoverage }) => successCoverage),
    known.length === 0 ? "" : `${known.filter((one) => one).length} of ${known.length}`,
    whatIfs(own),
    share(({ goodShare }) => goodShare),
  ];
}

function whatIfs(own: readonly FitJudgement[]): string {
  const signs = { right: "+", wrong: "−", refused: "?", "not asked": "" };
  return own.map(({ whatIf }) => signs[whatIf]).join("");
}

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
      share((one) => one.expectedShare),
      share((one) => one.goodShare),
    ];
  });
  return `## Verdicts

The verdict gives the share of predictions that is expected to be within 10%. A fit is good if at least ${100 * GOOD.share}% are. ${judgements.filter(isGood).length} of ${judgements.length} fits are.

${renderTable(["verdict", "fits", "good fits", "expected within 10%", "within 10%"], rows)}`;
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
