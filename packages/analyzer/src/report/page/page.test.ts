import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the committed page is made of the style and the script as they are now", async () => {
  const script = new URL("../../../scripts/make-page.mjs", import.meta.url).href;
  const { makePage } = (await import(script)) as { makePage(): Promise<string> };
  const committed = readFileSync(new URL("page.generated.ts", import.meta.url), "utf8");
  expect(committed, "run npm run page -w packages/analyzer").toBe(await makePage());
});
