/** How a CSV log is written: its delimiter and the columns of its rows. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** The columns were given: header lines are ignored. */
  readonly given?: boolean;
  /** The log has no header, and its columns are not JMeter's default ones: they are inferred from its rows. */
  readonly inferred?: boolean;
}

const digits = /^\d+$/;
const any = /^/;
const thread = /\d+-\d+$/;
/** Milliseconds, else seconds, micro- or nanoseconds of these decades; or a date. */
const time = /^(\d{12,14}|\d{10}|\d{16}|\d{19}|\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\S*)$/;

/** Columns that JMeter writes together, and what their values look like. */
interface ColumnGroup {
  readonly names: readonly string[];
  readonly fits: (values: readonly string[]) => boolean;
  /** Whether they are on by default. */
  readonly usual: boolean;
  /** Whether any text fits. */
  readonly isText: boolean;
}

const one = (name: string, pattern: RegExp, usual: boolean): ColumnGroup => ({
  names: [name],
  fits: ([value = ""]) => pattern.test(value),
  usual,
  isText: pattern === any,
});

/** Two counts that are written together or not at all. */
const counts = (
  names: readonly [string, string],
  usual: boolean,
  fits: (first: number, second: number) => boolean,
): ColumnGroup => ({
  ...{ names, usual, isText: false },
  fits: ([first = "", second = ""]) =>
    digits.test(first) && digits.test(second) && fits(Number(first), Number(second)),
});

/** Every column that JMeter can write, in its order (CSVSaveService). */
const COLUMNS: readonly ColumnGroup[] = [
  one("timeStamp", time, true),
  one("elapsed", digits, true),
  one("label", any, true),
  one("responseCode", /^(\d*|Non HTTP response code.*)$/, true),
  one("responseMessage", any, true),
  one("threadName", thread, true),
  one("dataType", /^(text|bin|)$/, true),
  one("success", /^(true|false)$/, true),
  one("failureMessage", any, true),
  one("bytes", digits, true),
  one("sentBytes", digits, true),
  counts(["grpThreads", "allThreads"], true, (group, all) => group <= all),
  one("URL", /^(null|[a-z]+:.*)$/, true),
  one("Filename", any, false),
  one("Latency", digits, true),
  one("Encoding", /^(?!\d+$)[\w-]*$/, false),
  counts(["SampleCount", "ErrorCount"], false, (samples, errors) => samples > 0 && errors <= samples),
  one("Hostname", /^(?!\d+$)\S+$/, false),
  one("IdleTime", digits, true),
  one("Connect", digits, true),
];
const NAMES = new Set(COLUMNS.flatMap(({ names }) => names));
const NEEDED = new Set(["timeStamp", "elapsed", "success"]);
const FIRST = "timeStamp";
const NEVER = Number.POSITIVE_INFINITY;

/** Cheap, because every row that is not plain is tested. Editors put blanks around names. */
const mayBeHeader = (record: readonly string[]) =>
  record.some((name) => name.length < 20 && name.trim() === "elapsed");

/** Whether a record is a line of column names. @param record trimmed */
export function isHeader(record: readonly string[]): boolean {
  if (!record.includes("elapsed")) return false;
  const known = record.filter((name) => NAMES.has(name)).length;
  // A sample variable may have the name of another column: the first one is JMeter's.
  const isDamaged =
    record.indexOf(FIRST) !== record.lastIndexOf(FIRST) || record.some((name) => name.includes("\0"));
  return known >= 2 && !isDamaged;
}

/**
 * The header in a record; the rest of a torn row may stand before it on the same line.
 * @param current the columns of the rows before
 * @returns `torn`: whether something stood before it; undefined if the record is no header
 */
export function headerIn(
  read: readonly string[],
  current: readonly string[],
): { readonly columns: readonly string[]; readonly torn: boolean } | undefined {
  if (!mayBeHeader(read)) return undefined;
  const record = read.map((name) => name.trim());
  const [first = "", ...others] = current;
  const [joint = "", ...rest] = record.slice(-current.length);
  const isSame = rest.length === others.length && rest.every((name, index) => name === others[index]);
  if (others.length > 0 && isSame && joint.endsWith(first))
    return { columns: current, torn: record.length > current.length || joint !== first };
  const at = record.findIndex((name) => name.endsWith(FIRST) && name !== FIRST);
  const behind = [FIRST, ...record.slice(at + 1)];
  if (at >= 0 && isHeader(behind)) return { columns: behind, torn: true };
  return isHeader(record) ? { columns: record, torn: false } : undefined;
}

/** Distance of a record's cheapest reading from JMeter's default columns; columns keep JMeter's order. */
function cheapest(
  record: readonly string[],
  field: number,
  column: number,
  known: Map<number, Reading>,
): Reading {
  const entry = COLUMNS[column];
  if (entry === undefined) {
    const variables = record.slice(field).map((_, index) => `variable${index + 1}`);
    return { cost: 3 * variables.length, columns: variables };
  }
  const key = field * 100 + column;
  const before = known.get(key);
  if (before !== undefined) return before;
  const { names, fits, usual, isText } = entry;
  let best: Reading = { cost: NEVER, columns: [] };
  const values = record.slice(field, field + names.length);
  if (values.length === names.length && fits(values)) {
    const rest = cheapest(record, field + names.length, column + 1, known);
    // A thread's name or a number is rarely a label or a message.
    const odd = isText && /^\d+$|\d+-\d+$/.test(values[0] ?? "") ? 1 : 0;
    const cost = rest.cost + odd + (usual ? 0 : 2 * names.length);
    best = { cost, columns: [...names, ...rest.columns] };
  }
  if (!NEEDED.has(names[0] ?? "")) {
    const rest = cheapest(record, field, column + 1, known);
    const cost = rest.cost + (usual ? names.length : 0);
    if (cost < best.cost) best = { cost, columns: rest.columns };
  }
  known.set(key, best);
  return best;
}

/** Columns of a record. */
export interface Reading {
  /** Distance from JMeter's default columns; 0: exactly these. */
  readonly cost: number;
  readonly columns: readonly string[];
}

/**
 * The columns of a log without a header, from one of its records: time, elapsed and success must be there, the
 * others may be switched off.
 * @returns undefined if the record is not a row of a JTL
 */
export function inferColumns(record: readonly string[]): Reading | undefined {
  if (record.length < 4 || record.length > 200) return undefined;
  const reading = cheapest(record, 0, 0, new Map());
  return reading.cost === NEVER ? undefined : reading;
}
