import type { UnfinishedRequest } from "@slbench/client/report";
import type { RequestList } from "../columns/request-list.ts";
import type { Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";

/** What one client measured, in the order of sending; times in seconds. */
export interface ClientTimes {
  readonly sent: number;
  readonly successful: number;
  /** One per sent request. */
  readonly roundTripSeconds: readonly number[];
  /** One per successful request; absent if it is not known which those are. */
  readonly successfulRoundTripSeconds?: readonly number[];
  readonly handlerSeconds: readonly number[];
  readonly mlSeconds: readonly number[];
}

/** A client that did not send all its requests, and why. */
export interface EarlyEnd {
  readonly plannedRequests: number;
  readonly why: string;
  /** Requests that it had sent and that had no response yet. */
  readonly unfinished: readonly UnfinishedRequest[];
}

/** Everything about a client besides its times. */
export interface ClientFields {
  readonly sample: Sample;
  /** Which run of the condition it belongs to, from 1 on. */
  readonly repetition: number;
  /** Return code other than 0, or no report although there was response data. */
  readonly crashed: boolean;
  /** Whether the response data held a client's report, new or old. */
  readonly hasReport: boolean;
  /** Its time limit for a response, if the report has it. */
  readonly timeoutSeconds?: number;
  /** Its name in the report: `w1-u2`. */
  readonly user?: string;
  /** Its think time in seconds, the mean of drawn ones, if the report has it. */
  readonly thinkTimeSeconds?: number;
  /** The name of what the function produces, `tokens`, if the report has it. */
  readonly unitsName?: string;
  /** Why parts of its report are missing. */
  readonly torn?: readonly string[];
  /** It reported fewer requests than were planned. */
  readonly endedEarly?: EarlyEnd;
  /** It printed something other than a report. */
  readonly printedNoReport?: true;
  /** Indexes of its requests in the cell's steady part, without the last; absent: figures are of all of them. */
  readonly steady?: { readonly from: number; readonly to: number };
  readonly warnings: readonly Warning[];
}

/**
 * One client process: its sample and its report.
 *
 * Lists of times are made each time they are asked for if the report says everything of each request; keep a list
 * that is needed twice. Copies are made by `with()`.
 */
export class ClientRun implements ClientFields {
  declare readonly sample: Sample;
  declare readonly repetition: number;
  declare readonly crashed: boolean;
  declare readonly hasReport: boolean;
  declare readonly timeoutSeconds?: number;
  declare readonly user?: string;
  declare readonly thinkTimeSeconds?: number;
  declare readonly unitsName?: string;
  declare readonly torn?: readonly string[];
  declare readonly endedEarly?: EarlyEnd;
  declare readonly printedNoReport?: true;
  declare readonly steady?: { readonly from: number; readonly to: number };
  declare readonly warnings: readonly Warning[];
  /** The single requests; absent for reports of the older text form. */
  readonly requests?: RequestList;
  /** Private, so that the compiler refuses `{ ...client }`, which would lose the lists. */
  readonly #times: ClientTimes;

  /** @param requests if the report has single requests; then they are the times as well */
  constructor(fields: ClientFields, times: ClientTimes, requests?: RequestList) {
    Object.assign(this, fields);
    this.#times = times;
    if (requests !== undefined) this.requests = requests;
  }

  /** A client whose report has single requests. */
  static ofRequests(fields: ClientFields, requests: RequestList): ClientRun {
    return new ClientRun(fields, requests, requests);
  }

  get sentRequests(): number {
    return this.#times.sent;
  }

  get successfulRequests(): number {
    return this.#times.successful;
  }

  /** One per sent request. */
  get roundTripSeconds(): readonly number[] {
    return this.#times.roundTripSeconds;
  }

  /** One per successful request; undefined if it is not known which those are. */
  get successfulRoundTripSeconds(): readonly number[] | undefined {
    return this.#times.successfulRoundTripSeconds;
  }

  get handlerSeconds(): readonly number[] {
    return this.#times.handlerSeconds;
  }

  get mlSeconds(): readonly number[] {
    return this.#times.mlSeconds;
  }

  /** A copy that differs in some fields. */
  with(changes: Partial<ClientFields>): ClientRun {
    return new ClientRun({ ...this.#fields(), ...changes }, this.#times, this.requests);
  }

  /** A copy with other times, of a report of the older text form. */
  withTimes(times: ClientTimes): ClientRun {
    return new ClientRun(this.#fields(), times);
  }

  /** A copy with other requests, which have no steady part. */
  withRequests(requests: RequestList): ClientRun {
    const { steady: _, ...fields } = this.#fields();
    return ClientRun.ofRequests(fields, requests);
  }

  /** Own properties only: the lists are accessors of the class. */
  #fields(): ClientFields {
    const { requests: _, ...fields } = this;
    return fields as ClientFields;
  }
}
