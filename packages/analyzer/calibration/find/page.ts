import { quantileOfUnsorted } from "../../src/stats/quantile.ts";
import { renderTable } from "../render-table.ts";
import type { FindHost } from "./hosts.ts";
import type { Found } from "./searchers.ts";
import type { FindSize, HostResult, ProcedureName } from "./suite.ts";

/** What the page says of one procedure on one host. */
export interface Figures {
  /** Right answers ÷ answers; NaN without an answer. */
  readonly right: number;
  /** Searches without an answer ÷ searches. */
  readonly undecided: number;
  readonly medianMinutes: number;
  readonly medianRuns: number;
}

export function figuresOf(found: readonly Found[]): Figures {
  const answered = found.filter(({ load }) => load !== undefined);
  return {
    right: answered.filter(({ isRight }) => isRight).length / answered.length,
    undecided: 1 - answered.length / found.length,
    medianMinutes: middle(found.map(({ seconds }) => seconds)) / 60,
    medianRuns: middle(found.map(({ runs }) => runs)),
  };
}

const middle = (values: readonly number[]) => quantileOfUnsorted(values, 0.5);

/** A target of the search that does not hold. */
export interface MissedTarget {
  readonly host: string;
  readonly target: string;
  readonly found: string;
}

/** Answers that are called sure are right in at least this share. */
const RIGHT = 0.95;
/** Share of searches that may end without an answer. */
const UNDECIDED = 0.15;

export function missedTargets(results: readonly HostResult[]): readonly MissedTarget[] {
  return results.flatMap((result) => {
    const { host, found } = result;
    const own = figuresOf(found.get("slbench find") ?? []);
    const sweep = figuresOf(found.get("sweep, 3 runs each") ?? []).medianMinutes;
    const share = own.medianMinutes / sweep;
    const checks: readonly (readonly [boolean, string, string])[] = [
      [own.right >= RIGHT, `right in ${RIGHT}`, own.right.toFixed(3)],
      [own.undecided <= UNDECIDED, `undecided in at most ${UNDECIDED}`, own.undecided.toFixed(3)],
      [
        !(share > host.targetShare),
        `at most ${formatShare(host.targetShare)} of a sweep`,
        formatShare(share),
      ],
    ];
    return checks.flatMap(([holds, target, value]) =>
      holds ? [] : [{ host: host.function.name, target, found: value }],
    );
  });
}

const formatShare = (share: number) => `1/${(1 / share).toFixed(1).replace(/\.0$/, "")}`;

/** The generated part of docs/find.md. */
export function renderFindPart(results: readonly HostResult[], size: FindSize): string {
  const missed = missedTargets(results);
  return [
    `${size.searches} searches per host and procedure, ${size.sweeps} sweeps, seed ${size.seed}. A share of 0.95 of ${size.searches} has a Monte-Carlo error of ${Math.sqrt((0.95 * 0.05) / size.searches).toFixed(3)}.`,
    missed.length === 0
      ? "All targets hold."
      : `Targets that do not hold:\n\n${missed.map(({ host, target, found }) => `- ${host}: ${target}; found ${found}`).join("\n")}`,
    ...results.map(renderHost),
  ].join("\n\n");
}

function renderHost({ host, found }: HostResult): string {
  const sweep = figuresOf(found.get("sweep, 3 runs each") ?? []).medianMinutes;
  const rows = [...found].map(([name, own]) => rowOf(name, figuresOf(own), sweep));
  return `### ${describeHost(host)}\n\n${renderTable(["", "right", "undecided", "minutes", "of a sweep", "runs"], rows)}`;
}

function rowOf(name: ProcedureName, own: Figures, sweepMinutes: number): readonly string[] {
  return [
    name,
    own.right.toFixed(3),
    own.undecided.toFixed(3),
    own.medianMinutes.toFixed(0),
    (own.medianMinutes / sweepMinutes).toFixed(3),
    own.medianRuns.toFixed(0),
  ];
}

function describeHost({ function: target, load, goal, trueLoad, tolerance: { steps } }: FindHost): string {
  const step = load.kind === "users" ? 1 : load.stepPerSecond;
  const unit = load.kind === "users" ? "users" : "requests/s";
  const within = steps === 0 ? "exactly" : `± ${steps * step}`;
  return `${trueLoad * step} ${unit} ${within}: ${target.name}, \`${goal}\``;
}
