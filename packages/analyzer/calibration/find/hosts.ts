import type { Tolerance } from "../../src/finding/search-state.ts";
import type { Arrivals, Scenario, SimulatedFunction } from "../host.ts";

/** A simulated function, a goal, and the load up to which the goal truly holds. */
export interface FindHost {
  readonly function: SimulatedFunction;
  readonly load: UserLoad | RateLoad;
  readonly goal: string;
  /** Users, or steps of the rate. The benchmark checks it against many runs. */
  readonly trueLoad: number;
  readonly tolerance: Tolerance & { readonly steps: number };
  /** The sweep's greatest load. */
  readonly sweepLoad: number;
  /** At most this share of the sweep's time is the target. */
  readonly targetShare: number;
  /** The search's budget, in sweeps. */
  readonly budgetSweeps: number;
}

/** A closed loop: the load is its number of users. */
export interface UserLoad extends Pick<Scenario, "requestsPerUser" | "thinkTimeSeconds"> {
  readonly kind: "users";
}

/** An open loop: the load is a number of steps of its rate. */
export interface RateLoad extends Pick<Arrivals, "durationSeconds"> {
  readonly kind: "rate";
  readonly stepPerSecond: number;
}

/** JMeter's start and end, and the pause before the next run, s. */
export const AROUND_SECONDS = 25;

/** A shared host on which 3 users keep the goal; searched within 1 user, and for the exact number. */
const THREE_USERS = {
  function: {
    name: "shared, 3.7 servers",
    parameters: {
      demandSeconds: 8,
      servers: 3.7,
      contention: 0.03,
      delaySeconds: 0,
      demandVariation: 0.08,
      waitVariation: 0,
    },
    limitSeconds: 25,
    runDeviation: 0.05,
  },
  load: { kind: "users", requestsPerUser: 37, thinkTimeSeconds: 0 },
  goal: "success>=0.99 and p95<10.1s",
  trueLoad: 3,
  sweepLoad: 9,
} as const;

/** What most hosts have in common. */
const STATION = {
  ...{ demandSeconds: 0.4, servers: 8, contention: 0, delaySeconds: 0.01 },
  ...{ demandVariation: 0.3, waitVariation: 0 },
} as const;
const USERS = { kind: "users", requestsPerUser: 37, thinkTimeSeconds: 1 } as const;

export const FIND_HOSTS: readonly FindHost[] = [
  { ...THREE_USERS, tolerance: { steps: 1 }, targetShare: 1 / 2, budgetSweeps: 1 },
  {
    function: {
      name: "first come first served",
      parameters: {
        ...STATION,
        demandSeconds: 0.5,
        servers: 2,
        demandVariation: 0.2,
        discipline: "first-come",
      },
      limitSeconds: 10,
      runDeviation: 0.06,
    },
    load: { kind: "users", requestsPerUser: 100, thinkTimeSeconds: 1 },
    goal: "success>=0.99 and p95<1.7s",
    trueLoad: 9,
    tolerance: { steps: 1 },
    sweepLoad: 18,
    targetShare: 1 / 3,
    budgetSweeps: 1,
  },
  {
    function: {
      name: "shared, exponential work",
      parameters: { ...STATION, demandSeconds: 0.5, servers: 2, demandVariation: 1 },
      work: "exponential",
      limitSeconds: 20,
      runDeviation: 0.05,
    },
    load: { kind: "users", requestsPerUser: 150, thinkTimeSeconds: 1 },
    goal: "success>=0.99 and p95<4.27s",
    trueLoad: 9,
    tolerance: { steps: 1 },
    sweepLoad: 18,
    targetShare: 1 / 3,
    budgetSweeps: 1,
  },
  {
    function: {
      name: "shared, 8 servers",
      parameters: STATION,
      limitSeconds: 10,
      runDeviation: 0.035,
    },
    load: USERS,
    goal: "success>=0.99 and p95<1.613s",
    trueLoad: 40,
    tolerance: { steps: 2 },
    sweepLoad: 60,
    targetShare: 1 / 5,
    budgetSweeps: 1,
  },
  {
    function: {
      name: "shared, 32 servers",
      parameters: { ...STATION, servers: 32 },
      limitSeconds: 10,
      runDeviation: 0.05,
    },
    load: USERS,
    goal: "success>=0.99 and p95<1.353s",
    trueLoad: 150,
    tolerance: { steps: 8 },
    sweepLoad: 225,
    targetShare: 1 / 10,
    budgetSweeps: 1,
  },
  {
    function: {
      name: "first come first served, 32 servers",
      parameters: { ...STATION, servers: 32, discipline: "first-come" },
      limitSeconds: 10,
      runDeviation: 0.05,
    },
    load: USERS,
    goal: "success>=0.99 and p95<1.095s",
    trueLoad: 150,
    tolerance: { steps: 8 },
    sweepLoad: 225,
    targetShare: 1 / 10,
    budgetSweeps: 1,
  },
  {
    function: {
      name: "shared, 8 servers, requests are cut at 2 s",
      parameters: STATION,
      limitSeconds: 2,
      runDeviation: 0.035,
    },
    load: USERS,
    goal: "success>=0.99",
    trueLoad: 42,
    tolerance: { steps: 4 },
    sweepLoad: 63,
    targetShare: 1 / 5,
    budgetSweeps: 1,
  },
  // Either end is one run-to-run deviation from the limit, which takes about a dozen runs each.
  { ...THREE_USERS, tolerance: { steps: 0 }, targetShare: 1, budgetSweeps: 2 },
  {
    function: {
      name: "first come first served, 8 servers, open loop",
      parameters: { ...STATION, discipline: "first-come" },
      limitSeconds: 25,
      runDeviation: 0.035,
    },
    load: { kind: "rate", stepPerSecond: 1, durationSeconds: 300 },
    goal: "success>=0.99 and p95<1s",
    trueLoad: 17,
    tolerance: { steps: 1 },
    sweepLoad: 26,
    targetShare: 1 / 2,
    budgetSweeps: 1,
  },
];
