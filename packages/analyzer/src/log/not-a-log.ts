import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";

interface OtherFile {
  readonly name: string;
  /** Its beginning. */
  readonly looks: RegExp;
  readonly hint: string;
}

const GIVE_SAMPLES =
  "give the log with a row per sample: the file of jmeter -l, or of a listener's field Filename";

/** Files that are often mistaken for a log. */
const OTHER_FILES: readonly OtherFile[] = [
  {
    name: "an Aggregate Report export, with a row per label and no samples",
    looks: /^"?(label|sampler_label)"?[,;\t]"?(# ?samples|aggregate_report_count)"?[^\n]*(median|90)/i,
    hint: GIVE_SAMPLES,
  },
  {
    name: "a Summary Report export, with a row per label and no samples",
    looks: /^"?(label|sampler_label)"?[,;\t]"?(# ?samples|aggregate_report_count)"?/i,
    hint: GIVE_SAMPLES,
  },
  {
    name: "the statistics.json of JMeter's dashboard, which holds no samples",
    looks: /^\{\s*"[^"]*"\s*:\s*\{\s*"transaction"/,
    hint: GIVE_SAMPLES,
  },
  {
    name: "a test plan, not a log",
    looks: /^(<\?xml[^>]*>\s*)?<jmeterTestPlan/,
    hint: "run it first (jmeter -n -t PLAN -l LOG), and give the log",
  },
];

/** Compressed files by their first bytes, one character per byte; gzip is read as it is. */
const COMPRESSED = [
  { name: "a zip archive", begins: "PK\x03\x04", convert: "unzip -p FILE" },
  { name: "compressed with zstd", begins: "\x28\xb5\x2f\xfd", convert: "zstd -dc FILE" },
  { name: "compressed with xz", begins: "\xfd7zXZ", convert: "xz -dc FILE" },
  { name: "compressed with bzip2", begins: "BZh", convert: "bzip2 -dc FILE" },
  { name: "a 7-Zip archive", begins: "7z\xbc\xaf", convert: "7z x -so FILE" },
] as const;

/**
 * Refuses a file in a compression or encoding that is not read. A zip archive that only stores its files would
 * otherwise look like a log with damage.
 * @param encoding as detectEncoding() says
 * @throws {SlbenchError} JTL_NOT_A_JTL
 */
export function refuseUnread(source: string, bytes: Uint8Array, encoding: string | undefined): void {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  const found = encoding?.startsWith("UTF-32")
    ? { name: `text in ${encoding}`, convert: `iconv -f ${encoding} -t UTF-8 FILE` }
    : COMPRESSED.find(({ begins }) => text.startsWith(begins));
  if (found === undefined) return;
  throw new SlbenchError<AnalyzerErrorCode>("JTL_NOT_A_JTL", `${source} is ${found.name}, not a log`, {
    hint: `convert it first: ${found.convert} | slbench analyze -`,
  });
}

/** The error for a file that is not a log; names what it is if JMeter writes such files too. */
export function notALog(source: string, head: string): SlbenchError<AnalyzerErrorCode> {
  const text = head.replace(/^[\s\ufeff]+/, "");
  const other = OTHER_FILES.find(({ looks }) => looks.test(text));
  return new SlbenchError(
    "JTL_NOT_A_JTL",
    other === undefined
      ? `${source} is not a log of JMeter: neither XML with samples nor CSV with time, elapsed and success`
      : `${source} is ${other.name}`,
    {
      hint:
        other?.hint ??
        "give a file that -l or a listener wrote; name the columns of a CSV file that has no header (--columns)",
    },
  );
}
