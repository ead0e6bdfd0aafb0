import { type Node, node } from "./node.ts";
import { elementAttributes, stringProp } from "./properties.ts";

/** Waits before each sample in its scope. */
export function constantTimer(name: string, delayMs: string): Node<"timer"> {
  return node("timer", {
    tag: "ConstantTimer",
    attributes: elementAttributes("ConstantTimerGui", "ConstantTimer", name),
    children: [stringProp("ConstantTimer.delay", delayMs)],
  });
}
