import { basename, resolve } from "node:path";
import {
  type Analysis,
  breakEvenPerSecond,
  type CellCost,
  costOfCells,
  describeCondition,
  type Price,
  type ReplicaSize,
} from "@slbench/analyzer";
import {
  alignLeft,
  checkThresholds,
  columnWidths,
  parseThreshold,
  runsOfAnalysis,
} from "@slbench/analyzer/logs";
import { readResultFolder } from "../analyze/read-result.ts";
import { readPrice } from "./read-price.ts";

export interface CostOptions {
  readonly price: readonly string[];
  readonly memoryGb: number;
  readonly vcpus: number;
  readonly goal?: string;
  readonly json?: boolean;
}

/** The costs of one result at one price. */
interface ResultCost {
  readonly result: string;
  readonly price: Price;
  readonly cells: readonly JudgedCost[];
}

interface JudgedCost extends CellCost {
  /** Absent without a goal. */
  readonly goal?: "pass" | "fail" | "undecided";
}

/** A machine by the hour against a charge per use, in the same result and cell. */
interface BreakEven {
  readonly result: string;
  readonly machine: string;
  readonly perUse: string;
  /** Valid responses per second from which on the machine is cheaper. */
  readonly perSecond: number;
  /** Whether the machine delivered as many in any cell. */
  readonly reached: boolean;
}

/** `slbench cost`: what 1000 valid responses cost in each cell of each result, at each price. */
export async function runCost(results: readonly string[], options: CostOptions): Promise<void> {
  const prices = await Promise.all(options.price.map(readPrice));
  const size = { memoryGb: options.memoryGb, vcpus: options.vcpus };
  const costs: ResultCost[] = [];
  for (const result of results) {
    const analysis = await readResultFolder(result);
    for (const price of prices)
      costs.push({
        result: basename(resolve(result)),
        price,
        cells: judgeCells(analysis, costOfCells(analysis, price, size), options.goal),
      });
  }
  const breakEvens = findBreakEvens(costs);
  if (options.json === true) {
    const record = { schema: "slbench.cost/1", size, costs, breakEvens };
    process.stdout.write(`${JSON.stringify(record, undefined, 2)}\n`);
  } else process.stdout.write(renderCosts(costs, breakEvens, size));
}

function judgeCells(
  analysis: Analysis,
  cells: readonly CellCost[],
  goal: string | undefined,
): readonly JudgedCost[] {
  if (goal === undefined) return cells;
  const threshold = parseThreshold(goal);
  const runsOf = runsOfAnalysis(analysis);
  return cells.map((cost, index) => {
    const [judged] = checkThresholds(analysis.summary.cells.slice(index, index + 1), [threshold], { runsOf });
    return { ...cost, ...(judged !== undefined && { goal: judged.verdict }) };
  });
}

/** The cheapest cell of a price that may be chosen: the cells that fail the goal, or do not show it, may not. */
const cheapest = ({ cells }: ResultCost): JudgedCost | undefined =>
  cells
    .filter(({ goal, perThousand }) => perThousand !== undefined && (goal ?? "pass") === "pass")
    .sort((a, b) => (a.perThousand?.value ?? 0) - (b.perThousand?.value ?? 0))[0];

function findBreakEvens(costs: readonly ResultCost[]): readonly BreakEven[] {
  return costs.flatMap((machine) => {
    const { price } = machine;
    if (!("perHour" in price)) return [];
    const most = Math.max(0, ...machine.cells.map(({ throughputPerSecond: rate = 0 }) => rate));
    return costs.flatMap((use): readonly BreakEven[] => {
      const best = use.result === machine.result && "perUse" in use.price ? cheapest(use) : undefined;
      if (best?.perThousand === undefined) return [];
      const perSecond = breakEvenPerSecond(price.perHour, best.perThousand.value);
      return [
        {
          result: use.result,
          machine: price.name,
          perUse: use.price.name,
          perSecond,
          reached: perSecond <= most,
        },
      ];
    });
  });
}

function renderCosts(
  costs: readonly ResultCost[],
  breakEvens: readonly BreakEven[],
  { memoryGb, vcpus }: ReplicaSize,
): string {
  const names = costs.map(({ result }) => result);
  const results = [...new Set(names)];
  const blocks = results.map((result) => renderResult(costs.filter((cost) => cost.result === result)));
  const lines = breakEvens.map(
    ({ machine, perUse, perSecond, reached }) =>
      `${machine} is cheaper than ${perUse} from ${perSecond.toPrecision(3)} valid responses/s on${reached ? "" : ", more than it delivered in any cell"}.`,
  );
  const prices = [...new Map(costs.map(({ price }) => [price.name, price])).values()];
  return [
    ...blocks,
    ...(lines.length === 0 ? [] : [`${lines.join("\n")}\n`]),
    `Of replicas with ${Math.round(1024 * memoryGb)} MB and ${vcpus} ${vcpus === 1 ? "vCPU" : "vCPUs"}, one request at a time; * by round trips, as the function reports no time of its handler.`,
    ...prices.map(
      ({ name, title, region, date, source }) => `${name}: ${title}, ${region}, ${date}, ${source}`,
    ),
    "",
  ].join("\n");
}

function renderResult(costs: readonly ResultCost[]): string {
  const [first] = costs as [ResultCost];
  const hasGoal = first.cells.some(({ goal }) => goal !== undefined);
  const head = ["cell", ...(hasGoal ? ["goal"] : []), ...costs.map(({ price }) => price.name)];
  const rows = first.cells.map(({ condition, goal }, index) => [
    describeCondition(condition),
    ...(hasGoal ? [goal ?? ""] : []),
    ...costs.map(({ cells }) => formatCost(cells[index])),
  ]);
  const widths = columnWidths([head, ...rows]);
  const best = costs.flatMap((cost) => {
    const cell = cheapest(cost);
    return cell === undefined ? [] : [{ price: cost.price.name, cell }];
  });
  const [choice] = best.sort((a, b) => (a.cell.perThousand?.value ?? 0) - (b.cell.perThousand?.value ?? 0));
  const summary =
    choice === undefined
      ? "No cell is shown to pass the goal.\n"
      : `Cheapest${hasGoal ? " within the goal" : ""}: ${choice.price}, ${describeCondition(choice.cell.condition)}\n`;
  return `${first.result}: ${first.price.currency} per 1000 valid responses (95% interval)\n${[head, ...rows]
    .map((row) => alignLeft(row, widths))
    .join("\n")}\n${summary}`;
}

function formatCost(cost: CellCost | undefined): string {
  if (cost?.perThousand === undefined) return "–";
  const { value, interval } = cost.perThousand;
  const mark = cost.durations === "round trip" ? "*" : "";
  const range =
    interval === undefined ? "" : ` (${interval.low.toPrecision(3)}–${interval.high.toPrecision(3)})`;
  return `${value.toPrecision(3)}${mark}${range}`;
}
