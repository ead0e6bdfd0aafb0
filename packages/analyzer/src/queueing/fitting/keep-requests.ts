import type { ModelClient, TracedRequest } from "./observation.ts";

/** The measured requests of a client; empty if starts are not known. */
export const measuredTrace = ({
  trace = [],
  measuredFrom = 0,
  roundTripSeconds,
}: ModelClient): readonly TracedRequest[] =>
  trace.slice(measuredFrom, measuredFrom + roundTripSeconds.length);

/** The client with some of its measured requests, without the averages over all of them; the same client if it keeps all of them, or starts are not known. */
export function keepRequests(client: ModelClient, isKept: (request: TracedRequest) => boolean): ModelClient {
  const measured = measuredTrace(client);
  if (measured.every(isKept)) return client;
  const { reportedSeconds: _, ...rest } = client;
  const { roundTripSeconds, sizes, kinds, serviceSeconds, handlerSeconds } = rest;
  const isOwn = (_: unknown, index: number) => isKept(measured[index] as TracedRequest);
  const kept = measured.filter(isKept);
  const successful = kept.map((request) => request.successful);
  return {
    ...rest,
    roundTripSeconds: roundTripSeconds.filter(isOwn),
    successful,
    successfulRequests: successful.filter((isSuccessful) => isSuccessful).length,
    ...(sizes !== undefined && { sizes: sizes.filter(isOwn) }),
    ...(kinds !== undefined && { kinds: kinds.filter(isOwn) }),
    ...(serviceSeconds !== undefined && { serviceSeconds: serviceSeconds.filter(isOwn) }),
    ...(handlerSeconds !== undefined && {
      handlerSeconds: kept.flatMap((request) => (request.successful ? (request.handlerSeconds ?? []) : [])),
    }),
  };
}
