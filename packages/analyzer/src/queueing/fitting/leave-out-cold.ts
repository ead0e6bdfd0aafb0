import { createRandom } from "../../stats/random.ts";
import { drawStudent } from "../numeric/draw-student.ts";
import type { ColdStarts } from "../station/instances.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { ColdStartEvidence, ColdStartFinding } from "./cold-starts.ts";
import { keepRequests } from "./keep-requests.ts";
import type { ModelCell } from "./observation.ts";
import { type PreparedCell, prepare } from "./prepare-cell.ts";
import type { StationDraw } from "./variant.ts";

/**
 * Prepares a condition for fitting: the fit gets the warm requests, and the figures that predictions are compared with
 * are those of all requests. A condition with fewer than two warm requests says nothing.
 */
export function prepareWarm(
  cell: ModelCell,
  limitSeconds: number,
  evidence: ColdStartEvidence | undefined,
): PreparedCell {
  const whole = prepare(cell, limitSeconds);
  if (evidence === undefined || evidence.found.rule === "always" || whole.seen === undefined) return whole;
  const clients = cell.clients.map((client) =>
    keepRequests(client, (request) => !evidence.cold.has(request)),
  );
  if (clients.every((client, index) => client === cell.clients[index])) return whole;
  const warm = prepare({ ...cell, clients }, limitSeconds);
  if (warm.seen === undefined) return { cell: warm.cell, seen: undefined };
  const { meanRoundTripSeconds, successRate, plan } = whole.seen;
  return { cell: warm.cell, seen: { ...warm.seen, meanRoundTripSeconds, successRate, plan } };
}

/** The station's term; undefined if the cells do not show which requests start cold. */
export function coldStartTerm(found: ColdStartFinding | undefined): ColdStarts | undefined {
  if (found?.rule !== "instances" || found.meanSeconds === 0) return undefined;
  const { meanSeconds, stdevSeconds, keepAlive } = found;
  return {
    seconds: meanSeconds,
    variation: stdevSeconds / meanSeconds,
    keepAliveSeconds: keepAlive.seconds,
  };
}

/** The draws, each with a mean start and a keep-alive drawn from what is plausible. */
export function drawColdStarts(
  draws: readonly StationDraw[],
  { found, keepAlives }: ColdStartEvidence,
  seed: number,
): readonly StationDraw[] {
  const random = createRandom(seed);
  const { meanSeconds, stdevSeconds, samples } = found;
  const error = stdevSeconds / Math.sqrt(samples);
  return draws.map((draw) => {
    const seconds = Math.max(0, meanSeconds + error * drawStudent(Math.max(1, samples - 1), random));
    const keepAliveSeconds = keepAlives[Math.floor(random() * keepAlives.length)] as number;
    const alter = (parameters: ModelParameters): ModelParameters =>
      parameters.coldStarts === undefined
        ? parameters
        : { ...parameters, coldStarts: { ...parameters.coldStarts, seconds, keepAliveSeconds } };
    return { ...draw, parameters: alter(draw.parameters) };
  });
}
