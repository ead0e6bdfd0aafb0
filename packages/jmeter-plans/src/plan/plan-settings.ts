import { XMLParser } from "fast-xml-parser";
import { type PlanErrorCode, SlbenchError } from "../errors.ts";

/**
 * A plan as what it sets: `TestPlan/ThreadGroup/ThreadGroup.num_threads` → `4`. Elements count by their place, so
 * two plans are compared without regard to layout, to the order of properties or to their types.
 * `…@enabled`, `…@testname` and `…@guiclass` are the element's own.
 */
export type PlanSettings = ReadonlyMap<string, string>;

/** One node of fast-xml-parser's ordered form. */
interface XmlNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
  htmlEntities: true, // the only way to have &#10; read
});

/**
 * Reads what a JMX file sets.
 * @throws {SlbenchError} PLAN_NOT_OURS if the text is not JMX
 */
export function planSettings(jmx: string): PlanSettings {
  let parsed: unknown;
  try {
    parsed = parser.parse(jmx, true);
  } catch (cause) {
    throw notJmx(cause);
  }
  const root = nodes(parsed).find((node) => node.tag === "jmeterTestPlan");
  const tree = root?.children.find((node) => node.tag === "hashTree");
  if (tree === undefined) throw notJmx();
  const settings = new Map<string, string>();
  collectElements(tree, "", settings);
  return settings;
}

function notJmx(cause?: unknown): SlbenchError {
  return new SlbenchError<PlanErrorCode>("PLAN_NOT_OURS", "this is not a JMeter plan", {
    hint: "give a .jmx file",
    exitCode: 2,
    cause,
  });
}

/** A hashTree holds elements, each followed by the hashTree of what is below it. */
function collectElements(tree: XmlNode, above: string, settings: Map<string, string>): void {
  const seen = new Map<string, number>();
  let path = above;
  for (const node of tree.children) {
    if (node.tag === "hashTree") {
      collectElements(node, `${path}/`, settings);
      continue;
    }
    const number = (seen.get(node.tag) ?? 0) + 1;
    seen.set(node.tag, number);
    path = `${above}${node.tag}${number === 1 ? "" : `[${number}]`}`;
    settings.set(`${path}@enabled`, node.attributes.enabled ?? "true");
    settings.set(`${path}@testname`, node.attributes.testname ?? "");
    settings.set(`${path}@guiclass`, node.attributes.guiclass ?? "");
    collectProperties(node, path, settings);
  }
}

function collectProperties(node: XmlNode, path: string, settings: Map<string, string>): void {
  for (const [index, child] of node.children.entries()) {
    // A property carries its name as an attribute, a list row has no name, a save configuration uses plain tags.
    const name = node.tag === "collectionProp" ? `[${index}]` : `/${child.attributes.name || child.tag}`;
    if (child.children.length === 0) settings.set(`${path}${name}`, child.text);
    else collectProperties(child, `${path}${name}`, settings);
  }
}

function nodes(parsed: unknown): readonly XmlNode[] {
  return (parsed as readonly Record<string, unknown>[]).flatMap((entry) => {
    const tag = Object.keys(entry).find((key) => key !== ":@");
    if (tag === undefined || tag.startsWith("#") || tag.startsWith("?")) return [];
    const inner = entry[tag] as readonly Record<string, unknown>[];
    return [
      {
        tag,
        attributes: (entry[":@"] ?? {}) as Record<string, string>,
        children: nodes(inner),
        text: inner.map((part) => String(part["#text"] ?? "")).join(""),
      },
    ];
  });
}

/** What JMeter's window leaves out when it saves: a setting that has its default value. */
const leftOut = new Set(["", "false", "TestPlan/TestPlan.tearDown_on_shutdown=true"]);

/** Names of the settings that differ. A setting missing from one plan has JMeter's default there. */
export function settingDifferences(a: PlanSettings, b: PlanSettings): readonly string[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => {
    const [one, other] = [a.get(name), b.get(name)];
    if (one !== undefined && other !== undefined) return one !== other;
    const only = one ?? other ?? "";
    return !leftOut.has(only) && !leftOut.has(`${name}=${only}`);
  });
}
