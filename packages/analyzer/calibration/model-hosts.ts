import type { ModelParameters } from "../src/queueing/station/parameters.ts";
import type { HostSpeed, TimeoutBehaviour } from "../src/queueing/station/simulate.ts";

/** The processor time that a host's function takes, as measured. */
export interface HostCpu {
  readonly cores: number;
  /** Of a request that is alone. */
  readonly secondsPerRequest: number;
  /** Requests that slow each other down compute for longer; absent: they wait for longer. */
  readonly growsWithContention?: true;
}

/** A simulated host that the model is judged on. */
export interface ModelHost {
  readonly name: string;
  readonly parameters: ModelParameters;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /** The model has no term for what this host does, so its error is only information. */
  readonly isBeyondModel?: true;
  /** Handler time as a share of the round trip; absent: the function reports none. */
  readonly handlerShare?: number;
  /** Requests of its two classes send different payloads. */
  readonly hasPayloads?: true;
  /** If its processor time is measured. */
  readonly cpu?: HostCpu;
  /** Responses say whether they started cold. */
  readonly reportsColdStarts?: true;
  /** The name by which responses report the time at one of the host's stations; absent: they do not. */
  readonly reports?: { readonly name: string; readonly station: "main" | "other" };
  /** The host's speed in one run; absent: as the parameters say. */
  readonly hostSpeed?: () => HostSpeed;
}

export const HOST: ModelParameters = {
  demandSeconds: 1,
  servers: 1,
  contention: 0,
  delaySeconds: 0,
  demandVariation: 0.08,
};

const host = (
  name: string,
  parameters: Partial<ModelParameters>,
  more: Partial<ModelHost> = {},
): ModelHost => ({
  name,
  parameters: { ...HOST, ...parameters },
  timeoutBehaviour: "cancelled",
  ...more,
});

const SCALE_STEP_SECONDS = 15;

/** From some replicas of one server each, one more every 15 s while more than 80% of them are busy. */
export const autoscaling = (from: number, most: number) => (): HostSpeed => {
  let replicas = from;
  let untilSeconds = SCALE_STEP_SECONDS;
  let busySeconds = 0;
  let before = 0;
  let last = 0;
  return (atSeconds, inService) => {
    busySeconds += before * (atSeconds - last);
    [before, last] = [inService, atSeconds];
    if (atSeconds >= untilSeconds) {
      const isBusy = busySeconds > 0.8 * replicas * SCALE_STEP_SECONDS;
      if (isBusy) replicas = Math.min(most, replicas + 1);
      busySeconds = 0;
      untilSeconds += SCALE_STEP_SECONDS;
    }
    // The parameters have the servers of the first replicas.
    const factor = Math.min(1, replicas / inService) / Math.min(1, from / inService);
    return { factor: inService === 0 ? 1 : factor, untilSeconds };
  };
};

/** Beyond some requests in service, their data no longer fit into the cache, and all take longer by a factor. */
export const cacheKnee = (beyond: number, slowdown: number) => (): HostSpeed => (_, inService) => ({
  factor: inService > beyond ? 1 / slowdown : 1,
  untilSeconds: Number.POSITIVE_INFINITY,
});

/** The published host has 3.7 servers that share, and 10 s of work per request. */
const PUBLISHED = { demandSeconds: 9.9, servers: 3.7, contention: 0.02, demandVariation: 0.04 };

/** A lock around 0.3 s; the rest takes 0.5 s, of four requests at a time. */
const LOCKED: Partial<ModelParameters> = {
  ...{ demandSeconds: 0.3, discipline: "first-come" },
  other: { demandSeconds: 0.5, servers: 4 },
};
/** A gateway that serves one request at a time; the function takes 1.5 s, of eight requests at a time. */
const GATEWAY: Partial<ModelParameters> = {
  ...{ demandSeconds: 0.3, discipline: "first-come" },
  other: { demandSeconds: 1.5, servers: 8 },
};

/** Three of four requests take 0.5 s, the others 2 s. */
const TWO_CLASSES: Partial<ModelParameters> = {
  ...{ demandSeconds: 0.875, servers: 2 },
  sizes: {
    ...{ perUnitSeconds: 1.5, meanUnits: 0.25 },
    classes: [
      { share: 0.75, units: 0, name: "fast" },
      { share: 0.25, units: 1, name: "slow" },
    ],
  },
};

export const MODEL_HOSTS: readonly ModelHost[] = [
  host("sharing, 3.7 servers, 9.9 s, time-outs cancelled", PUBLISHED),
  host("sharing, 3.7 servers, 9.9 s, time-outs keep running", PUBLISHED, {
    timeoutBehaviour: "keeps-running",
  }),
  host("sharing, 4 servers, 1 s", { servers: 4 }),
  host("sharing, 3 servers, 2 s, contention 5%", { servers: 3, demandSeconds: 2, contention: 0.05 }),
  host("sharing, 3 servers, 0.8 s, delay 0.4 s", { servers: 3, demandSeconds: 0.8, delaySeconds: 0.4 }),
  host("first come, 1 server, 1 s", { discipline: "first-come" }),
  host("first come, 3 servers, 3 s", { discipline: "first-come", servers: 3, demandSeconds: 3 }),
  host(
    "sharing, 1 server, 3.4 s, time-outs keep running",
    { demandSeconds: 3.4 },
    { timeoutBehaviour: "keeps-running" },
  ),
  host("sharing, 1 server, 3.4 s, time-outs cancelled", { demandSeconds: 3.4 }),
  host("sharing, 6 servers, 10 s", { servers: 6, demandSeconds: 10 }),
  host(
    "sharing, 2 servers, 0.2 s, users who hardly meet",
    { servers: 2, demandSeconds: 0.2 },
    { handlerShare: 0.55 },
  ),
  host("cold starts of 3 s, 3 servers, 1 s", {
    servers: 3,
    coldStarts: { seconds: 3, variation: 0.1, keepAliveSeconds: 20 },
  }),
  host(
    "cold starts of 0.5 s after 4 s, reported, 3 servers, 1 s",
    { servers: 3, coldStarts: { seconds: 0.5, variation: 0.1, keepAliveSeconds: 4 } },
    { reportsColdStarts: true },
  ),
  host(
    "autoscaling from 2 to 6 replicas, 2 s",
    { servers: 2, demandSeconds: 2 },
    { isBeyondModel: true, hostSpeed: autoscaling(2, 6) },
  ),
  host(
    "cache knee beyond 5 requests, 3 servers, 2 s",
    { servers: 3, demandSeconds: 2 },
    { hostSpeed: cacheKnee(5, 1.5) },
  ),
  host(
    "sharing, 6 servers, 10 s, CPU known",
    { servers: 6, demandSeconds: 10 },
    { cpu: { cores: 6, secondsPerRequest: 10 } },
  ),
  host(
    "sharing, 2 servers, 0.2 s, users who hardly meet, CPU known",
    { servers: 2, demandSeconds: 0.2 },
    { handlerShare: 0.55, cpu: { cores: 2, secondsPerRequest: 0.2 } },
  ),
  host(
    "sharing, 3 servers, 0.8 s, delay 0.4 s, CPU known",
    { servers: 3, demandSeconds: 0.8, delaySeconds: 0.4 },
    { cpu: { cores: 3, secondsPerRequest: 0.8 } },
  ),
  host(
    "sharing, 4 servers, 2 s, contention 8%, CPU known and growing with it",
    { servers: 4, demandSeconds: 2, contention: 0.08 },
    { cpu: { cores: 4, secondsPerRequest: 2, growsWithContention: true } },
  ),
  host(
    "first come, 2 servers (a lock) on 8 cores, 2 s, CPU known",
    { discipline: "first-come", servers: 2, demandSeconds: 2 },
    { cpu: { cores: 8, secondsPerRequest: 2 } },
  ),
  host(
    "first come, 5 servers (a limit) on 8 cores, 2 s, CPU known",
    { discipline: "first-come", servers: 5, demandSeconds: 2 },
    { cpu: { cores: 8, secondsPerRequest: 2 } },
  ),
  host("a lock: 0.3 s, one at a time, and 0.5 s on 4 servers", LOCKED),
  host("a lock: 0.3 s, one at a time, and 0.5 s on 4 servers, times reported", LOCKED, {
    reports: { name: "ml", station: "main" },
  }),
  host("a gateway: 0.3 s, one at a time, and 1.5 s on 8 servers", GATEWAY),
  host("a gateway: 0.3 s, one at a time, and 1.5 s on 8 servers, times reported", GATEWAY, {
    reports: { name: "handler", station: "other" },
  }),
  host("two classes: 0.5 s and, one of four, 2 s, sharing 2 servers, payloads known", TWO_CLASSES, {
    hasPayloads: true,
  }),
  host(
    "sharing, 3 servers, 0.8 s, delay 0.4 s, times reported",
    { servers: 3, demandSeconds: 0.8, delaySeconds: 0.4 },
    { reports: { name: "handler", station: "main" } },
  ),
];
