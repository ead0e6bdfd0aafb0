import type { ModelParameters } from "../station/parameters.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";
import type { Split } from "./split.ts";

/** What the parameters do not say about a host. */
export interface Variant {
  readonly discipline: "sharing" | "first-come";
  readonly timeoutBehaviour: TimeoutBehaviour;
  /** Whether the delay takes more than a tenth of the fastest mean round trip: station-space.ts. */
  readonly delay: "short" | "long";
  /** Present: two stations, one for each part of the round trip. The other one shares. */
  readonly split?: Split;
  /** Present: requests take longer once more than some are there. */
  readonly hasKnee?: true;
}

/** One plausible station, and how much its runs differ. */
export interface StationDraw {
  readonly parameters: ModelParameters;
  /** Standard deviation of the logarithm of the host's speed from run to run. */
  readonly runErrorRatio: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /** With more servers, if no cell showed an upper end: `parameters` claims no more than were seen in use. */
  readonly openParameters?: ModelParameters;
  /** Its capacity is what its processors allow, so it counts as known even if no cell reached it. */
  readonly isAtProcessorLimit?: true;
}
