import { defineConfig } from "vitest/config";

const conditions = ["@slbench/source"];
const names = ["client", "handler", "jmeter-plans"];
const project = (name: string, root: string, include = ["src/**/*.test.ts"]) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    root,
    include,
    benchmark: { include: ["src/**/*.bench.ts"] },
    // Processes, not threads: tfjs-node and the end-to-end tests own native state and child processes.
    pool: "forks" as const,
    // Against hanging only: a busy machine must not fail a right test.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    execArgv: ["--conditions=@slbench/source"],
  },
});

export default defineConfig({
  test: {
    // Two cores: two files at a time keep time limits meaningful.
    maxWorkers: 2,
    coverage: {
      include: ["packages/*/src/**/*.ts", "tools/src/**/*.ts"],
      reporter: ["text-summary", "html"],
    },
    projects: [
      ...names.map((name) => project(name, `packages/${name}`)),
      project("analyzer", "packages/analyzer", [
        "src/**/*.test.ts",
        "calibration/**/*.test.ts",
        "figures/**/*.test.ts",
      ]),
      project("tools", "tools"),
    ],
  },
});
