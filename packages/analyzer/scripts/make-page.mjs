// Bundles the report's style and script into src/report/page/page.generated.ts, which is committed: the sources run
// without a build step, and who installs the analyzer needs no bundler. `npm run page -w packages/analyzer`
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const folder = new URL("../src/report/page/", import.meta.url);
const target = new URL("page.generated.ts", folder);

/** The module that holds page.css and the bundle of page.ts as strings. */
export async function makePage() {
  const bundle = await rolldown({ input: fileURLToPath(new URL("page.ts", folder)), logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife", minify: true });
  await bundle.close();
  const styles = ["page.css", "live.css"].map((name) => readFile(new URL(name, folder), "utf8"));
  const style = (await Promise.all(styles)).join("\n");
  // Neither can end its element early.
  for (const text of [style, output[0].code])
    if (/<\/(script|style)/i.test(text)) throw new Error("the page's style or script ends its element");
  return `// Made of page.css, live.css and page.ts by npm run page -w packages/analyzer: change those.
export const STYLE = ${JSON.stringify(withoutComments(style))};
export const SCRIPT = ${JSON.stringify(output[0].code.trim())};
`;
}

/** The same style without comments and indentation. */
const withoutComments = (css) =>
  css
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\s*\n\s*/g, "\n")
    .trim();

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await makePage());
