import type { Outcome, RequestResult } from "@slbench/client/report";
import type { NumberColumn } from "./number-column.ts";
import { type NumberName, PARTS } from "./request-columns.ts";
import { type PartSumsByReport, type RequestFacts, type RequestSeconds, sumParts } from "./request-totals.ts";

/** Requests by their index: what a list reads of its table. */
export interface RequestRows {
  /** Undefined if no request of the table has such a value. */
  number(name: NumberName): NumberColumn | undefined;
  time(name: string): NumberColumn | undefined;
  /** Names of the times that some request of the table has. */
  readonly timeNames: readonly string[];
  /** Whether some of the requests from one index to another, without the last, have a value of that name. */
  has(name: string, from: number, to: number): boolean;
  outcome(index: number): Outcome;
  backend(index: number): string | undefined;
  replica(index: number): string | undefined;
  payload(index: number): string | undefined;
  isColdStart(index: number): boolean;
  /** A request as its report had it. */
  request(index: number): RequestResult;
}

/** One client's requests within a table, in the order of sending; read as objects or, much faster, as columns. */
export class RequestList implements Iterable<RequestResult> {
  readonly #table: RequestRows;
  readonly #from: number;
  readonly length: number;
  readonly facts: RequestFacts;
  readonly #shiftMicros: number;
  #successfulCount: number | undefined;

  constructor(table: RequestRows, from: number, length: number, facts: RequestFacts, shiftMicros = 0) {
    this.#table = table;
    this.#from = from;
    this.length = length;
    this.facts = facts;
    this.#shiftMicros = shiftMicros;
  }

  /** The same requests at other times. @param micros whole; NaN: their times are not known */
  shifted(micros: number): RequestList {
    return new RequestList(this.#table, this.#from, this.length, this.facts, this.#shiftMicros + micros);
  }

  /** The requests from one index to another, without the last; nothing is copied. */
  slice(from: number, to: number): RequestList {
    return new RequestList(this.#table, this.#from + from, to - from, this.facts, this.#shiftMicros);
  }

  get sent(): number {
    return this.length;
  }

  get successful(): number {
    if (this.#successfulCount === undefined) {
      let count = 0;
      for (let index = 0; index < this.length; index++) if (this.outcome(index) === "ok") count++;
      this.#successfulCount = count;
    }
    return this.#successfulCount;
  }

  /** How the successful requests' round trips split. */
  get parts(): PartSumsByReport {
    return sumParts(this.#successfulSeconds());
  }

  *#successfulSeconds(): Generator<RequestSeconds, void, undefined> {
    const seconds = Object.fromEntries(PARTS.map((name) => [name, Number.NaN])) as Record<
      (typeof PARTS)[number],
      number
    >;
    const columns = PARTS.map((name) => [name, this.#table.number(name)] as const);
    for (let index = 0; index < this.length; index++) {
      if (this.outcome(index) !== "ok") continue;
      for (const [name, column] of columns) seconds[name] = column?.get(this.#from + index) ?? Number.NaN;
      yield seconds;
    }
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
    return this.#values(this.#table.number(name), name === "startEpochMicros" ? this.#shiftMicros : 0);
  }

  /** One value of a named time per request, NaN where it is absent. */
  times(name: string): number[] {
    return this.#values(this.#table.time(name), 0);
  }

  #values(column: NumberColumn | undefined, shift: number): number[] {
    const values: number[] = [];
    for (let index = 0; index < this.length; index++)
      values.push(column === undefined ? Number.NaN : column.get(this.#from + index) + shift);
    return values;
  }

  /** Names of the times that some request of the list has. */
  get timeNames(): readonly string[] {
    return this.#table.timeNames.filter((name) => this.has(name));
  }

  /** Whether some request has a value of that name: a field, or a named time. */
  has(name: string): boolean {
    return this.#table.has(name, this.#from, this.#from + this.length);
  }

  outcome(index: number): Outcome {
    return this.#table.outcome(this.#from + index);
  }

  backend(index: number): string | undefined {
    return this.#table.backend(this.#from + index);
  }

  replica(index: number): string | undefined {
    return this.#table.replica(this.#from + index);
  }

  /** Undefined if it is not known, or single requests were not kept. */
  payload(index: number): string | undefined {
    return this.#table.payload(this.#from + index);
  }

  /** The known values of successful requests. */
  successfulNumbers(name: NumberName): number[] {
    return this.#successful(this.numbers(name));
  }

  /** The known values of a named time, of successful requests. */
  successfulTimes(name: string): number[] {
    return this.#successful(this.times(name));
  }

  #successful(values: readonly number[]): number[] {
    return values.filter((value, index) => !Number.isNaN(value) && this.outcome(index) === "ok");
  }

  isColdStart(index: number): boolean {
    return this.#table.isColdStart(this.#from + index);
  }

  get coldStarts(): number {
    let count = 0;
    for (let index = 0; index < this.length; index++)
      if (this.#table.isColdStart(this.#from + index)) count++;
    return count;
  }
}

function shifted({ startEpochMicros, ...rest }: RequestResult, micros: number): RequestResult {
  // An unknown start is absent, as in the other columns.
  return (
    Number.isNaN(micros) ? rest : { ...rest, startEpochMicros: startEpochMicros + micros }
  ) as RequestResult;
}
