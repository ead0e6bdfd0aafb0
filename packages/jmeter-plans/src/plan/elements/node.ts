import type { Element } from "../xml.ts";

/** Kind of a JMeter element; decides what may contain it. */
export type Kind = "test-plan" | "thread-group" | "sampler" | "timer" | "listener";

/** A JMeter element with what hangs below it; `Kind` makes wrong nesting a compile error. */
export interface Node<K extends Kind> {
  readonly kind: K;
  readonly element: Element;
  readonly children: readonly Node<Kind>[];
}

export const node = <K extends Kind>(
  kind: K,
  element: Element,
  children: readonly Node<Kind>[] = [],
): Node<K> => ({
  kind,
  element,
  children,
});

/** The file's root: JMeter's tree, in which each element is followed by a hashTree that holds its children. */
export const planDocument = (plan: Node<"test-plan">): Element => ({
  tag: "jmeterTestPlan",
  // the oldest JMeter that slbench supports
  attributes: { version: "1.2", properties: "5.0", jmeter: "5.5" },
  children: [hashTree([plan])],
});

function hashTree(nodes: readonly Node<Kind>[]): Element {
  return {
    tag: "hashTree",
    children: nodes.flatMap(({ element, children }) => [element, hashTree(children)]),
  };
}
