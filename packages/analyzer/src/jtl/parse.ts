import { AnalyzerError } from "../errors.ts";
import type { Sample } from "../sample.ts";
import type { Loss } from "../warnings.ts";
import { parseCsvJtl } from "./csv.ts";
import { parseXmlJtl } from "./xml.ts";

/**
 * Reads a JMeter log, XML or CSV, told apart by content.
 * @throws {AnalyzerError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export function parseJtl(
  text: string,
  source: string,
): { readonly samples: readonly Sample[]; readonly lost: readonly Loss[] } {
  const head = text
    .slice(0, 4096)
    .trimStart()
    .replace(/^\ufeff/, "");
  if (head === "")
    throw new AnalyzerError("JTL_EMPTY", `${source} is empty`, "check that JMeter ran and wrote to it");
  if (head.startsWith("<")) {
    if (!/<testResults|<(sample|httpSample)[\s>]/.test(text)) {
      throw new AnalyzerError(
        "JTL_NOT_A_JTL",
        `${source} is XML but holds no testResults`,
        "give the file that a View Results Tree or -l wrote",
      );
    }
    return parseXmlJtl(text, source);
  }
  return parseCsvJtl(text, source);
}
