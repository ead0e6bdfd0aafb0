import type { Chart, Layer, Range } from "../src/plot/chart/chart.ts";
import { joinStations } from "../src/queueing/station/joint-stations.ts";
import { line } from "./lines.ts";

const LOCK_SECONDS = 0.3;
const REST_SECONDS = 0.5;
const REST_SERVERS = 4;
const MOST_USERS = 12;

/** Where a request's time goes if one part runs one at a time: only that part grows. */
export function drawTwoStations(): Chart {
  const { rates, atFirst } = joinStations(
    () => 1 / LOCK_SECONDS,
    (n) => Math.min(n, REST_SERVERS) / REST_SECONDS,
    MOST_USERS,
  );
  const parts = Array.from({ length: MOST_USERS }, (_, index) => {
    const users = index + 1;
    const rate = rates[users] as number;
    const total = users / rate;
    return { users, total, rest: total - (atFirst[users] as number) / rate };
  });
  const area = (series: number, ranges: readonly Range[]): Layer => ({
    series,
    mark: { kind: "area", ranges },
  });
  return {
    title: "One part runs one at a time: only its time grows",
    subtitle: `network ${LOCK_SECONDS} s under a lock; the rest ${REST_SECONDS} s on ${REST_SERVERS} servers; think time 0`,
    ...{ widthPx: 560, heightPx: 340 },
    series: [
      { name: "ML, reported by the function", color: 0, swatch: ["area", "line"] },
      { name: "the rest", color: 1, swatch: ["area", "line"] },
    ],
    panels: [
      {
        ...{ leftPx: 56, topPx: 80, widthPx: 470, heightPx: 210 },
        x: { label: "users", min: 1, max: MOST_USERS, isNice: false, isWhole: true },
        y: { label: "response time (s)", min: 0, max: 4 },
        layers: [
          area(
            1,
            parts.map(({ users, rest }) => ({ x: users, low: 0, high: rest })),
          ),
          area(
            0,
            parts.map(({ users, rest, total }) => ({ x: users, low: rest, high: total })),
          ),
          line(
            1,
            parts.map(({ users, rest }) => [users, rest]),
          ),
          line(
            0,
            parts.map(({ users, total }) => [users, total]),
          ),
        ],
      },
    ],
  };
}
