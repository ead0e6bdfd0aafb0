import { expect, test, vi } from "vitest";
import { analyze } from "../analyze.ts";
import { reportFigures } from "./report-figures.ts";

vi.mock("../model/answer.ts", () => ({
  answerQuestions: () => {
    throw new RangeError("thinkSeconds is NaN");
  },
}));

test("reportFigures() draws all other figures if the model fails, and warns", () => {
  const reports =
    "Elapsed ML time in the handler: \n['0.1', '0.1']\nElapsed total time in the handler: \n['0.2', '0.2']\nElapsed round trip time in the client: \n[0.3, 0.3]\n";
  const text = `<?xml version="1.0"?>\n<testResults version="1.2">\n<sample t="1" ts="1" s="true" lb="x" rc="0" rm="OK" tn="Users 1-1" by="1"><responseData class="java.lang.String">${reports}</responseData></sample>\n</testResults>\n`;
  const { figures, warnings } = reportFigures(
    analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "x", text }]),
  );
  const titles = figures.map(({ title }) => title);
  expect(titles).toContain("Success rate over users");
  // The older text form has no times of day, so there would be nothing to draw.
  expect(titles).not.toContain("Throughput over users");
  expect(warnings).toMatchObject([
    { code: "MODEL_FAILED", message: "the model could not be fitted: thinkSeconds is NaN" },
  ]);
});
