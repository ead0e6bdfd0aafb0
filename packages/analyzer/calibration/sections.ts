import { type Claim, COVERAGE, INFORMATION, WRONG_VERDICTS } from "./claims.ts";

export interface Column {
  readonly head: string;
  /** Name of the count in the tally. */
  readonly count: string;
  readonly claim: Claim;
}

/** A table with a row for each scenario. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly columns: readonly Column[];
}

const coverage = (figure: string, kinds: readonly string[]): readonly Column[] =>
  kinds.map((kind) => ({ head: kind, count: `${figure}, ${kind}`, claim: COVERAGE }));

const KINDS = ["3 runs", "5 runs", "within 1 run"];
/** Two runs have verdicts on a quantile, but no interval. */
const JUDGED_KINDS = ["2 runs", ...KINDS];
const SIDES = ["1 + 1 runs", "1 + 1 runs, others repeated", "3 + 3 runs", "5 + 5 runs"];

const compared = (count: string, claim: Claim): readonly Column[] =>
  SIDES.map((kind) => ({ head: kind, count: `${count}, ${kind}`, claim }));

const goals = (goal: string, kinds: readonly string[]): readonly Column[] =>
  kinds.flatMap((kind) => [
    { head: `passes, ${kind}`, count: `${goal} goal passes at its limit, ${kind}`, claim: WRONG_VERDICTS },
    { head: `fails, ${kind}`, count: `${goal} goal fails at its limit, ${kind}`, claim: WRONG_VERDICTS },
  ]);

const SHARES_TEXT =
  "The binomial distribution is discrete and runs are few, so these intervals contain the true rate more often than they claim.";

export const SECTIONS: readonly Section[] = [
  {
    title: "Intervals of the mean",
    text: "How often the 95% interval of the mean round trip contains the mean over very many runs (_within 1 run_: over very many runs at the same host speed). _Others repeated_: three other conditions have three runs each. Two runs alone have no interval.",
    columns: coverage("mean", [
      "3 runs",
      "5 runs",
      "2 runs alone",
      "2 runs, others repeated",
      "1 run, others repeated",
      "within 1 run",
    ]),
  },
  {
    title: "Intervals of the throughput",
    text: "The same for successful responses per second.",
    columns: coverage("throughput", KINDS),
  },
  {
    title: "Intervals of the success rate",
    text: `The same for the share of successful requests, in the scenarios in which requests fail. ${SHARES_TEXT}`,
    columns: coverage("success", KINDS),
  },
  ...["p50", "p95", "p99"].map((name) => ({
    title: `Intervals of ${name}`,
    text: "The same for this quantile of a run, averaged over runs.",
    columns: coverage(name, KINDS),
  })),
  {
    title: "Goals: wrong verdicts at the limit",
    text: "A goal for p95 whose limit is exactly the true p95: how often it _passes_ or _fails_ instead of being undecided. Nominal: 5% each. No goal is set where more than 5% of the requests are cut off at the time limit, because p95 has no true figure there.",
    columns: goals("p95", JUDGED_KINDS),
  },
  {
    title: "Goals: mean, wrong verdicts at the limit",
    text: "The same for the mean.",
    columns: goals("mean", KINDS),
  },
  {
    title: "Goals: success rate, wrong verdicts at the limit",
    text: `The same for a success rate whose limit is exactly the true one. ${SHARES_TEXT}`,
    columns: goals("success", KINDS),
  },
  {
    title: "Goals: right verdicts far from the limit",
    text: "How often a goal for p95 _passes_ if its limit is 20% above the true p95, and _fails_ if its limit is 20% below.",
    columns: JUDGED_KINDS.flatMap((kind) => [
      { head: `passes, ${kind}`, count: `p95 goal passes with 20% to spare, ${kind}`, claim: INFORMATION },
      { head: `fails, ${kind}`, count: `p95 goal fails if missed by 20%, ${kind}`, claim: INFORMATION },
    ]),
  },
  {
    title: "Comparison: false differences",
    text: 'Two results of the same condition: how often `compare` says "higher" or "lower". Nominal: 5%.',
    columns: compared('nothing changed, "higher" or "lower"', WRONG_VERDICTS),
  },
  {
    title: "Comparison: false equivalence",
    text: 'The second result is slower by 10%, exactly the default margin: how often `compare` says "equivalent". Nominal: 5%.',
    columns: compared('slower by the margin, "equivalent"', WRONG_VERDICTS),
  },
  {
    title: "Comparison: power",
    text: 'How often `compare` says "equivalent" if nothing changed, and "higher" if the second result is slower by 20%.',
    columns: [
      ...SIDES.slice(1).map((kind) => ({
        head: `equivalent, ${kind}`,
        count: `nothing changed, "equivalent", ${kind}`,
        claim: INFORMATION,
      })),
      ...SIDES.slice(1).map((kind) => ({
        head: `higher, ${kind}`,
        count: `slower by 20%, "higher", ${kind}`,
        claim: INFORMATION,
      })),
    ],
  },
  {
    title: "Comparison of success rates",
    text: 'In the scenarios in which requests fail: how often `compare` says "higher" or "lower" if nothing changed; "equivalent" if the second rate is lower by one point, exactly the margin; and "lower" if it is lower by 20 points. Nominal for the first two: 5%.',
    columns: ["3 + 3 runs", "5 + 5 runs"].flatMap((kind) => [
      {
        head: `unchanged, ${kind}`,
        count: `success unchanged, "higher" or "lower", ${kind}`,
        claim: WRONG_VERDICTS,
      },
      {
        head: `at the margin, ${kind}`,
        count: `success lower by the margin, "equivalent", ${kind}`,
        claim: WRONG_VERDICTS,
      },
      {
        head: `20 points, ${kind}`,
        count: `success lower by 20 points, "lower", ${kind}`,
        claim: INFORMATION,
      },
    ]),
  },
  {
    title: "Changes within a run: false alarms",
    text: "The host keeps its level during the run: how often slbench reports a change. Nominal: 2%, or 10% if the level does change for a while (cold starts, wandering speed, slow phases).",
    columns: [
      {
        head: "false alarms",
        count: "false alarm",
        claim: { kind: "at most", nominal: 0.02, tolerance: 0.01 },
      },
    ],
  },
];

/** Claims about one host with 37 requests per user, by the number of users. */
export const CHANGE_COLUMNS: readonly {
  readonly head: string;
  readonly claim: Claim;
  readonly count: (users: number) => string;
}[] = [
  {
    head: "false alarms, independent values",
    claim: { kind: "at most", nominal: 0.02, tolerance: 0 },
    count: (users) => `false alarm, independent values, ${users} users`,
  },
  {
    head: "step found, independent values",
    claim: { kind: "at least", nominal: 0.9, tolerance: 0 },
    count: (users) => `step of 20% found, independent values, ${users} users`,
  },
  {
    head: "host 20% faster, found",
    claim: { kind: "at least", nominal: 0.9, tolerance: 0 },
    count: (users) => `host 20% faster, found, ${users} users`,
  },
  {
    head: "host 20% slower, found",
    claim: { kind: "at least", nominal: 0.9, tolerance: 0 },
    count: (users) => `host 20% slower, found, ${users} users`,
  },
];

/** The claim about false alarms if the host's speed is not steady. */
export const UNSTEADY_ALARMS: Claim = { kind: "at most", nominal: 0.1, tolerance: 0 };
