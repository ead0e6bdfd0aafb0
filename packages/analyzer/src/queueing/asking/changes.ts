import { formatPercent } from "../../core/format.ts";
import type { ClassesFinding } from "../fitting/classes.ts";
import type { DemandBySize } from "../fitting/demand-by-size.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { ProcessorNeed } from "../fitting/processor-need.ts";
import { partOf, type StationsFinding } from "../fitting/stations.ts";
import { asOneStation, type ModelParameters, totalDemand } from "../station/parameters.ts";
import { areClasses, withSlowShare, withTimesDemand, withTimesUnits, withUnits } from "../station/sizes.ts";
import { bad } from "./questions.ts";
import { alterPrediction } from "./sizes.ts";

/**
 * What a change takes for granted, where that is not plain from its name; undefined if it is.
 *
 * @example
 * ```ts
 * assumptionOf("servers=8"); // undefined
 * ```
 */
export function assumptionOf(
  change: string,
  { demandBySize: sizes, processors, parameters, stations, classes }: AssumptionFacts = {},
): string | undefined {
  if (/^\s*replicas\b/.test(change))
    return "Hosts like this one, over which requests are spread evenly: none waits while another host is free. A gateway that chooses at random does worse.";
  const { name, part, sign, amount } = parseChange(change, sizes?.name);
  const [, slow] = classes?.classes ?? [];
  if (name === "slow" && slow !== undefined)
    return `${formatPercent(sign === "*" ? amount * slow.share : amount, 0)} of the requests are slow ones (${slow.kinds.join(", ")}), ${formatPercent(slow.share, 0)} were measured.`;
  if (stations?.isChosen && part !== undefined)
    return `The answer is of the hosts with these stations: ${formatPercent(stations.weight, 0)} of those that explain the cells.`;
  if (stations?.isChosen && (name === "servers" || name === "demand")) {
    const times = sign === "*" || parameters === undefined ? amount : amount / parameters.servers;
    const isKept = name === "servers" && stations.parts.some(({ servers }) => times * servers < 1);
    const kept = isKept ? ", but each keeps at least one server" : "";
    return `Both stations change by the same factor${kept}; ${name}.${stations.parts[0].name} changes one.`;
  }
  if (name === "servers" && parameters !== undefined) {
    const servers = sign === "*" ? amount * parameters.servers : amount;
    if (servers < 1) return "The function keeps at least one server.";
    if (processors !== undefined) return assumeCores(servers, processors, parameters);
  }
  if (sizes === undefined || name !== "units") return undefined;
  const { min, mean, max } = sizes.units;
  const asked = sign === "*" ? amount * mean : amount;
  const all =
    sign === "*"
      ? `Every request has ${amount} × its ${sizes.name}`
      : `Every request has ${amount} ${sizes.name}`;
  if (asked >= min && asked <= max) return `${all}.`;
  return `${all}: outside the measured ${plain(min)} … ${plain(max)}, so the line is extended beyond what was observed.`;
}

/** What is known of a fit besides its predictions. */
export interface AssumptionFacts {
  readonly demandBySize?: Pick<DemandBySize, "name" | "units">;
  readonly processors?: ProcessorNeed;
  readonly stations?: StationsFinding;
  readonly classes?: ClassesFinding;
  readonly parameters?: Pick<ModelParameters, "demandSeconds" | "servers">;
}

/** More servers than the cores can keep busy need more cores. */
function assumeCores(
  servers: number,
  { secondsPerRequest, cores = Number.POSITIVE_INFINITY }: ProcessorNeed,
  { demandSeconds }: Pick<ModelParameters, "demandSeconds">,
): string | undefined {
  const busy = (servers * secondsPerRequest) / demandSeconds;
  return busy <= CORES_TOLERANCE * cores
    ? undefined
    : `${plain(servers)} servers keep ${busy.toPrecision(2)} cores busy, but the function has ${plain(cores)}: this asks about a host with more.`;
}

/** Cores that are busy by less than this more than there are may be an error of measurement. */
const CORES_TOLERANCE = 1.1;

const plain = (value: number) => String(Number(value.toPrecision(4)));

/**
 * The model with one thing changed: `servers=8`, `replicas=3` (as many hosts like this one), `demand*0.5`,
 * `demand=2`, `contention=0`, `delay=0.1`, `timeout=60`, and `units=200` or `units*2` (or by their name: `tokens=200`)
 * if the demand depends on the size of a request; `slow=0.5` if requests are of two classes: half of them slow. With
 * two stations, `servers.ml=2` and `demand.ml*0.5` change one of them, and say nothing of hosts without it; `servers`
 * and `demand` change both by the same factor. A factor leaves every station at least one server.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * applyWhatIf(model, "servers=8").parameters.servers; // 8
 * ```
 */
export function applyWhatIf(
  model: Pick<FittedStation, "prediction" | "demandBySize" | "stations" | "classes">,
  text: string,
): PredictionInput {
  const { prediction, demandBySize, stations } = model;
  const { name, part, sign, amount } = parseChange(text, demandBySize?.name);
  const change = (before: number) => (sign === "*" ? before * amount : amount);
  if (name === "timeout") return { ...prediction, limitSeconds: change(prediction.limitSeconds) };
  if (name === "units") refuseUnits(text, change, model);
  if (name === "slow") refuseShare(text, change, model);
  const isGrowing = part === undefined ? undefined : isGrowingPart(text, part, stations);
  const alter = (one: ModelParameters): ModelParameters => {
    if (isGrowing !== undefined) return alterPart(one, isGrowing, name, change);
    switch (name) {
      case "servers":
        return withServers(one, change(asOneStation(one).servers));
      case "replicas":
        // Each host contends only with itself.
        return {
          ...withServers(one, asOneStation(one).servers * amount),
          replicas: (one.replicas ?? 1) * amount,
        };
      case "demand":
        return withTimesDemand(one, change(totalDemand(one)) / totalDemand(one));
      case "units":
        return sign === "*" ? withTimesUnits(one, amount) : withUnits(one, amount);
      case "slow":
        return withSlowShare(one, change(one.sizes?.meanUnits ?? 0));
      case "contention":
        return { ...one, contention: change(one.contention) };
      default:
        return { ...one, delaySeconds: change(one.delaySeconds) };
    }
  };
  return {
    ...alterPrediction(prediction, alter),
    // A stated number of servers is no longer open.
    serversOpen: prediction.serversOpen && name !== "servers",
  };
}

/** At least one server; two stations keep the ratio of their servers, and at least one each. */
function withServers(one: ModelParameters, servers: number): ModelParameters {
  const { other } = one;
  if (other === undefined) return { ...one, servers: Math.max(1, servers) };
  const times = servers / asOneStation(one).servers;
  const scale = (before: number) => Math.max(1, times * before);
  return { ...one, servers: scale(one.servers), other: { ...other, servers: scale(other.servers) } };
}

/** Changes one of two stations; a host that has only one stays as it is. */
function alterPart(
  one: ModelParameters,
  isGrowing: boolean,
  name: string,
  change: (before: number) => number,
): ModelParameters {
  if (one.other === undefined) return one;
  const part = partOf(one, isGrowing);
  const changed =
    name === "servers"
      ? { servers: Math.max(1, change(part.servers)) }
      : { demandSeconds: change(part.demandSeconds) };
  return isGrowing ? { ...one, ...changed } : { ...one, other: { ...one.other, ...changed } };
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION if the model has no such station */
function isGrowingPart(text: string, part: string, stations: StationsFinding | undefined): boolean {
  if (!stations?.isChosen)
    throw bad(
      `"${text}" asks about one of several stations, but the model has one`,
      stations?.reason ?? "measure a function that reports times (response.times), over more users",
    );
  const names = stations.parts.map(({ name }) => name);
  if (!names.includes(part))
    throw bad(`"${text}" names no station of the model`, `its stations are ${names.join(" and ")}`);
  return part === stations.growing;
}

/** Whether a change is about one of two stations. */
export const isAboutPart = (text: string): boolean => PART.test(text);

const PART = /^\s*(servers|demand)\.([^\s=*]+)(?=\s*[=*])/;

const CHANGES = ["servers", "replicas", "demand", "contention", "delay", "timeout", "units", "slow"];

interface Change {
  /** One of CHANGES. */
  readonly name: string;
  /** The station that it is about; absent: all. */
  readonly part?: string;
  readonly sign: "=" | "*";
  readonly amount: number;
}

/** @param unitsName another name of `units`: `tokens` */
function parseChange(text: string, unitsName?: string): Change {
  const [, written = "", sign, value] = /^\s*(\S+?)\s*([=*])\s*(\d+\.?\d*|\.\d+)\s*$/.exec(text) ?? [];
  const [, ofPart, part] = PART.exec(text) ?? [];
  const name = ofPart ?? (written === unitsName ? "units" : written);
  const amount = Number(value);
  const mayBeNothing = ["contention", "delay", "slow"].includes(name) || (name === "units" && sign === "=");
  if (!CHANGES.includes(name) || !(amount >= 0) || (amount === 0 && !mayBeNothing))
    throw bad(
      `"${text}" is no change`,
      "write servers=8, replicas=3, demand*0.5, contention=0, delay=0.1, timeout=60, units=200, units*2 or slow=0.5",
    );
  const isTooFew = amount < 1 && ((name === "servers" && sign === "=") || name === "replicas");
  if (isTooFew)
    throw bad(
      `"${text}" asks for fewer than 1 of the ${name}`,
      "ask for 1 or more; a function that is half as fast is demand*2",
    );
  return { name, sign: sign as Change["sign"], amount, ...(part !== undefined && { part }) };
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION if requests are of one class, or the share is above 1 */
function refuseShare(
  text: string,
  change: (before: number) => number,
  { prediction, classes }: Pick<FittedStation, "prediction" | "classes">,
): void {
  const { sizes } = prediction.parameters;
  if (sizes === undefined || !areClasses(sizes))
    throw bad(
      `"${text}" asks for another mix of requests, but the model has one class of them`,
      sizes !== undefined
        ? "the model describes requests by their size instead: ask for units=200 or units*2"
        : (classes?.reason ?? "measure a function with payloads of several kinds"),
    );
  const share = change(sizes.meanUnits);
  if (share > 1)
    throw bad(
      `"${text}" makes ${formatPercent(share, 0)} of the requests slow`,
      "ask for a share from 0 to 1",
    );
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION if size has no effect, or the line gives no demand there */
function refuseUnits(
  text: string,
  change: (before: number) => number,
  { prediction, demandBySize }: Pick<FittedStation, "prediction" | "demandBySize">,
): void {
  const { demandSeconds, sizes } = prediction.parameters;
  if (sizes === undefined || areClasses(sizes))
    throw bad(
      `"${text}" asks for another size of requests, but the model has one demand for ${sizes === undefined ? "all" : "each of two classes"}`,
      demandBySize?.reason ??
        "measure a function whose response.units are known, with payloads of several sizes",
    );
  const units = change(sizes.meanUnits);
  if (demandSeconds + sizes.perUnitSeconds * (units - sizes.meanUnits) <= 0)
    throw bad(
      `"${text}" lies where the line of demand over ${demandBySize?.name ?? "units"} is below 0`,
      "ask for a size nearer to the measured ones",
    );
}
