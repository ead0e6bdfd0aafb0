import type { RequestResult } from "@slbench/client/report";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { NumberColumn } from "./number-column.ts";
import { RequestTable } from "./request-table.ts";
import { TextColumn } from "./text-column.ts";

/** Beyond two blocks, so that packed ones and the open one are read. */
const MANY = 9000;

describe("NumberColumn", () => {
  const shapes: readonly (readonly [string, (index: number) => number])[] = [
    ["one number", () => 200],
    ["nothing at all", () => Number.NaN],
    ["few whole numbers with gaps", (index) => (index % 5 === 0 ? Number.NaN : index % 90)],
    ["large whole numbers", (index) => 1_700_000_000_000_000 + 250_001 * index],
    ["microseconds", (index) => Number((0.123456 + index * 0.000317).toFixed(6))],
    ["any fraction", (index) => Math.sin(index) * 1e-3],
    ["what no 32 bits hold", (index) => (index % 2) * 2 ** 40],
    ["zeros of both signs", (index) => (index % 2 === 0 ? 0 : -0)],
    ["the code of what is absent", (index) => -(2 ** 31) * (index % 2)],
    ["no number and infinity", (index) => (index % 3 === 0 ? Number.POSITIVE_INFINITY : Number.NaN)],
  ];
  test.each(shapes)("gives back %s", (_, valueAt) => {
    const column = new NumberColumn();
    const values = Array.from({ length: MANY }, (_, index) => valueAt(index));
    for (const value of values) column.push(value);
    expect(column.length).toBe(MANY);
    expect(values.findIndex((value, index) => !Object.is(column.get(index), value))).toBe(-1);
  });

  it("gives back whatever came", () => {
    const step = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constant(Number.NaN),
      fc.integer({ min: -200, max: 200 }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const column = new NumberColumn();
        const valueAt = (index: number) => steps[index % steps.length] as number;
        for (let index = 0; index < 4200; index++) column.push(valueAt(index));
        for (let index = 0; index < 4200; index++)
          if (!Object.is(column.get(index), valueAt(index))) expect(column.get(index)).toBe(valueAt(index));
      }),
      { numRuns: 50 },
    );
  });
});

it("a TextColumn gives back texts, UUIDs, what resembles them, and what is absent", () => {
  const hex = "0123456789abcdef-ABCDEFgx";
  const text = fc.oneof(
    fc.string(),
    fc.uuid(),
    fc.constant(undefined),
    fc.array(fc.constantFrom(...hex), { minLength: 36, maxLength: 36 }).map((letters) => letters.join("")),
    fc.uuid().map((uuid) => uuid.toUpperCase()),
    fc.uuid().map((uuid) => `${uuid.slice(0, 35)}x`),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3000 }), (texts) => {
      const column = new TextColumn();
      for (const one of texts) column.push(one);
      expect(texts.map((_, index) => column.get(index))).toEqual(texts);
    }),
  );
});

const requestOf = (sequence: number): RequestResult => ({
  sequence,
  payload: `${sequence % 37}.jpg`,
  startEpochMicros: 1_700_000_000_000_000 + sequence,
  startMonotonicSeconds: sequence / 3,
  roundTripSeconds: sequence / 7,
  sentBytes: 190_000,
  outcome: sequence % 11 === 0 ? "timeout" : "ok",
  ...(sequence % 11 === 0
    ? { message: `no answer to ${sequence}` }
    : {
        ...{ connectSeconds: 0.001, sendSeconds: 0.002, waitSeconds: 0.1, receiveSeconds: 0.003 },
        ...{
          status: 200,
          receivedBytes: sequence,
          handlerSeconds: 0.05,
          mlSeconds: 0.04,
          faces: sequence % 4,
        },
        ...{ backend: "native", replica: "r", coldStart: sequence === 1, lateSeconds: 0 },
        callId: `0b1c2d3e-0000-4000-8000-${String(sequence).padStart(12, "0")}`,
      }),
});

describe("RequestTable", () => {
  it("gives back each client's requests, as objects and in columns", () => {
    const table = new RequestTable();
    const clients = Array.from({ length: 150 }, (_, client) =>
      Array.from({ length: 41 }, (_, index) => requestOf(1 + client * 41 + index)),
    );
    const lists = clients.map((requests) => table.append(requests));
    for (const [client, requests] of clients.entries()) {
      const list = lists[client] as (typeof lists)[number];
      expect([...list]).toEqual(requests);
      expect(list.numbers("roundTripSeconds")).toEqual(requests.map((request) => request.roundTripSeconds));
      const successful = requests.filter((request) => request.outcome === "ok");
      expect(list.successfulNumbers("mlSeconds")).toEqual(successful.map((request) => request.mlSeconds));
      expect(list.successful).toBe(successful.length);
      expect(list.coldStarts).toBe(client === 0 ? 1 : 0);
      expect(list.backend(1)).toBe(requests[1]?.backend);
    }
  });

  it("keeps only what figures need with `figuresOnly`, and refuses to give requests", () => {
    const requests = Array.from({ length: 60 }, (_, index) => ({
      ...requestOf(index + 1),
      replica: `r${index % 3}`,
      payload: `p${index % 2}`,
      sentBytes: 100 + index,
    }));
    const whole = new RequestTable().append(requests);
    const list = new RequestTable({ figuresOnly: true }).append(requests);
    expect(list.parts).toEqual(whole.parts);
    expect(list.facts).toEqual(whole.facts);
    expect(list.numbers("mlSeconds")).toEqual(whole.numbers("mlSeconds"));
    expect(list.outcome(10)).toBe("timeout");
    expect(list.replica(10)).toBe("r1");
    // By these, the model finds classes and sizes.
    expect(list.payload(11)).toBe("p1");
    expect(list.numbers("sentBytes")).toEqual(whole.numbers("sentBytes"));
    expect(() => [...list]).toThrow("figuresOnly");
  });

  it("takes what has another type for absent", () => {
    const wrong = { ...requestOf(1), faces: "2", backend: 7, coldStart: null } as unknown as RequestResult;
    const [request] = new RequestTable().append([wrong]);
    expect(request).toMatchObject({ sequence: 1, outcome: "ok" });
    for (const name of ["faces", "backend", "coldStart"]) expect(request).not.toHaveProperty(name);
  });
});
