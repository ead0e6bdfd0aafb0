import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** The TypeScript blocks of a page or of doc comments. */
export function examplesIn(text: string): readonly string[] {
  return [...text.matchAll(/^( \* )?```ts\n([\s\S]*?)^(?: \* )?```$/gm)].map(([, star, code = ""]) =>
    star === undefined ? code : code.replaceAll(/^ \* ?/gm, ""),
  );
}

/** Whether an example shows the result of a line: `1 + 1; // 2`. */
export const hasResult = (code: string): boolean => /; \/\/ \S/.test(code);

/** An example, and code to run before it. */
export interface Example {
  readonly code: string;
  readonly head?: string;
}

/**
 * Runs examples as a user's own modules would be, all in one process; lines like `1 + 1; // 2` become assertions.
 * @param files in the folder where they run
 * @returns of each example why it failed, or undefined
 */
export function runExamples(
  examples: readonly Example[],
  files: Readonly<Record<string, Uint8Array>> = {},
): readonly (string | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), "slbench-example-"));
  try {
    mkdirSync(join(folder, "node_modules/@slbench"), { recursive: true });
    symlinkSync(PACKAGE, join(folder, "node_modules/@slbench/analyzer"), "junction");
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    for (const [index, { code, head = "" }] of examples.entries()) {
      const checked = code.replaceAll(/^(.+); \/\/ (.+)$/gm, "assert.deepEqual($1, $2);");
      writeFileSync(
        join(folder, `${index}.mts`),
        `import assert from "node:assert/strict";\n${head}${checked}`,
      );
    }
    writeFileSync(join(folder, "all.mts"), RUNNER.replace("COUNT", String(examples.length)));
    const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
    execFileSync(process.execPath, [...flags, "all.mts"], { cwd: folder, stdio: "pipe" });
    const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as (string | null)[];
    return results.map((failure) => failure ?? undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const RUNNER = `import { writeFileSync } from "node:fs";
const results = [];
for (let index = 0; index < COUNT; index++)
  results.push(await import(\`./\${index}.mts\`).then(() => null, (error) => String(error?.stack ?? error)));
writeFileSync("results.json", JSON.stringify(results));
`;
