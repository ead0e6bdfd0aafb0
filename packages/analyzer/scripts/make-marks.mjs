// Assembles src/csv/find-marks.wat into find-marks.generated.ts, which is committed: the sources run without a build
// step. `npm run marks -w packages/analyzer`
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import loadWabt from "wabt";

const source = new URL("../src/csv/find-marks.wat", import.meta.url);
const target = new URL("../src/csv/find-marks.generated.ts", import.meta.url);

/** The module that holds the assembled code. */
export async function makeMarks() {
  const wabt = await loadWabt();
  const module = wabt.parseWat("find-marks.wat", await readFile(source, "utf8"), { simd: true });
  const code = Buffer.from(module.toBinary({}).buffer).toString("base64");
  return `// Made of find-marks.wat by npm run marks -w packages/analyzer: change that.\nexport const CODE =\n  "${code}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await makeMarks());
