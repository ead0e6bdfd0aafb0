import type { RunRecord } from "../results/result-folder.ts";

/** Describes each difference between two runs' environments, which could explain different results. */
export function environmentDifferences(
  first: Partial<RunRecord>,
  second: Partial<RunRecord>,
): readonly string[] {
  const properties: readonly (readonly [string, (run: Partial<RunRecord>) => unknown])[] = [
    ["backend", (run) => run.backend],
    ["function", (run) => (run.function?.local === true ? "local" : run.function?.url)],
    ["hosting", (run) => run.function?.hosting],
    ["payloads", (run) => run.payloads?.sha256],
    ["requests per user", (run) => run.requestsPerUser],
    ...["slbench", "node", "java", "jmeter", "client"].map(
      (name) =>
        [
          `version of ${name}`,
          (run: Partial<RunRecord>) => (run.versions as Record<string, unknown> | undefined)?.[name],
        ] as const,
    ),
    [
      "hosts",
      (run) =>
        run.hosts?.map(({ name, cores, processor }) => `${name} (${cores} cores, ${processor})`).join(", "),
    ],
    ["state", (run) => run.state],
  ];
  return properties.flatMap(([name, value]) => {
    const [a, b] = [value(first), value(second)];
    return a === b ? [] : [`${name}: A ${short(a)}, B ${short(b)}`];
  });
}

const short = (value: unknown) => (value === undefined ? "unknown" : String(value).slice(0, 80));
