import type { FrameResult, Outcome } from "@slbench/client/report";
import { NumberColumn } from "./number-column.ts";
import { TextColumn } from "./text-column.ts";

/** Numbers of a frame that may be asked for as a column. */
const NUMBERS = [
  "sequence",
  "startEpochMicros",
  "startMonotonicSeconds",
  "roundTripSeconds",
  "connectSeconds",
  "sendSeconds",
  "waitSeconds",
  "receiveSeconds",
  "status",
  "sentBytes",
  "receivedBytes",
  "handlerSeconds",
  "mlSeconds",
  "faces",
  "lateSeconds",
] as const satisfies readonly (keyof FrameResult)[];
export type NumberName = (typeof NUMBERS)[number];
const TEXTS = [
  "frame",
  "backend",
  "replica",
  "callId",
  "message",
] as const satisfies readonly (keyof FrameResult)[];

/** Frames of any number of clients, in columns: some 60 bytes each, where objects take a kilobyte. */
export class FrameTable {
  readonly #numbers = new Map(NUMBERS.map((name) => [name, new NumberColumn()] as const));
  readonly #texts = new Map(TEXTS.map((name) => [name, new TextColumn()] as const));
  readonly #outcomes = new TextColumn();
  readonly #coldStarts = new NumberColumn();
  #length = 0;

  /** Takes over a client's frames; the objects are not kept. A value of another type than its column's is absent. */
  append(frames: Iterable<FrameResult>): FrameList {
    const from = this.#length;
    let answered = 0;
    for (const frame of frames) {
      if (frame.outcome === "ok") answered++;
      for (const [name, column] of this.#numbers) {
        const value: unknown = frame[name];
        column.push(typeof value === "number" ? value : Number.NaN);
      }
      for (const [name, column] of this.#texts) {
        const value: unknown = frame[name];
        column.push(typeof value === "string" ? value : undefined);
      }
      this.#outcomes.push(frame.outcome);
      this.#coldStarts.push(typeof frame.coldStart === "boolean" ? Number(frame.coldStart) : Number.NaN);
      this.#length++;
    }
    return new FrameList(this, from, this.#length - from, answered);
  }

  number(name: NumberName): NumberColumn {
    return this.#numbers.get(name) as NumberColumn;
  }

  outcome(index: number): Outcome {
    return this.#outcomes.get(index) as Outcome;
  }

  backend(index: number): string | undefined {
    return this.#texts.get("backend")?.get(index);
  }

  isColdStart(index: number): boolean {
    return this.#coldStarts.get(index) === 1;
  }

  /** A frame as its report had it. */
  frame(index: number): FrameResult {
    const frame: Record<string, unknown> = {};
    for (const [name, column] of this.#numbers) {
      const value = column.get(index);
      if (!Number.isNaN(value)) frame[name] = value;
    }
    for (const [name, column] of this.#texts) {
      const value = column.get(index);
      if (value !== undefined) frame[name] = value;
    }
    const cold = this.#coldStarts.get(index);
    if (!Number.isNaN(cold)) frame.coldStart = cold === 1;
    frame.outcome = this.outcome(index);
    return frame as unknown as FrameResult;
  }
}

/** One client's frames within a table, in the order of sending; read as objects or, much faster, as columns. */
export class FrameList implements Iterable<FrameResult> {
  readonly #table: FrameTable;
  readonly #from: number;
  readonly length: number;
  /** Frames that were answered. */
  readonly answeredCount: number;

  constructor(table: FrameTable, from: number, length: number, answeredCount: number) {
    this.#table = table;
    this.#from = from;
    this.length = length;
    this.answeredCount = answeredCount;
  }

  *[Symbol.iterator](): Generator<FrameResult, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.#table.frame(this.#from + index);
  }

  /** One value per frame, NaN where it is absent. */
  numbers(name: NumberName): number[] {
    const column = this.#table.number(name);
    const values: number[] = [];
    for (let index = 0; index < this.length; index++) values.push(column.get(this.#from + index));
    return values;
  }

  outcome(index: number): Outcome {
    return this.#table.outcome(this.#from + index);
  }

  backend(index: number): string | undefined {
    return this.#table.backend(this.#from + index);
  }

  /** The known values of answered frames. */
  answered(name: NumberName): number[] {
    return this.numbers(name).filter((value, index) => !Number.isNaN(value) && this.outcome(index) === "ok");
  }

  get coldStarts(): number {
    let count = 0;
    for (let index = 0; index < this.length; index++)
      if (this.#table.isColdStart(this.#from + index)) count++;
    return count;
  }
}
