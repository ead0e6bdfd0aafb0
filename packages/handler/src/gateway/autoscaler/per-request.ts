import { type Autoscaler, clamp, requests } from "./load.ts";
import type { PerRequestOptions } from "./options.ts";
import { createSlidingMax } from "./sliding-max.ts";

/**
 * A replica for each request in flight; an idle one leaves `keepAliveSeconds` after its last request.
 *
 * The caller sends a request to the idle replica that was used last, and removes the one that is idle longest. Then
 * the k-th replica is in use exactly while at least k requests are, so the replicas within their keep-alive are the
 * most requests at once during the last `keepAliveSeconds`.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html for a replica per request. Its order of reuse
 * is not documented; "newest idle first" is what McGrath and Brenner (2017, doi:10.1109/ICDCSW.2017.36) describe.
 * @example Keep-alive 60: three requests at once end at second 5; 3 replicas stay until second 65, then none.
 */
export function createPerRequest(options: PerRequestOptions): Autoscaler {
  const { minReplicas = 0, maxReplicas } = options;
  const concurrency = createSlidingMax(options.keepAliveSeconds);
  return {
    observe: (at, load) => concurrency.set(at, requests(load)),
    wanted: (at) => clamp(concurrency.max(at), minReplicas, maxReplicas),
    nextAt: (at) => concurrency.dropsAt(at),
  };
}
