import { formatPercent } from "../../core/format.ts";
import type { Interval } from "../../stats/interval.ts";
import { studentT } from "../../stats/student-t.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { demandAt, FAST, type SizeEffect, SLOW } from "../station/sizes.ts";
import { findClassStep, type NoClasses } from "./class-step.ts";
import { failedRequests } from "./client-totals.ts";
import { lightRuns } from "./demand-by-size.ts";
import type { ModelClient, Observation, RequestSize } from "./observation.ts";
import { type PreparedCell, sizesSeen } from "./prepare-cell.ts";
import type { SizeLine } from "./size-line.ts";
import { sizedSums } from "./sized-moments.ts";

/** Requests of one class. */
export interface RequestClass {
  readonly name: "fast" | "slow";
  /** What they sent: names of payloads, or sizes with their unit. */
  readonly kinds: readonly string[];
  /** Of all requests. */
  readonly share: number;
  /** Only if the classes were chosen. */
  readonly demandSeconds?: number;
  /** 95%. */
  readonly interval?: Interval;
}

/** Whether requests are of two classes, each with a demand of its own. */
export interface ClassesFinding {
  readonly isChosen: boolean;
  /** As a sentence. */
  readonly reason: string;
  /** The time that they were found from. */
  readonly time: RequestSize["time"];
  /** What the sizes count, if they are the kinds: `faces`. */
  readonly unit?: string;
  /** Absent if requests are not of two classes. */
  readonly classes?: readonly [RequestClass, RequestClass];
  /** Errors of the mean time of one kind in one run, each predicted from other runs; seconds. */
  readonly leaveOneOutError?: { readonly constantSeconds: number; readonly classesSeconds: number };
}

/** The finding, and what a fit needs of it if there are two classes. */
export interface FoundClasses {
  readonly found: ClassesFinding;
  readonly chosen?: {
    readonly effect: SizeEffect;
    readonly line: SizeLine;
    /** With the share of slow requests as their mean size. */
    readonly observations: readonly Observation[];
  };
}

/** More different requests are no kinds. */
const MAX_KINDS = 20;
/** As for a line of sizes: the richer model must beat the simpler one by this factor. */
const MARGIN = 0.9;
/** Two-sided level of the step's test. */
const LEVEL = 0.99;
/** A smaller step, as a share of the mean demand, makes no difference. */
const MIN_STEP = 0.1;

const WHY_NOT: Readonly<Record<NoClasses, string>> = {
  "few-requests": "too few requests of each kind were sent under light load",
  unlike: "the kinds of requests do not fall into two classes in every run",
  "kinds-follow-time":
    "the kinds of requests follow one another while the clients send, so that kind and drift cannot be told apart; send the payloads in another order",
};

/** Decides whether requests are of two classes; undefined if all are of one kind, or of too many. @param station one for all */
export function findClasses(
  cells: readonly PreparedCell[],
  station: ModelParameters,
): FoundClasses | undefined {
  const payloads = namesOf(cells, payloadsOf);
  const size = cells.find(({ cell }) => cell.size !== undefined)?.cell.size;
  const unit = payloads.length > 1 ? undefined : size?.name;
  const kindsOf = payloads.length > 1 ? payloadsOf : sizesAsKinds;
  const names = namesOf(cells, kindsOf);
  if (names.length < 2 || names.length > MAX_KINDS) return undefined;
  const numbers = new Map(names.map((name, index) => [name, index]));
  const numberOf = (name: string | undefined) => numbers.get(name as string) ?? Number.NaN;
  const numbered = replaceSizes(cells, kindsOf, numberOf);
  const time = size?.time ?? "roundTripSeconds";
  // Of sizes, the reason why there is no line says enough.
  const refuse = (reason: string, more: Partial<ClassesFinding> = {}): FoundClasses | undefined =>
    kindsOf !== payloadsOf
      ? undefined
      : {
          found: {
            isChosen: false,
            reason: `The model takes one class of requests: ${reason}.`,
            time,
            ...more,
          },
        };
  const step = findClassStep(lightRuns(numbered, station), names.length);
  if (typeof step === "string") return refuse(WHY_NOT[step]);
  const { line, isSlow } = step;
  const errors = {
    leaveOneOutError: { constantSeconds: line.constantError, classesSeconds: line.linearError },
  };
  const error = line.linearError / line.constantError;
  const beats = `left-out runs are predicted with ${formatPercent(error, 0)} of the error of one demand for all`;
  if (!(error < MARGIN)) return refuse(`${beats} (below ${formatPercent(MARGIN, 0)} is needed)`, errors);
  const reach = studentT((1 + LEVEL) / 2, line.degrees) * line.standardError;
  if (!(line.perUnitSeconds > Math.max(reach, MIN_STEP * station.demandSeconds)))
    return refuse("the step between them is small, or within its own uncertainty", errors);
  const stepped = replaceSizes(cells, kindsOf, (name) => Number(isSlow[numberOf(name)] ?? Number.NaN));
  const slow = stepped.flatMap(({ cell }) => cell.clients.flatMap(({ sizes = [] }) => sizes));
  const known = slow.filter((one) => !Number.isNaN(one));
  const share = known.reduce((sum, one) => sum + one, 0) / known.length;
  const classOf = (name: RequestClass["name"], ownShare: number): RequestClass => ({
    name,
    kinds: names.filter((_, index) => isSlow[index] === (name === "slow")),
    share: ownShare,
  });
  return {
    found: {
      ...{ isChosen: true, reason: `Requests are of two classes: ${beats}.`, time, ...errors },
      ...(unit !== undefined && { unit }),
      classes: [classOf("fast", 1 - share), classOf("slow", share)],
    },
    chosen: {
      line,
      effect: {
        ...{ perUnitSeconds: line.perUnitSeconds, meanUnits: share },
        classes: [
          { share: 1 - share, units: FAST, name: "fast" },
          { share, units: SLOW, name: "slow" },
        ],
      },
      observations: stepped.flatMap(({ cell, seen }) =>
        seen === undefined ? [] : withMix(seen, cell.clients),
      ),
    },
  };
}

/** The finding with the demands of the fitted station. */
export function withDemands(
  found: ClassesFinding,
  parameters: ModelParameters,
  draws: readonly ModelParameters[],
): ClassesFinding {
  const [fast, slow] = found.classes as NonNullable<ClassesFinding["classes"]>;
  const describe = (one: RequestClass, units: number): RequestClass => {
    const demandSeconds = demandAt(parameters, units);
    const demands = draws.map((draw) => demandAt(draw, units));
    return { ...one, demandSeconds, interval: drawInterval(demands, demandSeconds) };
  };
  return { ...found, classes: [describe(fast, FAST), describe(slow, SLOW)] };
}

/** The size of each of a client's requests by its class, NaN if that is not known. */
export function sizesByClass(client: ModelClient, { classes, unit }: ClassesFinding): readonly number[] {
  const [fast, slow] = classes ?? [];
  const isKnown = (kind: string | undefined) =>
    kind !== undefined && (fast?.kinds.includes(kind) || slow?.kinds.includes(kind));
  const kinds = unit === undefined ? payloadsOf(client) : sizesAsKinds(client);
  return kinds.map((kind) => (isKnown(kind) ? Number(slow?.kinds.includes(kind as string)) : Number.NaN));
}

/** A cell's observation, with the share of slow requests as its mean size if two classes were chosen. */
export function seenByClass(
  { cell, seen }: PreparedCell,
  classes: ClassesFinding | undefined,
): Observation | undefined {
  if (seen === undefined || classes?.isChosen !== true) return seen;
  return withMix(
    seen,
    cell.clients.map((client) => ({ ...client, sizes: sizesByClass(client, classes) })),
  );
}

/** The kind of each request of a client. */
type KindsOf = (client: ModelClient) => readonly (string | undefined)[];

const payloadsOf: KindsOf = ({ kinds = [] }) => kinds;

const sizesAsKinds: KindsOf = ({ sizes = [] }) =>
  sizes.map((size) => (Number.isNaN(size) ? undefined : String(size)));

function namesOf(cells: readonly PreparedCell[], kindsOf: KindsOf): readonly string[] {
  const names = new Set(cells.flatMap(({ cell }) => cell.clients.flatMap(kindsOf)));
  const byNumber = new Intl.Collator("en", { numeric: true });
  return [...names].filter((name) => name !== undefined).sort(byNumber.compare);
}

/** The cells with a number for each request's kind in place of its size; failed requests have none. */
function replaceSizes(
  cells: readonly PreparedCell[],
  kindsOf: KindsOf,
  numberOf: (kind: string | undefined) => number,
): readonly PreparedCell[] {
  return cells.map((prepared) => {
    const clients = prepared.cell.clients.map((client) => {
      const failed = failedRequests(client);
      const sizes = kindsOf(client).map((kind, index) => (failed[index] === 0 ? numberOf(kind) : Number.NaN));
      return { ...client, sizes };
    });
    return { ...prepared, cell: { ...prepared.cell, clients } };
  });
}

function withMix(
  { meanUnits: _, explainedBySize: __, ...seen }: Observation,
  clients: readonly ModelClient[],
) {
  const sized = clients.map((client) => sizedSums(client, failedRequests(client)));
  return { ...seen, ...sizesSeen(sized, seen.cutRequests) };
}
