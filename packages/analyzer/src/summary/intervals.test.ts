import { expect, it } from "vitest";
import { testClient } from "../testing/clients.ts";
import { summarizeCell } from "./cell.ts";

const condition = { users: 6, thinkTimeSeconds: 1 };
/** Every tenth request fails after 25 s: the mean over all requests and the one over successful requests lie far apart. */
const clients = [1, 2, 3, 4, 5, 6].map((user) =>
  testClient({
    user: `w1-u${user}`,
    roundTrips: Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? -25 : 0.5 + ((i * user) % 7) / 100)),
  }),
);

it("the successful requests' mean and the throughput have intervals of their own, around them", () => {
  const cell = summarizeCell({ condition, clients });
  const { successfulRoundTripInterval: successful, throughputInterval: rate, roundTripInterval: all } = cell;
  const mean = cell.successfulRoundTripSeconds?.mean as number;
  expect(successful?.low).toBeLessThan(mean);
  expect(successful?.high).toBeGreaterThan(mean);
  expect(successful?.high).toBeLessThan(1);
  expect(all?.high).toBeGreaterThan(cell.roundTripSeconds.mean as number);
  // The ratio over the slices is the throughput itself.
  const { low, high } = rate ?? { low: Number.NaN, high: Number.NaN };
  expect((low + high) / 2).toBeCloseTo(cell.throughputPerSecond as number, 9);
  expect(rate?.batches).toBe(20);
});

it("without failed requests both means have the same interval", () => {
  const fine = [1, 2, 3, 4, 5].map((user) =>
    testClient({
      user: `w1-u${user}`,
      roundTrips: Array.from({ length: 30 }, (_, i) => 0.5 + ((i * user) % 7) / 100),
    }),
  );
  const cell = summarizeCell({ condition, clients: fine });
  expect(cell.successfulRoundTripInterval).toEqual(cell.roundTripInterval);
});

it("clients that say too little have neither", () => {
  const cell = summarizeCell({ condition, clients: [testClient({ roundTrips: [1, 2, 3] })] });
  expect(cell).not.toHaveProperty("successfulRoundTripInterval");
  expect(cell).not.toHaveProperty("throughputInterval");
});
