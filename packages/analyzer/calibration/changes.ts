import { findChange } from "../src/stats/change-point.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import { createRandom } from "../src/stats/random.ts";
import { type Scenario, simulateRun } from "./host.ts";
import { mixSeed } from "./seeds.ts";
import type { Tally } from "./tally.ts";

/** Independent values with this coefficient of variation. */
const INDEPENDENT_DEVIATION = 0.1;
/** Requests of one user: one for each frame of a short video. */
const ROUNDS = 37;
export const CHANGE_USERS: readonly number[] = [1, 3, 7, 9];
/** Requests of each user before the host becomes faster; the steady part leaves out the first. */
const AFTER = 7;
/** Requests that a host that becomes 27% faster may be off, per user. */
const NEAR_ROUNDS = 2;
/** Name of countPlaced()'s count. */
export const PLACED = "27% faster after request 8 of 37, 7 users, placed within 2 requests";

/** Counts false alarms and found steps of 20% in independent values. */
export function countIndependent(tally: Tally, users: number, seed: number): void {
  const random = createRandom(seed);
  const values = Array.from({ length: users * ROUNDS }, () =>
    Math.exp(INDEPENDENT_DEVIATION * drawNormal(random)),
  );
  tally.add(`false alarm, independent values, ${users} users`, findChange(values, { users }) !== undefined);
  const at = Math.floor(values.length * (0.2 + 0.6 * random()));
  const stepped = values.map((value, index) => (index < at ? value : 0.8 * value));
  tally.add(
    `step of 20% found, independent values, ${users} users`,
    findChange(stepped, { users }) !== undefined,
  );
}

/** Counts found steps of a simulated host that becomes 20% faster or slower in the middle 60% of a run. */
export function countSteps(tally: Tally, scenario: Scenario, seed: number): void {
  const { users } = scenario;
  const random = createRandom(mixSeed(seed, 1));
  const { startSeconds } = simulateRun(scenario, { seed, speed: 1 });
  const atSeconds = startSeconds[Math.floor(startSeconds.length * (0.2 + 0.6 * random()))] as number;
  for (const [name, factor] of [
    ["faster", 1 / 0.8],
    ["slower", 0.8],
  ] as const) {
    const run = simulateRun(scenario, { seed, speed: 1, change: { factor, atSeconds } });
    const found = findChange(run.roundTripSeconds, { users });
    const isRight = found !== undefined && found.changeRatio < 0 === factor > 1;
    tally.add(`host 20% ${name}, found, ${users} users`, isRight);
  }
}

/** Counts how often the host that becomes 27% faster after request 8 of 37 of each of 7 users is named with its place. */
export function countPlaced(tally: Tally, scenario: Scenario, seed: number): void {
  const { users } = scenario;
  const { startSeconds } = simulateRun(scenario, { seed, speed: 1 });
  const atSeconds = startSeconds[AFTER * users] as number;
  const run = simulateRun(scenario, { seed, speed: 1, change: { factor: 1 / 0.73, atSeconds } });
  const right = run.startSeconds.findIndex((seconds) => seconds > atSeconds);
  const found = findChange(run.roundTripSeconds, { users });
  const isNear = found !== undefined && Math.abs(found.at - right) <= NEAR_ROUNDS * users;
  tally.add(PLACED, isNear);
}
