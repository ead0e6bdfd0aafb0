import type { RunRecord } from "../results/result-folder.ts";

/** What makes a comparison of two runs unfair: everything but the load that differs, in words. */
export function unlike(first: Partial<RunRecord>, second: Partial<RunRecord>): readonly string[] {
  const facts: readonly (readonly [string, (run: Partial<RunRecord>) => unknown])[] = [
    ["backend", (run) => run.backend],
    ["function", (run) => (run.function?.local === true ? "local" : run.function?.url)],
    ["requests", (run) => run.requests?.sha256],
    ["requests per client", (run) => run.requestsPerUser],
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
  return facts.flatMap(([name, value]) => {
    const [a, b] = [value(first), value(second)];
    return a === b ? [] : [`${name}: A ${short(a)}, B ${short(b)}`];
  });
}

const short = (value: unknown) => (value === undefined ? "not known" : String(value).slice(0, 80));
