import { type Node, node } from "./node.ts";
import { argumentsProp, boolProp, elementAttributes, stringProp } from "./properties.ts";

/** The root of a plan, with the variables that everything in it may use as `${name}`. */
export function testPlan(
  name: string,
  comments: string,
  variables: Readonly<Record<string, string>>,
  children: readonly Node<"thread-group" | "listener" | "timer">[],
): Node<"test-plan"> {
  return node(
    "test-plan",
    {
      tag: "TestPlan",
      attributes: elementAttributes("TestPlanGui", "TestPlan", name),
      children: [
        stringProp("TestPlan.comments", comments),
        boolProp("TestPlan.functional_mode", false),
        boolProp("TestPlan.tearDown_on_shutdown", true),
        boolProp("TestPlan.serialize_threadgroups", false),
        argumentsProp("TestPlan.user_defined_variables", Object.entries(variables)),
        stringProp("TestPlan.user_define_classpath", ""),
      ],
    },
    children,
  );
}
