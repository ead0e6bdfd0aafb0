import type { Outcome, RequestResult } from "@slbench/client/report";
import { NumberColumn } from "./number-column.ts";
import {
  factsOf,
  numberOf,
  type PartSumsByReport,
  type RequestFacts,
  type RequestSeconds,
  sumParts,
} from "./request-totals.ts";
import { TextColumn } from "./text-column.ts";

/** The columns that figures need. */
const FIGURES = [
  "sequence",
  "startEpochMicros",
  "roundTripSeconds",
  "connectSeconds",
  "sendSeconds",
  "waitSeconds",
  "receiveSeconds",
  "handlerSeconds",
  "mlSeconds",
  "receivedBytes",
  "faces",
  "lateSeconds",
  "sentBytes",
] as const satisfies readonly (keyof RequestResult)[];
/** Seconds that a round trip splits into. */
const PARTS = [
  ...(["roundTripSeconds", "connectSeconds", "sendSeconds", "waitSeconds", "receiveSeconds"] as const),
  ...(["handlerSeconds", "mlSeconds"] as const),
] as const satisfies readonly (typeof FIGURES)[number][];
const NUMBERS = [
  ...FIGURES,
  "startMonotonicSeconds",
  "status",
] as const satisfies readonly (keyof RequestResult)[];
/** Numbers that only some functions report; their columns are made at the first value. */
const RARE_FIGURES = ["units", "firstEventSeconds", "longestGapSeconds", "secondsPerUnit"] as const;
const RARE = [
  ...RARE_FIGURES,
  "events",
  "retryAfterSeconds",
] as const satisfies readonly (keyof RequestResult)[];
const TEXT_FIGURES = ["backend", "replica", "payload"] as const satisfies readonly (keyof RequestResult)[];
const TEXTS = [...TEXT_FIGURES, "callId", "message"] as const satisfies readonly (keyof RequestResult)[];
/** Different names of times; an experiment names a handful, and each takes a column. */
const MAX_TIMES = 100;
/** Numbers of a request that can be read as a column. */
export type NumberName = (typeof FIGURES)[number] | (typeof RARE)[number];

/**
 * Requests of any number of clients, in columns: some 60 bytes each (50 with `figuresOnly`), where objects take a kilobyte.
 */
export class RequestTable {
  readonly #numbers: ReadonlyMap<(typeof NUMBERS)[number], NumberColumn>;
  readonly #texts: ReadonlyMap<(typeof TEXTS)[number], TextColumn>;
  /** By name, of the numbers in `RARE`. */
  readonly #rare = new Map<string, NumberColumn>();
  /** By the names that the experiment gives its times. */
  readonly #times = new Map<string, NumberColumn>();
  readonly #outcomes = new TextColumn();
  readonly #coldStarts = new NumberColumn();
  readonly #figuresOnly: boolean;
  readonly #rareNames: readonly (typeof RARE)[number][];
  #length = 0;

  /** @param figuresOnly requests cannot be read as objects afterwards */
  constructor({ figuresOnly = false } = {}) {
    this.#figuresOnly = figuresOnly;
    this.#rareNames = figuresOnly ? RARE_FIGURES : RARE;
    const numbers = figuresOnly ? FIGURES : NUMBERS;
    const texts = figuresOnly ? TEXT_FIGURES : TEXTS;
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
      for (const name of this.#rareNames) this.#pushRare(this.#rare, name, request[name]);
      this.#pushTimes(request.times);
      this.#length++;
    }
    return new RequestList(this, from, requests.length, factsOf(requests));
  }

  /** Rows of a column that are missing at its end, as before its first value, are absent. */
  #pushRare(columns: Map<string, NumberColumn>, name: string, value: unknown): void {
    if (typeof value !== "number") return;
    let column = columns.get(name);
    if (column === undefined) {
      column = new NumberColumn();
      columns.set(name, column);
    }
    column.fillTo(this.#length);
    column.push(value);
  }

  #pushTimes(times: unknown): void {
    if (typeof times !== "object" || times === null) return;
    for (const [name, value] of Object.entries(times))
      if (this.#times.has(name) || this.#times.size < MAX_TIMES) this.#pushRare(this.#times, name, value);
  }

  /** Undefined if no request of the table has such a value. */
  number(name: NumberName): NumberColumn | undefined {
    return this.#numbers.get(name as (typeof NUMBERS)[number]) ?? this.#rare.get(name);
  }

  time(name: string): NumberColumn | undefined {
    return this.#times.get(name);
  }

  /** Names of the times that some request of the table has. */
  get timeNames(): readonly string[] {
    return [...this.#times.keys()];
  }

  /** Whether some of the requests from one index to another have a value of that name. */
  has(name: string, from: number, to: number): boolean {
    if (name === "coldStart") return this.#coldStarts.hasValue(from, to);
    const column =
      this.#numbers.get(name as (typeof NUMBERS)[number]) ??
      this.#rare.get(name) ??
      this.#texts.get(name as (typeof TEXTS)[number]) ??
      this.#times.get(name);
    return column?.hasValue(from, to) === true;
  }

  outcome(index: number): Outcome {
    return this.#outcomes.get(index) as Outcome;
  }

  backend(index: number): string | undefined {
    return this.#texts.get("backend")?.get(index);
  }

  replica(index: number): string | undefined {
    return this.#texts.get("replica")?.get(index);
  }

  payload(index: number): string | undefined {
    return this.#texts.get("payload")?.get(index);
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
    for (const [name, column] of this.#rare) {
      const value = column.get(index);
      if (!Number.isNaN(value)) request[name] = value;
    }
    const times = this.#timesOf(index);
    if (times.length > 0) request.times = Object.fromEntries(times);
    const cold = this.#coldStarts.get(index);
    if (!Number.isNaN(cold)) request.coldStart = cold === 1;
    request.outcome = this.outcome(index);
    return request as unknown as RequestResult;
  }

  #timesOf(index: number): readonly (readonly [name: string, seconds: number])[] {
    if (this.#times.size === 0) return [];
    return [...this.#times].flatMap(([name, column]) => {
      const value = column.get(index);
      return Number.isNaN(value) ? [] : [[name, value] as const];
    });
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
  readonly facts: RequestFacts;
  readonly #shiftMicros: number;
  #successfulCount: number | undefined;

  constructor(table: RequestTable, from: number, length: number, facts: RequestFacts, shiftMicros = 0) {
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
