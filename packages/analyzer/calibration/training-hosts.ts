import type { ModelParameters } from "../src/queueing/station/parameters.ts";
import { createRandom } from "../src/stats/random.ts";
import { autoscaling, cacheKnee, HOST, type ModelHost } from "./model-hosts.ts";
import { mixSeed } from "./seeds.ts";

/** Any: it decides which hosts are drawn. */
const SEED = 77;
/** Shares of hosts that do something rare, of each kind. */
const COLD_SHARE = 0.07;
const SCALING_SHARE = 0.07;
const KNEE_SHARE = 0.07;
/** And of those that do not, some have two classes of requests, some two stations. */
const CLASSES_SHARE = 0.1;
const STATIONS_SHARE = 0.1;

/**
 * A host drawn at random. The verdict learns from such hosts (verdict-weights.ts), so that those of model-hosts.ts,
 * by which it is judged, are new to it.
 */
export function drawTrainingHost(index: number): ModelHost {
  const random = createRandom(mixSeed(SEED, index));
  const between = (low: number, high: number) => low + (high - low) * random();
  const isSo = (share: number) => random() < share;
  const isQueue = isSo(0.3);
  const servers = isSo(0.25) ? 1 : between(1, 7);
  const demandSeconds = Math.exp(between(Math.log(0.2), Math.log(12)));
  const parameters: ModelParameters = {
    demandSeconds,
    servers: isQueue || isSo(0.5) ? Math.round(servers) : servers,
    contention: isSo(0.6) ? 0 : between(0, 0.12),
    delaySeconds: isSo(0.6) ? 0 : between(0, Math.min(0.6, demandSeconds)),
    demandVariation: between(0.02, 0.3),
    ...(isQueue && { discipline: "first-come" }),
  };
  const plain: ModelHost = {
    name: `training ${index}`,
    parameters,
    timeoutBehaviour: isSo(0.5) ? "cancelled" : "keeps-running",
    ...(isSo(0.3) && { handlerShare: between(0.5, 0.95) }),
  };
  // Other sources of random numbers, so that the hosts stay those that they were before.
  const host = withSurprise(plain, random);
  if (host === plain) {
    const other = withClassesOrStations(plain, createRandom(mixSeed(SEED, index, 2)));
    if (other !== plain) return other;
  }
  return withCpu(host, createRandom(mixSeed(SEED, index, 1)));
}

/** The host as it is, or with two classes of requests, or with a second station. */
function withClassesOrStations(plain: ModelHost, random: () => number): ModelHost {
  const kind = random();
  const { parameters, handlerShare, ...rest } = plain;
  const between = (low: number, high: number) => low + (high - low) * random();
  if (kind < CLASSES_SHARE) {
    const share = between(0.1, 0.5);
    const slowdown = between(1.5, 5);
    const fastSeconds = parameters.demandSeconds / (1 + share * (slowdown - 1));
    const classes = [
      { share: 1 - share, units: 0, name: "fast" },
      { share, units: 1, name: "slow" },
    ] as const;
    const sizes = { perUnitSeconds: fastSeconds * (slowdown - 1), meanUnits: share, classes };
    return {
      ...plain,
      parameters: { ...parameters, sizes },
      ...(random() < 0.7 && { hasPayloads: true }),
    };
  }
  if (kind < CLASSES_SHARE + STATIONS_SHARE) {
    const otherShare = between(0.2, 0.8);
    const other = {
      demandSeconds: otherShare * parameters.demandSeconds,
      servers: 1 + Math.floor(8 * random()),
    };
    const demandSeconds = (1 - otherShare) * parameters.demandSeconds;
    const station = random() < 0.5 ? "main" : "other";
    return {
      ...rest,
      parameters: { ...parameters, demandSeconds, contention: 0, delaySeconds: 0, other },
      ...(random() < 0.5 && { reports: { name: "handler", station } }),
    };
  }
  return plain;
}

/** Share of hosts whose processor time is measured, and of these, those that something else limits earlier. */
const CPU_SHARE = 0.4;
const OTHER_LIMIT_SHARE = 0.35;

/** The host, for some with its processor time. */
function withCpu(host: ModelHost, random: () => number): ModelHost {
  if (random() > CPU_SHARE) return host;
  const { parameters, hostSpeed } = host;
  const hasOtherLimit = hostSpeed !== undefined || random() < OTHER_LIMIT_SHARE;
  const cores = Math.ceil(parameters.servers * (hasOtherLimit ? 1 + 2 * random() : 1));
  return {
    ...host,
    cpu: {
      cores,
      // On fewer servers than cores, something else takes a part of the processors, or of the time.
      secondsPerRequest: parameters.demandSeconds * (random() < 0.3 ? 0.5 + 0.5 * random() : 1),
      ...(random() < 0.5 && { growsWithContention: true }),
    },
  };
}

/** The host as it is, or with cold starts, autoscaling, or a knee. */
function withSurprise(plain: ModelHost, random: () => number): ModelHost {
  const kind = random();
  const { parameters } = plain;
  const { demandSeconds } = parameters;
  if (kind < COLD_SHARE) {
    const seconds = demandSeconds * (1 + 3 * random());
    const coldStarts = { seconds, variation: 0.1, keepAliveSeconds: 5 + 40 * random() };
    return {
      ...plain,
      parameters: { ...parameters, coldStarts },
      ...(random() < 0.5 && { reportsColdStarts: true }),
    };
  }
  if (kind < COLD_SHARE + SCALING_SHARE) {
    const from = 1 + Math.floor(3 * random());
    const sharing = { ...HOST, demandSeconds, servers: from };
    return {
      ...plain,
      ...{ isBeyondModel: true, parameters: sharing },
      hostSpeed: autoscaling(from, from * (2 + Math.floor(3 * random()))),
    };
  }
  if (kind < COLD_SHARE + SCALING_SHARE + KNEE_SHARE) {
    const beyond = parameters.servers + 5 * random();
    return { ...plain, isBeyondModel: true, hostSpeed: cacheKnee(beyond, 1.2 + 0.6 * random()) };
  }
  return plain;
}
