import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it, test } from "vitest";
import type { RequestRow } from "../core/request-row.ts";
import { COLUMN_NAMES, isFixed, REQUEST_COLUMNS } from "./columns.ts";
import { PARQUET_CODEC, renderRequestsParquet } from "./parquet.ts";

const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync(bytes: Uint8Array): Uint8Array };
const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };
const fileOf = (rows: Iterable<RequestRow>) => {
  const { buffer, byteOffset, byteLength } = Buffer.concat([...renderRequestsParquet(rows)]);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
};
const row = (sequence: number): RequestRow => ({
  ...{ cell: "u4-t1", users: 4, thinkTimeSeconds: 1, repetition: 1, user: `w1-u${sequence % 4}`, sequence },
  ...{ startEpochMicros: 1_700_000_000_000_000 + sequence, roundTripSeconds: sequence / 7, outcome: "ok" },
  ...(sequence % 2 === 0 && { message: 'é "quoted", =1\n' }),
  ...(sequence % 3 === 0 && { coldStart: sequence % 6 === 0 }),
});

const anyValue = {
  text: fc.string({ unit: "grapheme" }),
  integer: fc.nat(1e9),
  long: fc.nat(2 ** 45),
  number: fc.double({ noNaN: true, min: 0, max: 1e6 }),
  boolean: fc.boolean(),
};
const anyRow = fc.record(
  Object.fromEntries(COLUMN_NAMES.map((name) => [name, anyValue[REQUEST_COLUMNS[name]]])),
  { requiredKeys: ["cell", "users", "repetition", "user", "sequence", "roundTripSeconds", "outcome"] },
) as unknown as fc.Arbitrary<RequestRow>;

describe("requests.parquet", () => {
  test("what is written is read again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 5 }), async (rows) => {
        const names = COLUMN_NAMES.filter(
          (name) => isFixed(name) || rows.some((one) => one[name] !== undefined),
        );
        const expected = rows.map((one) =>
          Object.fromEntries(
            names.map((name) => {
              const value = one[name];
              return [
                name,
                REQUEST_COLUMNS[name] === "long" && value !== undefined
                  ? BigInt(value as number)
                  : (value ?? null),
              ];
            }),
          ),
        );
        expect(await parquetReadObjects({ file: fileOf(rows), compressors })).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("has groups of 100 000 rows, compressed with Zstandard, and comes in as many pieces", () => {
    const rows = Array.from({ length: 250_000 }, (_, index) => row(index));
    const pieces = [...renderRequestsParquet(rows)];
    expect(pieces).toHaveLength(3);
    const { row_groups, num_rows } = parquetMetadata(fileOf(rows));
    expect(row_groups.map((group) => Number(group.num_rows))).toEqual([100_000, 100_000, 50_000]);
    expect(num_rows).toBe(250_000n);
    expect(PARQUET_CODEC).toBe("ZSTD");
    expect(row_groups[0]?.columns[0]?.meta_data?.codec).toBe("ZSTD");
  });

  it("is a file without rows, too", async () => {
    expect(await parquetReadObjects({ file: fileOf([]), compressors })).toEqual([]);
  });
});

/** An interpreter that may have the libraries: SLBENCH_TEST_PYTHON, else the host's. */
const python = process.env.SLBENCH_TEST_PYTHON ?? "python3";
const READERS = {
  pandas:
    "import pandas; t = pandas.read_parquet(path); rows = len(t); total = t.roundTripSeconds.sum(); message = t.message[0]",
  polars:
    "import polars; t = polars.read_parquet(path); rows = t.height; total = t['roundTripSeconds'].sum(); message = t['message'][0]",
  duckdb:
    "import duckdb; rows, total = duckdb.execute(f\"select count(*), sum(roundTripSeconds) from '{path}'\").fetchone(); message = duckdb.execute(f\"select message from '{path}' limit 1\").fetchone()[0]",
};

describe.each(Object.entries(READERS))("requests.parquet in %s", (name, code) => {
  const imports = name === "pandas" ? "import pandas, pyarrow" : `import ${name}`;
  const isThere = spawnSync(python, ["-c", imports]).status === 0;
  if (!isThere) process.stderr.write(`skipped: ${python} has no ${name}; set SLBENCH_TEST_PYTHON\n`);
  it.skipIf(!isThere)("has the same rows, numbers and texts", () => {
    const folder = mkdtempSync(join(tmpdir(), "slbench-parquet-"));
    try {
      const path = join(folder, "requests.parquet");
      const rows = Array.from({ length: 1000 }, (_, index) => row(index));
      writeFileSync(path, Buffer.from(fileOf(rows)));
      const script = `import json, sys; path = sys.argv[1]; ${code}; print(json.dumps([rows, total, message]))`;
      const { stdout, stderr } = spawnSync(python, ["-c", script, path], { encoding: "utf8" });
      expect(stderr).toBe("");
      const [count, total, message] = JSON.parse(stdout) as [number, number, string];
      expect([count, message]).toEqual([1000, 'é "quoted", =1\n']);
      expect(total).toBeCloseTo((999 * 1000) / 2 / 7, 6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
