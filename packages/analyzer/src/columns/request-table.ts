import type { Outcome, RequestResult } from "@slbench/client/report";
import { NumberColumn } from "./number-column.ts";
import {
  FIGURES,
  NUMBERS,
  type NumberName,
  RARE,
  RARE_FIGURES,
  TEXT_FIGURES,
  TEXTS,
} from "./request-columns.ts";
import { RequestList, type RequestRows } from "./request-list.ts";
import { factsOf, numberOf } from "./request-totals.ts";
import { TextColumn } from "./text-column.ts";

/** Different names of times; an experiment names a handful, and each takes a column. */
const MAX_TIMES = 100;

/**
 * Requests of any number of clients, in columns: some 60 bytes each (50 with `figuresOnly`), where objects take a kilobyte.
 */
export class RequestTable implements RequestRows {
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

  number(name: NumberName): NumberColumn | undefined {
    return this.#numbers.get(name as (typeof NUMBERS)[number]) ?? this.#rare.get(name);
  }

  time(name: string): NumberColumn | undefined {
    return this.#times.get(name);
  }

  get timeNames(): readonly string[] {
    return [...this.#times.keys()];
  }

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

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
