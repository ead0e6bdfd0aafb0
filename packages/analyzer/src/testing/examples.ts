import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

/** Whether an example says what a line gives: `1 + 1; // 2`. */
export const hasResult = (code: string): boolean => /; \/\/ \S/.test(code);

/**
 * Runs an example as a user's own module would be; lines like `1 + 1; // 2` become assertions.
 * @param files what it finds in its folder
 * @param head put before it
 * @throws if it fails or gives something else
 */
export function runExample(
  code: string,
  {
    files = {},
    head = "",
  }: { readonly files?: Readonly<Record<string, Uint8Array>>; readonly head?: string } = {},
): void {
  const folder = mkdtempSync(join(tmpdir(), "slbench-example-"));
  try {
    mkdirSync(join(folder, "node_modules/@slbench"), { recursive: true });
    symlinkSync(PACKAGE, join(folder, "node_modules/@slbench/analyzer"), "junction");
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const checked = code.replaceAll(/^(.+); \/\/ (.+)$/gm, "assert.deepEqual($1, $2);");
    writeFileSync(join(folder, "example.mts"), `import assert from "node:assert/strict";\n${head}${checked}`);
    execFileSync(
      process.execPath,
      ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning", "example.mts"],
      { cwd: folder, stdio: "pipe" },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
