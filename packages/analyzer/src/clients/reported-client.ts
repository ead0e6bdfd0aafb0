import type { FrameList } from "../columns/frame-table.ts";
import type { Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";
import type { ClientRun, EarlyEnd } from "./client-run.ts";

type Fields = Pick<
  ClientRun,
  | ("sample" | "repetition" | "crashed" | "warnings")
  | ("timeoutSeconds" | "thinkTimeSeconds" | "user" | "torn" | "endedEarly")
>;

/** A client whose report says everything of each frame: its lists are made of the frames when they are asked for. */
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
  readonly frames: FrameList;
  readonly sentFrames: number;
  readonly answeredFrames: number;

  constructor(frames: FrameList, fields: Fields) {
    Object.assign(this, fields);
    this.frames = frames;
    this.sentFrames = frames.length;
    this.answeredFrames = frames.totals.answered;
  }

  /** A copy that differs in some fields, or has other frames. */
  changed(changes: Partial<Fields>, frames = this.frames): ReportedClient {
    const { frames: _, sentFrames: _s, answeredFrames: _a, hasReport: _h, ...fields } = this;
    return new ReportedClient(frames, { ...fields, ...changes });
  }

  get roundTripSeconds(): readonly number[] {
    return this.frames.numbers("roundTripSeconds");
  }

  get answeredRoundTripSeconds(): readonly number[] {
    return this.frames.answered("roundTripSeconds");
  }

  get handlerSeconds(): readonly number[] {
    return this.frames.answered("handlerSeconds");
  }

  get mlSeconds(): readonly number[] {
    return this.frames.answered("mlSeconds");
  }
}
