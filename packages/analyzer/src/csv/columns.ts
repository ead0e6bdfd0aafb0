/** How a CSV log is written: its delimiter and the columns of its rows. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** The columns were given: header lines are ignored. */
  readonly given?: boolean;
}

const digits = /^\d+$/;
const any = /^/;
const time = /^(\d{12,14}|\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d\S*)$/;

/** Every column that JMeter can write, in its order (CSVSaveService), what its values look like, whether it is on by default. */
const COLUMNS: readonly (readonly [name: string, pattern: RegExp, usual: boolean])[] = [
  ["timeStamp", time, true],
  ["elapsed", digits, true],
  ["label", any, true],
  ["responseCode", /^(\d*|Non HTTP response code.*)$/, true],
  ["responseMessage", any, true],
  ["threadName", /\d+-\d+$/, true],
  ["dataType", /^(text|bin|)$/, true],
  ["success", /^(true|false)$/, true],
  ["failureMessage", any, true],
  ["bytes", digits, true],
  ["sentBytes", digits, true],
  ["grpThreads", digits, true],
  ["allThreads", digits, true],
  ["URL", /^(null|[a-z]+:.*)$/, true],
  ["Filename", any, false],
  ["Latency", digits, true],
  ["Encoding", /^[\w-]*$/, false],
  ["SampleCount", digits, false],
  ["ErrorCount", digits, false],
  ["Hostname", /^(?!\d+$)\S+$/, false],
  ["IdleTime", digits, true],
  ["Connect", digits, true],
];
const NAMES = new Set(COLUMNS.map(([name]) => name));
const FIRST = "timeStamp";
const NEVER = Number.POSITIVE_INFINITY;

/** Whether a record is a line of column names. */
export function isHeader(record: readonly string[]): boolean {
  if (!record.includes("elapsed")) return false; // called for every quoted row
  const known = record.filter((name) => NAMES.has(name)).length;
  const isDamaged = new Set(record).size < record.length || record.some((name) => name.includes("\0"));
  return known >= 2 && !isDamaged;
}

/**
 * The header in a record; the rest of a torn row may stand before it on the same line.
 * @param current the columns of the rows before
 * @returns `torn`: whether something stood before it; undefined if the record is no header
 */
export function headerIn(
  record: readonly string[],
  current: readonly string[],
): { readonly columns: readonly string[]; readonly torn: boolean } | undefined {
  if (!record.includes("elapsed")) return undefined; // called for every quoted row
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
  const [name, pattern, usual] = entry;
  const needed = name === "timeStamp" || name === "elapsed" || name === "success";
  let best: Reading = { cost: NEVER, columns: [] };
  const value = record[field];
  if (value !== undefined && pattern.test(value)) {
    const rest = cheapest(record, field + 1, column + 1, known);
    best = { cost: rest.cost + (usual ? 0 : 2), columns: [name, ...rest.columns] };
  }
  if (!needed) {
    const rest = cheapest(record, field, column + 1, known);
    const cost = rest.cost + (usual ? 1 : 0);
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
