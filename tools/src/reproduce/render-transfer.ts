import { conditionKey, type Transfer } from "@slbench/analyzer";
import { alignRight, columnWidths } from "@slbench/analyzer/logs";

/**
 * The answer of `slbench reproduce` for a terminal.
 * @param there what the other machine measured
 */
export function renderTransfer(transfer: Transfer, there: Transfer["cells"], folder: string): string {
  const { shape, demandRatio, predictions, cells } = transfer;
  const measured = new Map(cells.map((cell) => [conditionKey(cell), cell.meanSeconds]));
  const byKey = new Map(predictions.map((prediction) => [conditionKey(prediction), prediction]));
  const head = ["users", "think s", "there s", "here s", "95% interval", ""];
  const rows = there.map((cell) => {
    const key = conditionKey(cell);
    const [prediction, own] = [byKey.get(key), measured.get(key)];
    const { low, high } = prediction?.interval ?? {};
    return [
      String(cell.users),
      String(cell.thinkTimeSeconds),
      cell.meanSeconds.toFixed(3),
      (own ?? prediction?.meanRoundTripSeconds)?.toFixed(3) ?? "–",
      own === undefined && low !== undefined && high !== undefined
        ? `${low.toFixed(3)} … ${high.toFixed(3)}`
        : "",
      own === undefined ? "predicted" : "measured",
    ];
  });
  const widths = columnWidths([head, ...rows]);
  const table = [head, ...rows].map((row) => alignRight(row, widths, "  ")).join("\n");
  return `${headline(transfer)}\n${reason(shape, transfer, demandRatio.runs)}\n\nMean round trip\n${table}\nResult: ${folder}\n`;
}

function headline({ shape, demandRatio: { value, interval } }: Transfer): string {
  const [factor, word] = value < 1 ? [1 / value, "faster"] : [value, "slower"];
  const ends =
    interval === undefined
      ? []
      : value < 1
        ? [1 / interval.high, 1 / interval.low]
        : [interval.low, interval.high];
  const range = ends.length === 0 ? "" : ` (${ends.map((end) => end.toFixed(2)).join(" to ")})`;
  const speed = `${factor.toFixed(2)} times ${word}${range}`;
  if (shape === "same") return `Same shape, ${speed}.`;
  if (shape === "another")
    return `Another shape: the machines differ by more than their speed; on average ${speed}.`;
  return `Shape not decided; ${speed} if it is the same.`;
}

function reason(shape: Transfer["shape"], { cells, runsNeeded }: Transfer, runs: number): string {
  const each = cells.map(
    ({ users, demandRatio }) =>
      `${users} ${users === 1 ? "user" : "users"}: a request takes ${demandRatio.toFixed(2)} times as long`,
  );
  const more =
    shape === "not decided"
      ? `; ${runsNeeded === undefined ? "two cells with three runs each are needed to compare shapes" : `about ${runsNeeded} more runs per cell would decide`}`
      : "";
  return `${each.join("; ")} (${runs} runs${more})`;
}
