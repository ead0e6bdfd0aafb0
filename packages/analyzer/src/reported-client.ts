import type { ClientRun, EarlyEnd } from "./client-run.ts";
import type { Sample } from "./sample.ts";
import type { RequestList } from "./table/request-table.ts";
import type { Warning } from "./warnings.ts";

type Fields = Pick<
  ClientRun,
  | ("sample" | "repetition" | "crashed" | "warnings")
  | ("timeoutSeconds" | "thinkTimeSeconds" | "user" | "torn" | "endedEarly")
>;

/** A client whose report says everything of each request: its lists are made of the requests when they are asked for. */
export class ReportedClient implements ClientRun {
  declare readonly sample: Sample;
  declare readonly repetition: number;
  declare readonly crashed: boolean;
  declare readonly timeoutSeconds?: number;
  declare readonly thinkTimeSeconds?: number;
  declare readonly user?: string;
  declare readonly torn?: readonly string[];
  declare readonly endedEarly?: EarlyEnd;
  declare readonly warnings: readonly Warning[];
  readonly hasReport = true;
  readonly requests: RequestList;
  readonly sentRequests: number;
  readonly successfulRequests: number;

  constructor(requests: RequestList, fields: Fields) {
    Object.assign(this, fields);
    this.requests = requests;
    this.sentRequests = requests.length;
    this.successfulRequests = requests.totals.answered;
  }

  /** A copy that differs in some fields, or has other requests. */
  changed(changes: Partial<Fields>, requests = this.requests): ReportedClient {
    const { requests: _, sentRequests: _s, successfulRequests: _a, hasReport: _h, ...fields } = this;
    return new ReportedClient(requests, { ...fields, ...changes });
  }

  get roundTripSeconds(): readonly number[] {
    return this.requests.numbers("roundTripSeconds");
  }

  get successfulRoundTripSeconds(): readonly number[] {
    return this.requests.answered("roundTripSeconds");
  }

  get handlerSeconds(): readonly number[] {
    return this.requests.answered("handlerSeconds");
  }

  get mlSeconds(): readonly number[] {
    return this.requests.answered("mlSeconds");
  }
}
