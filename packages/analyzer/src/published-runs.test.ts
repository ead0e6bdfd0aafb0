import { expect, test } from "vitest";
import { analyze } from "./analyze.ts";
import { type PublishedRun, publishedRuns as runs } from "./testing/published-runs.ts";

/** The run as JMeter 5.5's View Results Tree wrote it: one sample per client, its text output as response data. */
function asJtl(run: PublishedRun): string {
  const quoted = (values: readonly number[]) =>
    `[${values.map((value) => `&apos;${value}&apos;`).join(", ")}]`;
  const samples = run.clients.map(
    (
      client,
      index,
    ) => `<sample t="794254" it="0" lt="0" ct="0" ts="${1666690333160 + index}" s="true" lb="OS Process Sampler" rc="0" rm="OK" tn="10.75.4.82-Thread Group 1-${index + 1}" dt="text" by="2568" sby="0" ng="9" na="9">
  <responseData class="java.lang.String">[CLIENT] Began sending requests to the server
Elapsed ML time in the handler: 
${quoted(client.mlSeconds)}
Elapsed total time in the handler: 
${quoted(client.handlerSeconds)}
Elapsed round trip time in the client: 
[${client.roundTripSeconds.join(", ")}]
</responseData>
</sample>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n${samples.join("\n")}\n\n</testResults>\n`;
}

test.each(runs.map((run) => [run.threads, run.thinkTimeSeconds, run] as const))(
  "analyze() gives the published figures of %i users with think time %i s",
  (users, thinkTimeSeconds, run) => {
    const input = { users, thinkTimeSeconds, repetition: 1, source: "published.xml", text: asJtl(run) };
    const { summary } = analyze([input]);
    expect(summary.cells).toHaveLength(1);
    const [cell] = summary.cells;
    expect(cell?.clients).toBe(run.clients.length);
    expect(cell?.crashedClients).toBe(0);
    expect(Math.abs((cell?.roundTripSeconds.mean ?? 0) - run.published.meanRoundTripSeconds)).toBeLessThan(
      1e-9,
    );
    expect(
      Math.abs((cell?.roundTripSeconds.median ?? 0) - run.published.medianRoundTripSeconds),
    ).toBeLessThan(1e-9);
    expect(Math.abs((cell?.successRate.meanOverClients ?? 0) - run.published.meanSuccessRate)).toBeLessThan(
      1e-9,
    );
    expect(summary.skipped).toEqual([]);
  },
);

test("the published runs are all there", () => {
  expect(runs).toHaveLength(16);
});
