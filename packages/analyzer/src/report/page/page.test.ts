import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toCsv } from "./table.ts";

test("a table is copied as CSV without what a spreadsheet would run", () => {
  const texts = [
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "+1+1",
    "-cmd|x",
    "-3.5%",
    "+12 s",
    "-1e-3",
    "-",
    "a,b",
    "1",
  ];
  const row = { hidden: false, cells: texts.map((textContent) => ({ textContent })) };
  const table = { rows: [row, { ...row, hidden: true }] } as unknown as Parameters<typeof toCsv>[0];
  expect(toCsv(table)).toBe(
    `"'=HYPERLINK(""http://x"")",'@SUM(A1),'+1+1,'-cmd|x,-3.5%,+12 s,-1e-3,-,"a,b",1\n`,
  );
});

test("the committed page is made of the style and the script as they are now", async () => {
  const script = new URL("../../../scripts/make-page.mjs", import.meta.url).href;
  const { makePage } = (await import(script)) as { makePage(): Promise<string> };
  const committed = readFileSync(new URL("page.generated.ts", import.meta.url), "utf8");
  expect(committed, "run npm run page -w packages/analyzer").toBe(await makePage());
});
