import { escapeHtml, type Section } from "../markup.ts";

/** What is known about how it was measured. */
export interface Measured {
  /** Of the section of facts; default `Environment`. */
  readonly factsName?: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly methods?: string;
  readonly commands?: readonly string[];
}

/** Environment, methods and how to repeat it, as far as they are known. */
export function measuredSections({
  facts,
  factsName = "Environment",
  methods,
  commands,
}: Measured): readonly Section[] {
  const list = facts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const host = facts
    .find(([name]) => name === "Host")?.[1]
    .split(",")
    .slice(0, 2)
    .join(",");
  return [
    ...(facts.length === 0
      ? []
      : [
          {
            ...{ id: "environment", name: factsName, preview: host ?? facts[0]?.[1] ?? "" },
            html: `<dl class="facts">${list.join("\n")}</dl>`,
          },
        ]),
    ...(methods === undefined
      ? []
      : [
          {
            ...{ id: "methods", name: "Methods", preview: "a paragraph for a paper" },
            html: `<p>${escapeHtml(methods)}</p>`,
          },
        ]),
    ...(commands === undefined
      ? []
      : [
          {
            ...{ id: "repeat", name: "Repeat this measurement", preview: "commands" },
            html: `<pre>${escapeHtml(commands.join("\n"))}</pre>`,
          },
        ]),
  ];
}
