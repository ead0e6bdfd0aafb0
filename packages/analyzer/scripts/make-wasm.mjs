// Compiles wasm/*.ts into src/**/*.generated.ts, which are committed: the sources run without a build step.
// `npm run wasm -w packages/analyzer`
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** Each module's folder in src, and its memory in pages of 64 KiB. */
const MODULES = {
  "scan-rows": { folder: "jtl", pages: 100 },
  "find-text": { folder: "xml", pages: 1 },
};

/** The module of src that holds the compiled code. @param name as in wasm/ */
export async function makeWasm(name) {
  const file = `${name}.ts`;
  const options = ["-O3", "--converge", "--runtime", "stub", "--enable", "simd"];
  let binary;
  const { error, stderr } = await asc.main(
    [file, "-o", `${name}.wasm`, ...options, "--initialMemory", String(MODULES[name].pages)],
    {
      readFile: (path) => readFile(new URL(`../wasm/${path}`, import.meta.url), "utf8").catch(() => null),
      writeFile: (_, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`cannot compile ${file}: ${stderr}`, { cause: error });
  const code = Buffer.from(binary).toString("base64");
  return `// Generated from wasm/ by npm run wasm -w packages/analyzer; do not edit.\nexport const CODE =\n  "${code}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, { folder }] of Object.entries(MODULES))
    await writeFile(new URL(`../src/${folder}/${name}.generated.ts`, import.meta.url), await makeWasm(name));
