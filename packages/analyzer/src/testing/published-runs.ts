import { readFileSync } from "node:fs";

/** One run of the publication's measurements. */
export interface PublishedRun {
  readonly threads: number;
  readonly thinkTimeSeconds: number;
  readonly published: {
    readonly meanRoundTripSeconds: number;
    readonly medianRoundTripSeconds: number;
    readonly meanSuccessRate: number;
  };
  readonly clients: readonly {
    readonly mlSeconds: readonly number[];
    readonly handlerSeconds: readonly number[];
    readonly roundTripSeconds: readonly number[];
  }[];
}

/** All runs of the publication, as testdata/ holds them. */
export const publishedRuns = JSON.parse(
  readFileSync(new URL("../../testdata/published-runs.json", import.meta.url), "utf8"),
) as readonly PublishedRun[];
