import type { ModelParameters } from "../src/queueing/station/parameters.ts";
import { drawLognormal, logSpread } from "../src/stats/draw-lognormal.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import type { Scenario } from "./host.ts";

/** A function that takes 0.1 s for a request that is alone on the host. */
const FUNCTION: ModelParameters = {
  demandSeconds: 0.1,
  servers: 1,
  contention: 0,
  delaySeconds: 0.005,
  demandVariation: 0.1,
};

/** Requests per user: one for each frame of a short video, as in the published experiment. */
const REQUESTS = 37;

/** The base of the others: eight users on one host with processor sharing, whose speed differs by 3% between runs. */
const USUAL: Scenario = {
  name: "8 users, one host that shares its processor",
  parameters: FUNCTION,
  users: 8,
  requestsPerUser: REQUESTS,
  thinkTimeSeconds: 0.2,
  runDeviation: 0.03,
};

/** One request in fifty meets a new process, which takes half a second longer. */
const coldStarts = (random: () => number): number =>
  FUNCTION.demandSeconds * Math.max(0.05, 1 + FUNCTION.demandVariation * drawNormal(random)) +
  (random() < 0.02 ? 0.5 : 0);

/** Lognormal with a coefficient of variation of 1: a few requests take much longer than most. */
const heavyTail = (random: () => number): number => {
  return FUNCTION.demandSeconds * drawLognormal(random, logSpread(1));
};

/**
 * The host for the tests of changes. It is always busy: on a host that is sometimes idle, the queue alone varies by
 * more than a step of 20%.
 * @param  users 1..9
 */
export const changingHost = (users: number): Scenario => ({
  ...USUAL,
  name: `${users} users`,
  users,
  thinkTimeSeconds: 0,
});

/** The hosts and loads that the claims are checked on. */
export const SCENARIOS: readonly Scenario[] = [
  { ...USUAL, name: "1 user, 100 requests", users: 1, requestsPerUser: 100 },
  USUAL,
  { ...USUAL, name: "8 users, runs differ by 10%", runDeviation: 0.1 },
  {
    ...USUAL,
    name: "8 users, first come first served, 1 server",
    parameters: { ...FUNCTION, discipline: "first-come" },
  },
  {
    ...USUAL,
    name: "8 users, first come first served, 3 servers",
    parameters: { ...FUNCTION, servers: 3, discipline: "first-come" },
  },
  {
    ...USUAL,
    name: "9 users, contention 5%",
    users: 9,
    parameters: { ...FUNCTION, servers: 2, contention: 0.05 },
  },
  { ...USUAL, name: "8 users, heavy-tailed work", work: heavyTail },
  { ...USUAL, name: "8 users, cold starts", work: coldStarts, isUnsteady: true },
  { ...USUAL, name: "8 users, time-outs cancelled", limitSeconds: 0.85, timeoutBehaviour: "cancelled" },
  {
    ...USUAL,
    name: "8 users, time-outs keep running",
    limitSeconds: 0.85,
    timeoutBehaviour: "keeps-running",
  },
  {
    ...USUAL,
    name: "8 users, saturated at the time limit",
    thinkTimeSeconds: 0,
    limitSeconds: 0.9,
    timeoutBehaviour: "cancelled",
  },
  {
    ...USUAL,
    name: "8 users, speed wanders by 5%",
    isUnsteady: true,
    wander: { deviation: 0.05, memorySeconds: 2 },
  },
  {
    ...USUAL,
    name: "8 users, slow phases",
    isUnsteady: true,
    slowPhases: { factor: 1.3, meanSeconds: 2, meanPauseSeconds: 8 },
  },
  { ...USUAL, name: "20 users, 60 requests each", users: 20, requestsPerUser: 60 },
  {
    ...USUAL,
    name: "8 users that never meet (0.25 starts/s)",
    startRatePerSecond: 0.25,
    requestsPerUser: 10,
  },
];
