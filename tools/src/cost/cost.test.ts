import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { priceNames, readPrice } from "./read-price.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-price-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const names = await priceNames();

describe("readPrice()", () => {
  test.each(names)("%s has amounts, a date and a source", async (name) => {
    const price = await readPrice(name);
    expect(price.name).toBe(name);
    expect(price.source).toMatch(/^https:\/\//);
  });

  const good = {
    schema: "slbench.price/1",
    ...{ name: "x", title: "X", region: "r", date: "2026", source: "s", currency: "EUR" },
    perHour: 1,
  };
  it.each([
    [good, undefined],
    [{ ...good, schema: "slbench.price/2" }, 'the schema is not "slbench.price/1"'],
    [{ ...good, currency: 1 }, "currency is no text"],
    [{ ...good, perHour: undefined }, "it needs either perUse or perHour"],
    [{ ...good, perHour: -1 }, "perHour is no amount"],
    [{ ...good, perHour: undefined, perUse: { perRequest: 1 } }, "perUse.roundUpSeconds is not above 0"],
    [
      { ...good, perHour: undefined, perUse: { perRequest: 1, roundUpSeconds: 1, perGbSecond: "1" } },
      "perUse.perGbSecond is no amount",
    ],
  ])("reads a file, or names what is wrong with it", async (price, fault) => {
    const file = join(work, "price.json");
    writeFileSync(file, JSON.stringify(price));
    if (fault === undefined) expect(await readPrice(file)).toEqual(price);
    else
      await expect(readPrice(file)).rejects.toMatchObject({
        code: "COST_PRICE",
        message: `${file}: ${fault}`,
      });
  });

  it("lists the known names if there is none such", async () => {
    await expect(readPrice("nope")).rejects.toMatchObject({
      code: "COST_PRICE",
      hint: expect.stringContaining("aws-lambda-x86"),
    });
  });
});
