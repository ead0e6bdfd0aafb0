import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PerUsePrice, Price, PriceSource } from "@slbench/analyzer";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";

const folder = fileURLToPath(new URL("../../prices/", import.meta.url));

/** The prices that slbench brings, by name. */
export async function priceNames(): Promise<readonly string[]> {
  return (await readdir(folder)).map((name) => basename(name, ".json")).sort();
}

/**
 * Reads a price that slbench brings, or a file of the same form.
 * @throws {SlbenchError} COST_PRICE
 */
export async function readPrice(nameOrFile: string): Promise<Price> {
  const bundled = join(folder, `${nameOrFile}.json`);
  const file = /^[\w-]+$/.test(nameOrFile) && (await exists(bundled)) ? bundled : nameOrFile;
  const text = await readFile(file, "utf8").catch(async () => {
    throw wrong(
      `no price ${nameOrFile}`,
      `name one of ${(await priceNames()).join(", ")}, or a file of that form`,
    );
  });
  let price: unknown;
  try {
    price = JSON.parse(text);
  } catch {
    throw wrong(`${file} is not JSON`, "write it like the files in tools/prices");
  }
  const fault = findFault(price);
  if (fault !== undefined) throw wrong(`${file}: ${fault}`, "write it like the files in tools/prices");
  return price as Price;
}

const TEXTS = ["name", "title", "region", "date", "source", "currency"] as const;
const AMOUNTS = ["perRequest", "perGbSecond", "perVcpuSecond", "roundUpSeconds", "minimumSeconds"] as const;

/** What keeps a value from being a price. */
function findFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "it is no object";
  const price = value as Partial<PriceSource> & { readonly perUse?: unknown; readonly perHour?: unknown };
  if (price.schema !== "slbench.price/1") return 'the schema is not "slbench.price/1"';
  const missing = TEXTS.find((name) => typeof price[name] !== "string");
  if (missing !== undefined) return `${missing} is no text`;
  if ((price.perUse === undefined) === (price.perHour === undefined))
    return "it needs either perUse or perHour";
  if (price.perUse === undefined) return isAmount(price.perHour) ? undefined : "perHour is no amount";
  if (typeof price.perUse !== "object" || price.perUse === null) return "perUse is no object";
  const use: Partial<PerUsePrice> = price.perUse;
  if (!isAmount(use.perRequest)) return "perUse.perRequest is no amount";
  if (!isAmount(use.roundUpSeconds) || use.roundUpSeconds === 0)
    return "perUse.roundUpSeconds is not above 0";
  const bad = AMOUNTS.find((name) => use[name] !== undefined && !isAmount(use[name]));
  return bad === undefined ? undefined : `perUse.${bad} is no amount`;
}

const isAmount = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

const wrong = (message: string, hint: string) =>
  new SlbenchError<ToolErrorCode>("COST_PRICE", message, { hint, exitCode: 2 });
