import { findChange } from "../src/stats/change-point.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import { createRandom } from "../src/stats/random.ts";
import { type Scenario, simulateRun } from "./host.ts";
import { mixSeed } from "./seeds.ts";
import type { Tally } from "./tally.ts";

/** Coefficient of variation of the independent values. */
const INDEPENDENT_DEVIATION = 0.1;
/** Requests per user: one for each frame of a short video. */
const ROUNDS = 37;
export const CHANGE_USERS: readonly number[] = [1, 3, 7, 9];
/** Requests per user before the host becomes faster, in the steady part, which leaves out each user's first one. */
const AFTER = 7;
/** A change counts as placed if it is found within this many requests per user of its true position. */
const NEAR_ROUNDS = 2;
/** Name of countPlaced()'s count. */
export const PLACED = "27% faster after request 8 of 37, 7 users, placed within 2 requests";

/** Counts false alarms, and steps of 20% that are found, in independent values. */
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

/** Counts changes that are found if a simulated host becomes 20% faster or slower in the middle 60% of a run. */
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

/** Counts how often a change is found at its true position: 27% faster after request 8 of 37 of each of 7 users. */
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
