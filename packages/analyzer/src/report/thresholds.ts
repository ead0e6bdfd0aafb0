import { createRequire } from "node:module";
import { printable } from "../core/printable.ts";
import { alignLeft, columnWidths } from "../core/text-columns.ts";
import { describeWarning, type SkippedInput } from "../core/warnings.ts";
import { underloadedCells } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";
import { rejectedCells } from "../summary/rejection.ts";
import type { ThresholdResult } from "../thresholds/threshold.ts";
import { openLoopFigures, optionalFigures } from "./cell-times.ts";
import { cellFigures } from "./table.ts";
import { describeAllHold, loadColumns } from "./text.ts";

/** Loaded only if it is asked for. */
const loadXml = () => createRequire(import.meta.url)("fast-xml-parser") as typeof import("fast-xml-parser");

const cellName = ({ cell, samples }: ThresholdResult) =>
  cell === undefined
    ? samples === undefined
      ? "no cell"
      : `${printable(samples.label ?? "all samples")}, threads=${samples.threads}`
    : cell.ratePerSecond === undefined
      ? `users=${cell.users} think=${cell.thinkTime ?? cell.thinkTimeSeconds}`
      : `rate=${cell.ratePerSecond}`;

const WORDS = { pass: "pass", fail: "FAIL", undecided: "?" } as const;

const countOf = (results: readonly ThresholdResult[], wanted: ThresholdResult["verdict"]) =>
  results.filter(({ verdict }) => verdict === wanted).length;

/**
 * Pass, fail and `?` (not decided) as a table for a terminal.
 *
 * @example
 * ```ts
 * const results = checkThresholds([], [parseThreshold("p95<2s")]);
 * renderThresholds(results).includes("FAIL  p95<2s"); // true
 * ```
 */
export function renderThresholds(results: readonly ThresholdResult[]): string {
  const rows = results.map((result) => [
    WORDS[result.verdict],
    result.threshold,
    cellName(result),
    result.found,
  ]);
  const all = [["", "threshold", "cell", "found"], ...rows];
  const widths = columnWidths(all);
  return `${all.map((row) => alignLeft(row, widths)).join("\n")}\n`;
}

/**
 * A test suite with a test case per threshold and cell, as CI servers read it.
 * @see the JUnit XML of Ant
 *
 * @example
 * ```ts
 * const results = checkThresholds([], [parseThreshold("p95<2s")]);
 * renderJunit("faces", results).includes('failures="1"'); // true
 * ```
 */
export function renderJunit(name: string, results: readonly ThresholdResult[]): string {
  const { XMLBuilder } = loadXml();
  const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true });
  const xml: string = builder.build({
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    testsuites: {
      testsuite: {
        "@_name": name,
        "@_tests": results.length,
        "@_failures": countOf(results, "fail"),
        "@_skipped": countOf(results, "undecided"),
        testcase: results.map((result) => ({
          "@_classname": cellName(result),
          "@_name": result.threshold,
          ...(result.verdict === "fail" && { failure: { "@_message": `found ${result.found}` } }),
          ...(result.verdict === "undecided" && { skipped: { "@_message": `found ${result.found}` } }),
        })),
      },
    },
  });
  return xml;
}

const escapeMarkdown = (text: string) => text.replaceAll(/[|\\<]/g, (character) => `\\${character}`);

/**
 * Cells and thresholds as Markdown, for a CI page.
 *
 * @example
 * ```ts
 * renderMarkdown("faces", [], []).startsWith("## faces"); // true
 * ```
 */
export function renderMarkdown(
  title: string,
  cells: readonly CellSummary[],
  results: readonly ThresholdResult[],
  skipped: readonly SkippedInput[] = [],
): string {
  const incomplete =
    skipped.length === 0
      ? []
      : [`**Part of the data is missing (${skipped.length}): the figures are of what is left.**`, ""];
  const first = [...rejectedCells(cells), ...underloadedCells(cells)].flatMap((warning) => [
    `**${escapeMarkdown(describeWarning(warning))}.**`,
    "",
  ]);
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    [head, head.map(() => "---"), ...rows]
      .map((row) => `| ${row.map(escapeMarkdown).join(" | ")} |`)
      .join("\n");
  const failed = countOf(results, "fail");
  const undecided = countOf(results, "undecided");
  const verdict =
    results.length === 0
      ? []
      : [
          failed + undecided === 0
            ? `${describeAllHold(results.length)}.`
            : `**${[
                ...(failed === 0 ? [] : [`${failed} of ${results.length} thresholds fail`]),
                ...(undecided === 0 ? [] : [`${undecided} of ${results.length} are not decided`]),
              ].join("; ")}.**`,
          "",
        ];
  const thresholds =
    results.length === 0
      ? []
      : [
          table(
            ["", "threshold", "cell", "found"],
            results.map((result) => [
              result.verdict === "fail" ? "**FAIL**" : WORDS[result.verdict],
              result.threshold,
              cellName(result),
              result.found,
            ]),
          ),
          "",
        ];
  const optional = [...openLoopFigures(cells), ...optionalFigures(cells)];
  const load = loadColumns(cells, { users: "users", think: "think time (s)", rate: "offered" });
  const head = [
    ...load.heads,
    ...["success rate", "mean RTT (s)", "median (s)"],
    ...optional.map(({ long }) => long),
    "requests",
  ];
  return [
    `## ${title}`,
    "",
    ...first,
    ...incomplete,
    ...verdict,
    ...thresholds,
    table(
      head,
      cells.map((cell) => [...load.of(cell), ...cellFigures(cell, optional)]),
    ),
    "",
  ].join("\n");
}
