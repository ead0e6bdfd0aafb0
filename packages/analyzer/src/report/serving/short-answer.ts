import { describeCondition } from "../../core/condition.ts";
import { formatCount, formatInteger, formatUsers, roundEstimate } from "../../core/format.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { ServingAnswer } from "./answer.ts";
import type { Divided } from "./divide.ts";
import type { JudgedCell } from "./judge-cell.ts";

/** The answer in a few words. @param lightest the cell with the lightest load */
export function shortAnswer(
  divided: Divided,
  lightest: JudgedCell,
  describeLoads: (cells: readonly CellSummary[]) => string,
): Pick<ServingAnswer, "state" | "short" | "beyond" | "cell"> {
  const { last, first, undecided, unshown } = divided;
  const load = ({ cell }: JudgedCell) => describeLoads([cell]);
  if (last !== undefined) {
    const isOpen = first === undefined || first.cell.generatorSaturated !== undefined;
    const beyond = describeBeyond(divided, describeLoads);
    return {
      state: "served",
      short: isOpen ? `At least ${load(last)}` : load(last),
      beyond,
      cell: last.cell,
    };
  }
  if (lightest.cell.rejection !== undefined)
    return { state: "rejected", short: "Every request was rejected", beyond: "", cell: lightest.cell };
  // Nothing is shown, but an upper end may be.
  const below = first === undefined ? undefined : `Fewer than ${load(first)}`;
  const [open, shown] = [undecided.at(-1), unshown.at(-1)];
  if (open !== undefined) {
    const beyond = describeBeyond(divided, describeLoads);
    return { state: "undecided", short: below ?? "Not decided", beyond, cell: open.cell };
  }
  if (shown !== undefined)
    return { state: "not-shown", short: below ?? "Not shown", beyond: "", cell: shown.cell };
  const { cell } = first ?? lightest;
  return { state: "fails", short: `Not even ${describeLoads([cell])}`, beyond: "", cell };
}

/** What is known of the loads beyond the one that is served. */
function describeBeyond(
  { last, first, undecided }: Divided,
  describeLoads: (cells: readonly CellSummary[]) => string,
): string {
  if (first === undefined && undecided.length === 0) return last === undefined ? "" : "more were not tried";
  const open = undecided.map(({ cell }) => cell);
  const isOne = (cells: readonly CellSummary[]) => cells.length === 1 && cells[0]?.users === 1;
  return [
    ...(open.length === 0
      ? []
      : [`${describeLoads(open)} ${isOne(open) ? "is" : "are"} not decided${describeNeeded(undecided)}`]),
    ...(first === undefined
      ? []
      : [`${describeLoads([first.cell])} ${isOne([first.cell]) ? "fails" : "fail"}`]),
  ].join(", ");
}

/** `: about 84 to 242 more requests needed for each`; empty if some cell has to be repeated. */
function describeNeeded(undecided: Divided["undecided"]): string {
  const needed = undecided.flatMap(({ verdict }) => verdict.moreRequests ?? []);
  if (needed.length < undecided.length) return "";
  const [least, most] = [Math.min(...needed), Math.max(...needed)].map(roundEstimate) as [number, number];
  const range = least === most ? "" : `${formatInteger(least)} to `;
  return `: about ${range}${formatCount(most, "more request")} needed${needed.length > 1 ? " for each" : ""}`;
}

/** `1 and 2 users`, `1 to 8 users`. @param cells in order of their load */
export function listUsers(cells: readonly CellSummary[]): string {
  const counts = cells.map(({ users }) => users);
  const [first = 0, last = first] = [counts[0], counts.at(-1)];
  if (counts.length < 2) return formatUsers(first);
  return `${first} ${counts.length === 2 ? "and" : "to"} ${formatUsers(last)}`;
}

/** `1 and 2 requests/s`, `1 to 8 requests/s`. @param cells in order of their load */
export function listRates(cells: readonly CellSummary[]): string {
  const [first, last] = [cells[0], cells.at(-1)] as [CellSummary, CellSummary];
  if (cells.length < 2) return describeCondition(first);
  return `${first.ratePerSecond} ${cells.length === 2 ? "and" : "to"} ${describeCondition(last)}`;
}
