import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { analyze } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { groupRequests } from "../rows/groups.ts";
import { allRequestRows } from "../rows/rows.ts";
import { testClient } from "../testing/clients.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const schema = JSON.parse(read("../../summary.schema.json"));
const testdata = "../../testdata/";

/** The schema with every field that it does not name forbidden. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const fields = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  return "properties" in part ? { ...fields, additionalProperties: false } : fields;
}

const validate = new Ajv2020({ strict: false }).compile(closed(schema) as object);

const clients = [1, 2, 3, 4, 5, 6].map((user) =>
  testClient({
    user: `w1-u${user}`,
    repetition: (user % 3) + 1,
    startSeconds: (user % 3) * 500,
    head: { unitsName: "tokens" },
    change: (request) => ({
      ...request,
      ...{ times: { tokenizeSeconds: 0.01 }, units: 20, events: 20 },
      ...{ firstEventSeconds: 0.1, longestGapSeconds: 0.05, secondsPerUnit: 0.02 },
    }),
    roundTrips: Array.from({ length: 60 }, (_, i) => (i === 5 ? -25 : 0.5 + ((i * user) % 7) / 100)),
  }),
);
const requests = [1, 2, 3].map((repetition) => ({
  users: 2,
  thinkTimeSeconds: 1,
  repetition,
  source: "x",
  load: { cpuBusyRatio: 0.95, withFunction: false },
  log: {
    ...parseLog('<testResults version="1.2"></testResults>', "x"),
    hasReports: true,
    clients: clients.filter((client) => client.repetition === repetition),
  },
}));

test.each([
  ["clients with everything known, three repetitions", requests],
  [
    "no request at all",
    [{ ...requests[0], log: { ...requests[0]?.log, clients: [] } } as (typeof requests)[0]],
  ],
  [
    "a log with skipped pieces",
    [["jtl-jmeter-5.6.3/faults.xml", 3] as const].map(([name, users]) => ({
      users,
      thinkTimeSeconds: 1,
      repetition: 1,
      source: name,
      text: read(testdata + name).slice(0, -500),
    })),
  ],
  [
    "a log of labels",
    [
      {
        users: 9,
        thinkTimeSeconds: 0,
        repetition: 1,
        source: "y",
        isConditionInferred: true,
        text: read(`${testdata}jtl-csv/9d67cd2__results9Full.csv`),
      },
    ],
  ],
])(
  "the summary of %s is as its published schema says, and has no field that it does not name",
  (_, inputs) => {
    const { summary } = analyze(inputs);
    validate(JSON.parse(JSON.stringify(summary)));
    expect(validate.errors ?? []).toEqual([]);
  },
);

test("a selection and groups are as the schema says", () => {
  const analysis = analyze(requests, { filter: "outcome=ok", part: "steady" });
  const groups = { by: "minute", rows: groupRequests(allRequestRows(analysis), "minute") };
  const sampleGroups = { by: "label", rows: groupRequests(allRequestRows(analysis), "label") };
  validate(JSON.parse(JSON.stringify({ ...analysis.summary, groups, sampleGroups })));
  expect(validate.errors ?? []).toEqual([]);
  expect(analysis.summary.selection?.requestsLeftOut).toBeGreaterThan(0);
});

test("every field of a cell that the schema names occurs", () => {
  const { cells } = analyze(requests).summary;
  // Only a cell without any success has a rejection (rejection.test.ts), only an open loop a rate (any-function.test.ts),
  // only a search for replicas their number (tools/src/find), only a function that slbench started its processor time
  // (to-model-cells.test.ts), only small responses that are held back a delay of acknowledgements (check-cell.test.ts).
  const others = [
    "delayedAcknowledgementSeconds",
    "functionCpu",
    "rejection",
    "thinkTime",
    "ratePerSecond",
    "process",
    "replicaCount",
  ];
  expect([...Object.keys(cells[0] ?? {}), ...others].sort()).toEqual(
    Object.keys(schema.properties.cells.items.properties).sort(),
  );
});

test.each([
  [{ schema: "slbench.summary/2" }],
  [{ ...analyze(requests).summary, schema: "slbench.summary/3" }],
  [{ ...analyze(requests).summary, complete: "yes" }],
])("what is no summary is refused: %#", (value) => {
  expect(validate(value)).toBe(false);
});
