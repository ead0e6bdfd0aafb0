import { expect, test } from "vitest";
import { constantTimer } from "./constant-timer.ts";
import { planDocument } from "./node.ts";
import { osProcessSampler } from "./os-process-sampler.ts";
import { simpleDataWriter } from "./result-collector.ts";
import { testPlan } from "./test-plan.ts";
import { threadGroup } from "./thread-group.ts";

const sampler = osProcessSampler({ command: "true", args: [], directory: "", timeoutMs: 1000 });
const group = threadGroup("1", "1", [sampler]);

test("elements nest as JMeter requires", () => {
  const [tree] = planDocument(testPlan("plan", "", {}, [group, simpleDataWriter("a.csv")])).children ?? [];
  expect(tree?.children?.map((child) => child.tag)).toEqual(["TestPlan", "hashTree"]);
  expect(tree?.children?.[1]?.children?.map((child) => child.tag)).toEqual([
    ...["ThreadGroup", "hashTree", "ResultCollector", "hashTree"],
  ]);
});

// Never called: what counts is that each of these lines is a compile error, else tsc -b rejects the directive.
export function wrongNesting(): void {
  // @ts-expect-error a sampler needs a thread group around it
  testPlan("plan", "", {}, [sampler]);
  // @ts-expect-error thread groups do not nest
  threadGroup("1", "1", [group]);
  // @ts-expect-error a plan is the root
  threadGroup("1", "1", [testPlan("plan", "", {}, [])]);
  // @ts-expect-error below a sampler are timers and listeners, no samplers
  osProcessSampler({ command: "true", args: [], directory: "", timeoutMs: 1000 }, [sampler]);
  // @ts-expect-error a timer has nothing below it
  constantTimer("pause", "1000", [sampler]);
  // @ts-expect-error the root of the file is one plan
  planDocument(group);
}
