import { allRequestRows, analyze } from "@slbench/analyzer/logs";
import { experimentCells, parseExperiment } from "@slbench/jmeter-plans";
import { expect, test } from "vitest";

const LOG = `<?xml version="1.0"?>
<testResults version="1.2">
<sample t="1" ts="1" s="true" lb="x" rc="0" rm="OK" tn="Users 1-1" by="1"><responseData class="java.lang.String">Elapsed ML time in the handler: 
['0.1']
Elapsed total time in the handler: 
['0.2']
Elapsed round trip time in the client: 
[0.3]
</responseData></sample>
</testResults>
`;

test("requests name their cell like its folder, without the repetition", () => {
  const load = "load: {users: [1, 4, 120], thinkTimeSeconds: [0, 0.5, 12.25], repetitions: 2}";
  const cells = experimentCells(parseExperiment(`name: x\n${load}`, "x"));
  const analysis = analyze(cells.map((cell) => ({ ...cell, source: cell.name, text: LOG })));
  const named = Array.from(allRequestRows(analysis), ({ cell, repetition }) => `${cell}-r${repetition}`);
  expect(named.toSorted()).toEqual(cells.map(({ name }) => name).toSorted());
  expect(named).toContain("u04-t0_5-r1");
});
