import { expect, test } from "vitest";
import { readServerClock } from "./server-clock.ts";

const of = (headers: Readonly<Record<string, string>>) => readServerClock((name) => headers[name]);
const date = "Thu, 26 Nov 2026 13:34:22 GMT";
const DATE_MICROS = 1_795_700_062_000_000;

test.each([
  [
    "OpenFaaS's start and duration",
    { "x-start-time": "1795700062123456789", "x-duration-seconds": "0.25", date },
    [1_795_700_062_124_457, 1_795_700_062_373_457],
  ],
  [
    "a start alone",
    { "x-start-time": "1795700062123000000" },
    [1_795_700_062_124_000, 1_795_700_062_123_000],
  ],
  ["a date alone", { date }, [DATE_MICROS + 1_000_000, DATE_MICROS]],
  ["an invalid start", { "x-start-time": "soon", date }, [DATE_MICROS + 1_000_000, DATE_MICROS]],
  [
    "an invalid duration",
    { "x-start-time": "1795700062123000000", "x-duration-seconds": "-3" },
    [1_795_700_062_124_000, 1_795_700_062_123_000],
  ],
])("readServerClock() reads %s", (_, headers, [sentBefore, answeredAfter]) => {
  expect(of(headers)).toEqual({ sentBeforeEpochMicros: sentBefore, answeredAfterEpochMicros: answeredAfter });
});

test.each([[{}], [{ date: "yesterday" }], [{ "x-start-time": "" }]])(
  "readServerClock() gives nothing for %o",
  (headers) => {
    expect(of(headers as Readonly<Record<string, string>>)).toBeUndefined();
  },
);
