// Compiles wasm/scan-rows.ts into src/csv/scan-rows.generated.ts, which is committed: the sources run without a build
// step. `npm run wasm -w packages/analyzer`
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const name = "scan-rows.ts";
const source = new URL(`../wasm/${name}`, import.meta.url);
const target = new URL("../src/csv/scan-rows.generated.ts", import.meta.url);
const options = ["-O3", "--converge", "--runtime", "stub", "--enable", "simd", "--initialMemory", "100"];

/** The module that holds the compiled code. */
export async function makeWasm() {
  const text = await readFile(source, "utf8");
  let binary;
  const { error, stderr } = await asc.main([name, "-o", "scan-rows.wasm", ...options], {
    readFile: (file) => (file === name ? text : null),
    writeFile: (_, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`cannot compile ${name}: ${stderr}`, { cause: error });
  const code = Buffer.from(binary).toString("base64");
  return `// Made of wasm/${name} by npm run wasm -w packages/analyzer: change that.\nexport const CODE =\n  "${code}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await makeWasm());
