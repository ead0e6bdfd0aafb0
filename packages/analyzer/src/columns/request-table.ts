import type { Outcome, RequestResult } from "@slbench/client/report";
import { findRejection, type Rejection } from "../core/rejection.ts";
import { NumberColumn } from "./number-column.ts";
import { numberOf, type RequestTotals, totalRequests } from "./request-totals.ts";
import { TextColumn } from "./text-column.ts";

/** The columns that figures need; everything else is summed in totals. */
const FIGURES = [
  "sequence",
  "startEpochMicros",
  "roundTripSeconds",
  "handlerSeconds",
  "mlSeconds",
  "faces",
  "lateSeconds",
] as const satisfies readonly (keyof RequestResult)[];
const NUMBERS = [
  ...FIGURES,
  "startMonotonicSeconds",
  "connectSeconds",
  "sendSeconds",
  "waitSeconds",
  "receiveSeconds",
  "status",
  "sentBytes",
  "receivedBytes",
] as const satisfies readonly (keyof RequestResult)[];
const TEXTS = [
  "payload",
  "backend",
  "replica",
  "callId",
  "message",
] as const satisfies readonly (keyof RequestResult)[];
/** Numbers of a request that can be read as a column. */
export type NumberName = (typeof FIGURES)[number];

/**
 * Requests of any number of clients, in columns: some 60 bytes each (30 with `figuresOnly`), where objects take a kilobyte.
 */
export class RequestTable {
  readonly #numbers: ReadonlyMap<(typeof NUMBERS)[number], NumberColumn>;
  readonly #texts: ReadonlyMap<(typeof TEXTS)[number], TextColumn>;
  readonly #outcomes = new TextColumn();
  readonly #coldStarts = new NumberColumn();
  readonly #figuresOnly: boolean;
  #length = 0;

  /** @param figuresOnly requests cannot be read as objects afterwards */
  constructor({ figuresOnly = false } = {}) {
    this.#figuresOnly = figuresOnly;
    const numbers = figuresOnly ? FIGURES : NUMBERS;
    const texts = figuresOnly ? (["backend"] as const) : TEXTS;
    this.#numbers = new Map(numbers.map((name) => [name, new NumberColumn()]));
    this.#texts = new Map(texts.map((name) => [name, new TextColumn()]));
  }

  /** Takes over a client's requests; the objects are not kept. A value of another type than its column's is absent. */
  append(requests: readonly RequestResult[]): RequestList {
    const from = this.#length;
    for (const request of requests) {
      for (const [name, column] of this.#numbers) column.push(numberOf(request[name]));
      for (const [name, column] of this.#texts) column.push(textOf(request[name]));
      this.#outcomes.push(request.outcome);
      this.#coldStarts.push(typeof request.coldStart === "boolean" ? Number(request.coldStart) : Number.NaN);
      this.#length++;
    }
    return new RequestList(this, from, requests.length, totalRequests(requests), findRejection(requests));
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

  /** A request as its report had it. */
  request(index: number): RequestResult {
    if (this.#figuresOnly)
      throw new Error("these requests were read with figuresOnly: single requests were not kept");
    const request: Record<string, unknown> = {};
    for (const [name, column] of this.#numbers) {
      const value = column.get(index);
      if (!Number.isNaN(value)) request[name] = value;
    }
    for (const [name, column] of this.#texts) {
      const value = column.get(index);
      if (value !== undefined) request[name] = value;
    }
    const cold = this.#coldStarts.get(index);
    if (!Number.isNaN(cold)) request.coldStart = cold === 1;
    request.outcome = this.outcome(index);
    return request as unknown as RequestResult;
  }
}

function shifted({ startEpochMicros, ...rest }: RequestResult, micros: number): RequestResult {
  // An unknown start is absent, as in the other columns.
  return (
    Number.isNaN(micros) ? rest : { ...rest, startEpochMicros: startEpochMicros + micros }
  ) as RequestResult;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** One client's requests within a table, in the order of sending; read as objects or, much faster, as columns. */
export class RequestList implements Iterable<RequestResult> {
  readonly #table: RequestTable;
  readonly #from: number;
  readonly length: number;
  readonly totals: RequestTotals;
  readonly #shiftMicros: number;
  /** Why every request was rejected, if there was a single reason. */
  readonly rejection: Rejection | undefined;

  constructor(
    table: RequestTable,
    from: number,
    length: number,
    totals: RequestTotals,
    rejection?: Rejection,
    shiftMicros = 0,
  ) {
    this.#table = table;
    this.#from = from;
    this.length = length;
    this.totals = totals;
    this.rejection = rejection;
    this.#shiftMicros = shiftMicros;
  }

  /** The same requests at other times. @param micros whole; NaN: their times are not known */
  shifted(micros: number): RequestList {
    const shiftMicros = this.#shiftMicros + micros;
    return new RequestList(this.#table, this.#from, this.length, this.totals, this.rejection, shiftMicros);
  }

  get sent(): number {
    return this.length;
  }

  get successful(): number {
    return this.totals.successful;
  }

  get roundTripSeconds(): readonly number[] {
    return this.numbers("roundTripSeconds");
  }

  get successfulRoundTripSeconds(): readonly number[] {
    return this.successfulNumbers("roundTripSeconds");
  }

  get handlerSeconds(): readonly number[] {
    return this.successfulNumbers("handlerSeconds");
  }

  get mlSeconds(): readonly number[] {
    return this.successfulNumbers("mlSeconds");
  }

  *[Symbol.iterator](): Generator<RequestResult, void, undefined> {
    for (let index = 0; index < this.length; index++) {
      const request = this.#table.request(this.#from + index);
      if (this.#shiftMicros === 0) yield request;
      else yield shifted(request, this.#shiftMicros);
    }
  }

  /** One value per request, NaN if it is absent. */
  numbers(name: NumberName): number[] {
    const column = this.#table.number(name);
    const values: number[] = [];
    const shift = name === "startEpochMicros" ? this.#shiftMicros : 0;
    for (let index = 0; index < this.length; index++) values.push(column.get(this.#from + index) + shift);
    return values;
  }

  outcome(index: number): Outcome {
    return this.#table.outcome(this.#from + index);
  }

  backend(index: number): string | undefined {
    return this.#table.backend(this.#from + index);
  }

  /** The known values of successful requests. */
  successfulNumbers(name: NumberName): number[] {
    return this.numbers(name).filter((value, index) => !Number.isNaN(value) && this.outcome(index) === "ok");
  }

  get coldStarts(): number {
    let count = 0;
    for (let index = 0; index < this.length; index++)
      if (this.#table.isColdStart(this.#from + index)) count++;
    return count;
  }
}
