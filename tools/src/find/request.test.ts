import { parseExperiment } from "@slbench/jmeter-plans";
import { expect, it } from "vitest";
import { firstLoadOnly, makeRequest, searchOptions } from "./request.ts";
import { firstCell } from "./search-plan.ts";

const experimentOf = (load: string) =>
  parseExperiment(
    `name: x\nfunction: {url: "http://127.0.0.1:9/"}\nrequest: {body: hello}\nload: ${load}\n`,
    "x.yaml",
  );

it("searches users one by one, from the smallest number of the experiment on", () => {
  const experiment = experimentOf("{users: [4, 2, 8], thinkTimeSeconds: 1}");
  const request = makeRequest({ goal: "p95<2s", max: 40 }, experiment);
  expect(request).toMatchObject({ for: "users", start: 2, step: 1, tolerance: "5%", budgetSeconds: 3600 });
  expect(searchOptions(request, experiment)).toMatchObject({
    ...{ start: 2, most: 40, thinkTimeSeconds: 1 },
    tolerance: { ratio: 0.05 },
  });
  const first = firstCell(request, firstLoadOnly(experiment, request), []);
  expect(first).toMatchObject({ name: "u02-t1-r1", users: 2, thinkTimeSeconds: 1, state: "planned" });
});

it("searches rates in steps of the tolerance", () => {
  const experiment = experimentOf("{arrivals: {ratePerSecond: [2, 5]}, durationSeconds: 30}");
  const request = makeRequest({ goal: "p95<2s", tolerance: "0.5" }, experiment);
  expect(request).toMatchObject({ for: "rate", start: 2, step: 0.5 });
  const options = searchOptions(request, experiment);
  expect(options).toMatchObject({ start: 4, tolerance: { steps: 1 } });
  expect(options.thinkTimeSeconds).toBeUndefined();
  const first = firstCell(request, firstLoadOnly(experiment, request), []);
  expect(first).toMatchObject({ ratePerSecond: 2, process: "poisson" });
});

it("searches rates in small steps if the tolerance is a share", () => {
  const experiment = experimentOf("{arrivals: {ratePerSecond: [2]}, durationSeconds: 30}");
  const request = makeRequest({ goal: "p95<2s", tolerance: "5%" }, experiment);
  expect(request.step).toBe(0.1);
  expect(searchOptions(request, experiment)).toMatchObject({ start: 20, tolerance: { ratio: 0.05 } });
});

it("rejects bursts, whose share of the arrivals depends on the rate", () => {
  const experiment = experimentOf(
    "{arrivals: {ratePerSecond: 2, process: 'bursts:20/60'}, durationSeconds: 30}",
  );
  expect(() => makeRequest({ goal: "p95<2s" }, experiment)).toThrow("arrivals are bursts:20/60");
});
