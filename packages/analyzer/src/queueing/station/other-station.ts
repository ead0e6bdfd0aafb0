/** A station that requests share, without contention. */
export interface OtherStation {
  /** Service demand of one request that is alone, seconds. */
  readonly demandSeconds: number;
  /** Requests that it serves at full speed at the same time; not necessarily an integer. */
  readonly servers: number;
}
