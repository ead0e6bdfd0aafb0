import type { Tolerance } from "../../src/finding/search-state.ts";
import type { Scenario } from "../host.ts";

/** A simulated function, a goal, and the number of users up to which the goal truly holds. */
export interface FindHost {
  readonly scenario: Omit<Scenario, "users">;
  readonly goal: string;
  /** The benchmark checks it against many runs. */
  readonly trueUsers: number;
  readonly tolerance: Tolerance & { readonly steps: number };
  /** The sweep's greatest number of users. */
  readonly sweepUsers: number;
  /** At most this share of the sweep's time is the target. */
  readonly targetShare: number;
}

/** JMeter's start and end, and the pause before the next run, s. */
export const AROUND_SECONDS = 25;

export const FIND_HOSTS: readonly FindHost[] = [
  {
    scenario: {
      name: "shared, 3.7 servers",
      parameters: {
        demandSeconds: 8,
        servers: 3.7,
        contention: 0.03,
        delaySeconds: 0,
        demandVariation: 0.08,
        waitVariation: 0,
      },
      requestsPerUser: 37,
      thinkTimeSeconds: 0,
      limitSeconds: 25,
      runDeviation: 0.05,
    },
    goal: "success>=0.99 and p95<10.1s",
    trueUsers: 3,
    tolerance: { steps: 1 },
    sweepUsers: 9,
    targetShare: 1 / 2,
  },
  {
    scenario: {
      name: "first come first served",
      parameters: {
        demandSeconds: 0.5,
        servers: 2,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 0.2,
        waitVariation: 0,
        discipline: "first-come",
      },
      requestsPerUser: 100,
      thinkTimeSeconds: 1,
      limitSeconds: 10,
      runDeviation: 0.06,
    },
    goal: "success>=0.99 and p95<1.7s",
    trueUsers: 9,
    tolerance: { steps: 1 },
    sweepUsers: 18,
    targetShare: 1 / 3,
  },
  {
    scenario: {
      name: "shared, exponential work",
      parameters: {
        demandSeconds: 0.5,
        servers: 2,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 1,
        waitVariation: 0,
      },
      work: "exponential",
      requestsPerUser: 150,
      thinkTimeSeconds: 1,
      limitSeconds: 20,
      runDeviation: 0.05,
    },
    goal: "success>=0.99 and p95<4.27s",
    trueUsers: 9,
    tolerance: { steps: 1 },
    sweepUsers: 18,
    targetShare: 1 / 3,
  },
  {
    scenario: {
      name: "shared, 8 servers",
      parameters: {
        demandSeconds: 0.4,
        servers: 8,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 0.3,
        waitVariation: 0,
      },
      requestsPerUser: 37,
      thinkTimeSeconds: 1,
      limitSeconds: 10,
      runDeviation: 0.035,
    },
    goal: "success>=0.99 and p95<1.613s",
    trueUsers: 40,
    tolerance: { steps: 2 },
    sweepUsers: 60,
    targetShare: 1 / 5,
  },
  {
    scenario: {
      name: "shared, 32 servers",
      parameters: {
        demandSeconds: 0.4,
        servers: 32,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 0.3,
        waitVariation: 0,
      },
      requestsPerUser: 37,
      thinkTimeSeconds: 1,
      limitSeconds: 10,
      runDeviation: 0.05,
    },
    goal: "success>=0.99 and p95<1.353s",
    trueUsers: 150,
    tolerance: { steps: 8 },
    sweepUsers: 225,
    targetShare: 1 / 10,
  },
  {
    scenario: {
      name: "first come first served, 32 servers",
      parameters: {
        demandSeconds: 0.4,
        servers: 32,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 0.3,
        waitVariation: 0,
        discipline: "first-come",
      },
      requestsPerUser: 37,
      thinkTimeSeconds: 1,
      limitSeconds: 10,
      runDeviation: 0.05,
    },
    goal: "success>=0.99 and p95<1.095s",
    trueUsers: 150,
    tolerance: { steps: 8 },
    sweepUsers: 225,
    targetShare: 1 / 10,
  },
  {
    scenario: {
      name: "shared, 8 servers, requests are cut at 2 s",
      parameters: {
        demandSeconds: 0.4,
        servers: 8,
        contention: 0,
        delaySeconds: 0.01,
        demandVariation: 0.3,
        waitVariation: 0,
      },
      requestsPerUser: 37,
      thinkTimeSeconds: 1,
      limitSeconds: 2,
      runDeviation: 0.035,
    },
    goal: "success>=0.99",
    trueUsers: 42,
    tolerance: { steps: 4 },
    sweepUsers: 63,
    targetShare: 1 / 5,
  },
];
