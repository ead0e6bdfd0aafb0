import { bench } from "vitest";
import { experimentCells, parseExperiment, readPlan, renderPlan } from "../index.ts";

const text = "name: paper\nload: {users: [1, 2, 3, 4, 5, 6, 7, 8, 9], thinkTimeSeconds: [0, 1, 5]}\n";

const renderAll = () =>
  experimentCells(parseExperiment(text, "paper.yaml")).map((cell) =>
    renderPlan({
      ...{
        ...cell,
        thinkTime: String(cell.thinkTimeSeconds),
        requestsPerUser: 37,
        seed: 1,
        startRatePerSecond: 0.25,
        workers: 2,
        timeoutSeconds: 25,
      },
      ...{
        client: "/opt/slbench/slbench-client",
        request: "/opt/slbench/request.json",
        payloads: "/opt/slbench/payloads",
      },
      ...{ resultXml: "samples.xml", resultCsv: "samples.csv" },
    }),
  );
const plans = renderAll();

bench("27 plans: experiment file → text (limit 300 ms)", () => {
  renderAll();
});

bench("27 plans: text → configuration", () => {
  for (const plan of plans) readPlan(plan);
});
