import type { Chart } from "../src/plot/chart/chart.ts";
import { solveClosed } from "../src/queueing/station/closed-network.ts";
import { serviceRate } from "../src/queueing/station/parameters.ts";
import { line, overUsers } from "./lines.ts";

/** Requests share one server. */
const ONE_SLOW = { demandSeconds: 1, servers: 1, contention: 0 };
/** Each request has a server of its own, and every further one slows all down, by a shared lock or memory bus. */
const CONTENDING = { demandSeconds: 1, servers: 12, contention: 1 };
const MEASURED_USERS = 4;
const MOST_USERS = 12;

/** Two hosts that no measurement without think time tells apart, and what twice the servers would do to each. */
export function drawTwoExplanations(): Chart {
  const mean = (host: typeof ONE_SLOW, factor: number) => (users: number) =>
    solveClosed(users, 0, (n) => serviceRate({ ...host, servers: factor * host.servers }, n)).responseSeconds;
  const x = { label: "users", min: 0, max: MOST_USERS, isNice: false, isWhole: true };
  const y = { label: "response time (s)", min: 0, max: MOST_USERS };
  const measured = overUsers(MEASURED_USERS, mean(ONE_SLOW, 1));
  return {
    title: "The same measurements, and two answers",
    subtitle: "think time 0; a request that is alone takes 1 s on both hosts",
    ...{ widthPx: 680, heightPx: 360 },
    series: [
      { name: "measured", color: "accent", swatch: ["circle"] },
      { name: "one slow server", color: 0, swatch: ["line"] },
      { name: "several servers that contend", color: 1, dash: "dashed", swatch: ["line"] },
    ],
    panels: [
      {
        ...{ leftPx: 56, topPx: 104, widthPx: 260, heightPx: 210, x, y },
        ...{ title: "as it is", titleTopPx: 34 },
        layers: [
          line(1, overUsers(MOST_USERS, mean(ONE_SLOW, 1))),
          line(2, overUsers(MOST_USERS, mean(CONTENDING, 1))),
          {
            series: 0,
            mark: {
              kind: "points",
              symbol: "circle",
              points: measured.map(([x, y]) => ({ x, y, text: "" })),
            },
          },
        ],
      },
      {
        ...{ leftPx: 396, topPx: 104, widthPx: 260, heightPx: 210, x, y },
        ...{ title: "with twice the servers", titleTopPx: 34 },
        layers: [
          line(1, overUsers(MOST_USERS, mean(ONE_SLOW, 2))),
          line(2, overUsers(MOST_USERS, mean(CONTENDING, 2))),
        ],
      },
    ],
  };
}
