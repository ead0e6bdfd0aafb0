import type { Chart } from "../src/plot/chart/chart.ts";
import { asymptoticBounds, saturationUsers } from "../src/queueing/station/bounds.ts";
import { solveClosed } from "../src/queueing/station/closed-network.ts";
import { serviceRate } from "../src/queueing/station/parameters.ts";
import { curve, line, overUsers } from "./lines.ts";

const HOST = { demandSeconds: 0.5, servers: 4, contention: 0 };
const THINK_SECONDS = 2;
const MOST_USERS = 40;

/** What users feel and what the host delivers as more of them come, with the bounds that no host can beat. */
export function drawSaturation(): Chart {
  const { demandSeconds, servers } = HOST;
  const at = (users: number) => solveClosed(users, THINK_SECONDS, (n) => serviceRate(HOST, n));
  const bounds = (users: number) => asymptoticBounds(users, demandSeconds, servers, THINK_SECONDS);
  const meeting = saturationUsers(demandSeconds, servers, THINK_SECONDS);
  const x = { label: "users", min: 0, max: MOST_USERS, isNice: false };
  const rule = { axis: "x", at: meeting, color: "accent", dash: "dotted" } as const;
  return {
    title: "A host saturates where its two bounds meet",
    subtitle: `demand ${demandSeconds} s, ${servers} servers, think time ${THINK_SECONDS} s`,
    ...{ widthPx: 680, heightPx: 360 },
    series: [
      { name: "exact", color: 0, swatch: ["line"] },
      { name: "bounds", color: "muted", dash: "dashed", swatch: ["line"] },
    ],
    panels: [
      {
        ...{ leftPx: 56, topPx: 80, widthPx: 260, heightPx: 230, x },
        y: { label: "response time (s)", min: 0, max: 3 },
        rules: [{ ...rule, label: `${meeting} users` }],
        layers: [
          line(
            1,
            curve(0, MOST_USERS, (users) => bounds(users).responseSeconds),
          ),
          line(
            0,
            overUsers(MOST_USERS, (users) => at(users).responseSeconds),
          ),
        ],
      },
      {
        ...{ leftPx: 396, topPx: 80, widthPx: 260, heightPx: 230, x },
        y: { label: "responses per second", min: 0, max: 10 },
        rules: [rule],
        layers: [
          line(
            1,
            curve(0, MOST_USERS, (users) => bounds(users).throughputPerSecond),
          ),
          line(
            0,
            overUsers(MOST_USERS, (users) => at(users).throughputPerSecond),
          ),
        ],
      },
    ],
  };
}
