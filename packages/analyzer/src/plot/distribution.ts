import { formatUsers } from "../core/format.ts";
import { quantile } from "../stats/quantile.ts";
import { niceCeiling, title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round, seconds } from "./figure.ts";
import type { MeasuredCell } from "./request-grid.ts";
import { INK, PALETTE, renderSvg } from "./svg.ts";

/** Steps of a curve: finer than a pixel. */
const STEPS = 200;
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
/** Curves of one picture. */
const MAX_CURVES = 7;

/** Distribution of the round trips: a picture per think time, a curve per number of users, failed requests included. */
export function distributionFigures(cells: readonly MeasuredCell[]): readonly ReportFigure[] {
  return distinct(cells.map(({ cell }) => cell.thinkTimeSeconds)).flatMap((think) => {
    const own = cells.filter(
      ({ cell, clients }) =>
        cell.thinkTimeSeconds === think && clients.some((client) => client.roundTripSeconds.length > 0),
    );
    return own.length === 0 ? [] : [distribution(think, own)];
  });
}

function boxWords(users: number, values: readonly number[]): string {
  const at = (share: number) => seconds(quantile(values, share));
  return `${formatUsers(users)}: median ${at(0.5)} s, middle half ${at(0.25)} to ${at(0.75)} s, 5 to 95 % ${at(0.05)} to ${at(0.95)} s`;
}

function distribution(think: number, cells: readonly MeasuredCell[]): ReportFigure {
  const step = Math.ceil(cells.length / MAX_CURVES);
  // The lightest and the heaviest are always among them.
  const drawn = cells.filter((_, index) => index % step === 0 || index === cells.length - 1);
  const sorted = drawn.map(
    ({ clients }) =>
      Float64Array.from(
        clients.flatMap((client) => client.roundTripSeconds),
      ).sort() as unknown as readonly number[],
  );
  const longest = niceCeiling(Math.max(...sorted.map((values) => values.at(-1) ?? 0)));
  const color = (index: number) => PALETTE[index % PALETTE.length] as string;
  const [gap, height] = [70, 90];
  const option = {
    title: title(`Distribution of round trips, think time ${think} s`),
    grid: [
      { left: 70, right: 30, top: 45, height: 250 },
      { left: 70, right: 30, top: 45 + 250 + gap, height },
    ],
    // One scale for both.
    xAxis: [0, 1].map((gridIndex) => ({ ...valueAxis("round trip (s)", 26, { max: longest }), gridIndex })),
    yAxis: [
      { ...valueAxis("share of requests (%)", 45, { max: 100 }), gridIndex: 0 },
      {
        type: "category",
        gridIndex: 1,
        data: drawn.map(({ cell }) => `${cell.users}`),
        name: "users",
        nameLocation: "middle",
        nameGap: 45,
        nameTextStyle: { color: INK },
        axisLabel: { color: INK, interval: 0 },
        axisLine: { lineStyle: { color: INK } },
      },
    ],
    series: [
      ...sorted.map((values, index) => ({
        type: "line",
        name: formatUsers(drawn[index]?.cell.users ?? 0),
        symbol: "none",
        color: color(index),
        lineStyle: { width: 2 },
        data: Array.from({ length: STEPS + 1 }, (_, at) => [
          round(quantile(values, at / STEPS)),
          (100 * at) / STEPS,
        ]),
      })),
      {
        type: "boxplot",
        xAxisIndex: 1,
        yAxisIndex: 1,
        boxWidth: [4, 16],
        data: sorted.map((values, index) => ({
          name: boxWords(drawn[index]?.cell.users ?? 0, values),
          value: [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => quantile(values, p)),
          itemStyle: { color: "transparent", borderColor: color(index), borderWidth: 1.5 },
        })),
      },
    ],
  };
  return {
    title: `Distribution of round trips, think time ${think} s`,
    svg: renderSvg(option, 760, 45 + 250 + gap + height + 50),
    notes: [
      "Above: share of requests that took no longer. Below: median, middle half, and 5 to 95 %. Failed requests are included.",
      ...(drawn.length < cells.length
        ? [`${drawn.length} of ${cells.length} numbers of users are drawn.`]
        : []),
    ],
    legend: drawn.map(({ cell }, index) => ({
      name: formatUsers(cell.users),
      color: color(index),
    })),
    data: {
      head: ["users", "requests", ...SHARES.map((share) => `p${100 * share} (s)`)],
      rows: drawn.map(({ cell }, index) => {
        const values = sorted[index] as readonly number[];
        return [
          String(cell.users),
          String(values.length),
          ...SHARES.map((share) => seconds(quantile(values, share))),
        ];
      }),
    },
  };
}
