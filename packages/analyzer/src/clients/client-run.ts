import type { UnfinishedFrame } from "@slbench/client/report";
import type { FrameList } from "../columns/frame-table.ts";
import type { Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";

/** What one client measured, in the order of sending; times in seconds. */
export interface ClientTimes {
  readonly sent: number;
  readonly answered: number;
  /** One per sent request. */
  readonly roundTripSeconds: readonly number[];
  /** One per answered request; absent if it is not known which those are. */
  readonly answeredRoundTripSeconds?: readonly number[];
  readonly handlerSeconds: readonly number[];
  readonly mlSeconds: readonly number[];
}

/** A client that did not send all its frames, and why. */
export interface EarlyEnd {
  readonly plannedFrames: number;
  readonly why: string;
  /** Frames that it had sent and that were not answered yet. */
  readonly unfinished: readonly UnfinishedFrame[];
}

/** What is known of a client besides its times. */
export interface ClientFields {
  readonly sample: Sample;
  /** Which run of the condition it belongs to, from 1 on. */
  readonly repetition: number;
  /** Return code other than 0, or no report although there was response data. */
  readonly crashed: boolean;
  /** Whether the response data held a client's report, new or old. */
  readonly hasReport: boolean;
  /** How long it waited for an answer at most, where it says so. */
  readonly timeoutSeconds?: number;
  /** Who it says it is. */
  readonly user?: string;
  /** The think time that it kept, in seconds, where it says so; the mean of drawn ones. */
  readonly thinkTimeSeconds?: number;
  /** What of its report was cut off. */
  readonly torn?: readonly string[];
  /** It reported fewer frames than it was to send. */
  readonly endedEarly?: EarlyEnd;
  /** It printed something, and no report. */
  readonly saidNoReport?: true;
  readonly warnings: readonly Warning[];
}

/**
 * One client process: its sample and what its report says.
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
  declare readonly torn?: readonly string[];
  declare readonly endedEarly?: EarlyEnd;
  declare readonly saidNoReport?: true;
  declare readonly warnings: readonly Warning[];
  /** Frames with everything known of each; absent for reports of the older text form. */
  readonly frames?: FrameList;
  /** Private, so that the compiler refuses `{ ...client }`, which would lose the lists. */
  readonly #times: ClientTimes;

  /** @param frames where the report says everything of each; then they are the times as well */
  constructor(fields: ClientFields, times: ClientTimes, frames?: FrameList) {
    Object.assign(this, fields);
    this.#times = times;
    if (frames !== undefined) this.frames = frames;
  }

  /** A client with the frames of a report that says everything of each. */
  static ofFrames(fields: ClientFields, frames: FrameList): ClientRun {
    return new ClientRun(fields, frames, frames);
  }

  get sentFrames(): number {
    return this.#times.sent;
  }

  get answeredFrames(): number {
    return this.#times.answered;
  }

  /** One per sent frame. */
  get roundTripSeconds(): readonly number[] {
    return this.#times.roundTripSeconds;
  }

  /** One per answered frame; undefined if it is not known which those are. */
  get answeredRoundTripSeconds(): readonly number[] | undefined {
    return this.#times.answeredRoundTripSeconds;
  }

  get handlerSeconds(): readonly number[] {
    return this.#times.handlerSeconds;
  }

  get mlSeconds(): readonly number[] {
    return this.#times.mlSeconds;
  }

  /** A copy that differs in some fields. */
  with(changes: Partial<ClientFields>): ClientRun {
    return new ClientRun({ ...this.#fields(), ...changes }, this.#times, this.frames);
  }

  /** A copy with other times, of a report of the older text form. */
  withTimes(times: ClientTimes): ClientRun {
    return new ClientRun(this.#fields(), times);
  }

  /** A copy with other frames. */
  withFrames(frames: FrameList): ClientRun {
    return ClientRun.ofFrames(this.#fields(), frames);
  }

  /** Own properties only: the lists are accessors of the class. */
  #fields(): ClientFields {
    const { frames: _, ...fields } = this;
    return fields as ClientFields;
  }
}
