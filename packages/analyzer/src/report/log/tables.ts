import { formatCount, formatDecimals, formatInteger, formatPercent } from "../../core/format.ts";
import { type ApdexLimits, DEFAULT_APDEX_LIMITS } from "../../log/apdex.ts";
import type { ErrorType } from "../../log/error-types.ts";
import type { SampleFigures } from "../../log/label-figures.ts";
import type { LabelValues } from "../../log/label-values.ts";
import { type PooledLabel, poolLabels } from "../../log/labels.ts";
import type { PlainLog } from "../../rows/plain-log.ts";
import type { QuantileKind } from "../../stats/quantile-kind.ts";
import { describeError } from "../labels.ts";
import { htmlTable, type Section, type TableHead } from "../markup.ts";
import type { LogData } from "./log-data.ts";

/** Rows that a table shows: of more, summary.json (--json) has all. */
const MAX_ROWS = 500;

const figuresHead = (limits: ApdexLimits): readonly TableHead[] => [
  { name: "Samples" },
  { name: "Errors" },
  { name: "Error", unit: "%" },
  ...["Mean", "Median", "p90", "p95", "p99", "Min", "Max"].map((name) => ({ name, unit: "s" })),
  { name: "Rate", unit: "/s", title: "Samples per second, from the first start to the last end" },
  { name: "Received", unit: "kB/s" },
  { name: "Sent", unit: "kB/s" },
  { name: "Apdex", title: apdexNote(limits) },
];

/** What Apdex counts here. */
function apdexNote(limits: ApdexLimits): string {
  const { satisfied, tolerated } = DEFAULT_APDEX_LIMITS;
  const isDefault = limits.satisfied === satisfied && limits.tolerated === tolerated;
  return `Apdex: (satisfied + tolerating ÷ 2) ÷ all; ${describeApdex(limits)}, failed samples frustrated${isDefault ? " (JMeter's defaults; --apdex sets others)" : ""}.`;
}

/** `satisfied up to 0.5 s, tolerating up to 1.5 s`. */
export const describeApdex = ({ satisfied, tolerated }: ApdexLimits): string =>
  `satisfied up to ${satisfied} s, tolerating up to ${tolerated} s`;

const known = (value: number | undefined, format: (value: number) => string) =>
  value === undefined || Number.isNaN(value) ? "" : format(value);

function figuresRow(figures: SampleFigures, values: LabelValues, limits: ApdexLimits): readonly string[] {
  const { details } = values;
  const { samples, errors, elapsedSeconds: time, throughputPerSecond } = figures;
  return [
    formatInteger(samples),
    formatInteger(errors),
    formatPercent(errors / samples, 2).replace("%", ""),
    ...[time.mean, time.median, time.p90, time.p95, time.p99, time.min, time.max].map((value) =>
      known(value, formatDecimals),
    ),
    known(throughputPerSecond, (rate) => rate.toFixed(2)),
    known(details.receivedBytesPerSecond, (bytes) => (bytes / 1000).toFixed(2)),
    known(details.sentBytesPerSecond, (bytes) => (bytes / 1000).toFixed(2)),
    known(values.apdex(limits), (score) => score.toFixed(3)),
  ];
}

/** A row per label, and the total below; transactions in a table of their own. */
export function labelSections(
  logs: readonly PlainLog[],
  data: LogData,
  kind: QuantileKind | undefined,
): readonly Section[] {
  const pooled = poolLabels(logs);
  const isCounted = ({ values }: PooledLabel) =>
    !data.transactions.some(({ label }) => label === values.label && values.isTransaction);
  const hasThreads = data.threads.length > 1;
  const { all, apdex } = data;
  const total = figuresRow(all.values.figures(0, kind, all.errors), all.values, apdex);
  const table = (own: readonly PooledLabel[], name: string, footer: readonly string[]) => {
    const rows = own
      .slice(0, MAX_ROWS)
      .map(({ threads, values }) => [
        values.label === "" ? "(no label)" : values.label,
        ...(hasThreads ? [String(threads)] : []),
        ...figuresRow(values.summarize(threads, kind), values, apdex),
      ]);
    const head = [{ name: "Label" }, ...(hasThreads ? [{ name: "Threads" }] : []), ...figuresHead(apdex)];
    const options = { hasTools: true, textColumns: [0], ...(footer.length > 0 && { footer }) };
    const more = own.length - rows.length;
    const note = more > 0 ? `<p><small>${more} more labels: --json has all.</small></p>` : "";
    return `${htmlTable(head, rows, name, options)}${note}`;
  };
  const requests = pooled.filter(isCounted);
  const transactions = pooled.filter((one) => !isCounted(one));
  const labels = new Set(requests.map(({ values }) => values.label)).size;
  return [
    {
      id: "labels",
      name: "Labels",
      preview: `${formatCount(labels, "label")}: errors, times, throughput, bytes, Apdex`,
      html: `${table(requests, "Labels", ["Total", ...(hasThreads ? [""] : []), ...total])}<p><small>${apdexNote(apdex)}</small></p>`,
    },
    ...(transactions.length === 0
      ? []
      : [
          {
            id: "transactions",
            name: "Transactions",
            preview: "transaction controllers, apart from the samples that they span",
            html: table(transactions, "Transactions", []),
          },
        ]),
  ];
}

/** Samplers named per error. */
const NAMED_LABELS = 3;

/** The samplers that an error hit: `checkout (12), cart (3)`. */
export function describeHits({ labels }: ErrorType): string {
  const named = labels.slice(0, NAMED_LABELS).map(({ label, count }) => `${label} (${formatInteger(count)})`);
  const more = labels.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Errors by type with an example message and the samplers that they hit; none without errors. */
export function errorSections(errors: readonly ErrorType[], samples: number): readonly Section[] {
  if (errors.length === 0) return [];
  const rows = errors
    .slice(0, MAX_ROWS)
    .map((error) => [
      formatInteger(error.count),
      formatPercent(error.shareRatio),
      formatPercent(error.count / samples, 2),
      describeError(error),
      describeHits(error),
    ]);
  const head = [
    "Errors",
    { name: "Share", title: "Of all errors" },
    { name: "Of samples" },
    "Type, with an example",
    "Samplers",
  ];
  const count = errors.reduce((sum, one) => sum + one.count, 0);
  return [
    {
      id: "errors",
      name: "Errors",
      preview: `${formatCount(count, "error")} of ${formatCount(errors.length, "type")}`,
      html: htmlTable(head, rows, "Errors", { hasTools: true, textColumns: [3, 4] }),
    },
  ];
}
