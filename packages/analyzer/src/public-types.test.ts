import { expect, expectTypeOf, test } from "vitest";
import type { ClientRun } from "./clients/client-run.ts";
import {
  type Analysis,
  analyze,
  type CellSummary,
  type Condition,
  fitModel,
  type Log,
  type LogInput,
  type ModelCell,
  type QueueingModel,
  type ReportOptions,
  type RequestRow,
  readLog,
  renderReport,
  type Statistic,
  type Summary,
  toModelCells,
} from "./index.ts";
import { testClient } from "./testing/clients.ts";

// The compiler checks these: `tsc -b` reads tests as well.
test("public functions take and give the documented types", () => {
  expectTypeOf(readLog).returns.resolves.toEqualTypeOf<Log>();
  expectTypeOf(readLog).parameter(0).toEqualTypeOf<AsyncIterable<Uint8Array>>();
  expectTypeOf(analyze).parameter(0).toEqualTypeOf<readonly LogInput[]>();
  expectTypeOf(analyze).returns.toEqualTypeOf<Analysis>();
  expectTypeOf(toModelCells).returns.toEqualTypeOf<readonly ModelCell[]>();
  expectTypeOf(fitModel).returns.toEqualTypeOf<QueueingModel>();
  expectTypeOf(renderReport).parameter(0).toEqualTypeOf<Analysis>();
  expectTypeOf(renderReport).parameter(1).toEqualTypeOf<ReportOptions | undefined>();
  expectTypeOf(renderReport).returns.toEqualTypeOf<string>();
});

test("what is not known is an absent field", () => {
  expectTypeOf<Summary["cells"]>().toEqualTypeOf<readonly CellSummary[]>();
  expectTypeOf<CellSummary>().toExtend<Condition>();
  expectTypeOf<Statistic["mean"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<RequestRow["thinkTimeSeconds"]>().toEqualTypeOf<number | undefined>();
});

test("a client is copied with its times, and the compiler refuses a copy without them", () => {
  const client = testClient({ roundTrips: [1, 2] });
  const copy = client.with({ repetition: 2 });
  expect(copy.repetition).toBe(2);
  expect(copy.roundTripSeconds).toEqual([1, 2]);
  // @ts-expect-error: a spread has no times
  const spread: ClientRun = { ...client };
  expect(spread.roundTripSeconds).toBeUndefined();
});
