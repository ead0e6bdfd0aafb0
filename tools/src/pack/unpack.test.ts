import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Header, Pax } from "tar";
import { afterAll, describe, expect, it, test } from "vitest";
import { unpackArchive } from "./unpack.ts";
import { DEFAULT_LIMITS, type UnpackLimits } from "./unpack-limits.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-unpack-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

type Type = "File" | "Directory" | "SymbolicLink" | "Link" | "FIFO" | "CharacterDevice" | "BlockDevice";
interface Entry {
  readonly path: string;
  readonly type?: Type;
  readonly data?: string | Buffer;
  readonly linkpath?: string;
  /** As the header says; default: that of the data. */
  readonly size?: number;
  /** The name in an extended header, the plain one being harmless. */
  readonly paxPath?: string;
  /** The raw type byte. */
  readonly typeByte?: string;
}

const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc(-data.length & 511)]);

function encodeEntry({ path, type = "File", data = "", linkpath, size, paxPath, typeByte }: Entry): Buffer {
  const body = Buffer.from(data);
  const header = new Header({
    ...{ path, type, mode: 0o644, size: size ?? body.length, uid: 0, gid: 0, mtime: new Date(0) },
    ...(linkpath !== undefined && { linkpath }),
  });
  header.encode();
  const block = header.block as Buffer;
  if (typeByte !== undefined) {
    block.write(typeByte, 156, "latin1");
    block.write("        ", 148, "latin1");
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
      "latin1",
    );
  }
  const pax = paxPath === undefined ? [] : [new Pax({ path: paxPath }).encode()];
  return Buffer.concat([...pax, block, padded(body)]);
}

const tarOf = (...entries: readonly Entry[]) =>
  Buffer.concat([...entries.map(encodeEntry), Buffer.alloc(1024)]);

let count = 0;
/** Unpacks into a folder of its own inside a folder that must stay as it was. */
async function unpack(bytes: Uint8Array, limits: Partial<UnpackLimits> = {}) {
  const place = join(work, String(++count));
  const target = join(place, "target");
  mkdirSync(target, { recursive: true });
  const victim = join(place, "victim");
  writeFileSync(victim, "untouched");
  const archive = join(place, "a.tgz");
  writeFileSync(archive, bytes);
  const error = await unpackArchive(archive, target, { ...DEFAULT_LIMITS, ...limits }).catch(
    (thrown: unknown) => thrown,
  );
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  expect(readdirSync(place).sort()).toEqual(["a.tgz", "target", "victim"]);
  return { target, error };
}

const DEEP: readonly Entry[] = [
  { path: "r/x/y/z", type: "Directory" },
  { path: "r/x/y/z/up", type: "SymbolicLink", linkpath: "../../.." },
];
const LONG = "n".repeat(300);

describe("unpackArchive()", () => {
  it("unpacks files and folders, plain or gzip", async () => {
    const tar = tarOf(
      { path: "r/", type: "Directory" },
      { path: "./r/empty" },
      { path: "r/a/b.txt", data: "text" },
      { path: "r/short", paxPath: `r/${"long/".repeat(25)}name`, data: "deep" },
      { path: "r/old", typeByte: "\0", data: "old" },
    );
    for (const bytes of [tar, gzipSync(tar)]) {
      const { target, error } = await unpack(bytes);
      expect(error).toBeUndefined();
      expect(readFileSync(join(target, "r/a/b.txt"), "utf8")).toBe("text");
      expect(readFileSync(join(target, `r/${"long/".repeat(25)}name`), "utf8")).toBe("deep");
      expect(readFileSync(join(target, "r/old"), "utf8")).toBe("old");
      expect(readFileSync(join(target, "r/empty"), "utf8")).toBe("");
    }
  });

  it("counts folders that no entry names", async () => {
    const path = (first: number) => `r/${first}/${"x/".repeat(28)}`;
    const tar = tarOf(
      ...Array.from({ length: 10 }, (_, first) => ({ path: path(first), type: "Directory" as const })),
    );
    expect((await unpack(tar, { maxFiles: 291 })).error).toBeUndefined();
    expect((await unpack(tar, { maxFiles: 290 })).error).toMatchObject({ code: "FILE_OVER_LIMIT" });
  });

  test.each<[string, readonly Entry[], RegExp]>([
    [
      "a link through a link",
      [...DEEP, { path: "r/report.html", type: "SymbolicLink", linkpath: "x/y/z/up/../../victim" }],
      /"r\/x\/y\/z\/up" is a symbolic link/,
    ],
    [
      "a file through a link",
      [
        { path: "r/out", type: "SymbolicLink", linkpath: ".." },
        { path: "r/out/victim", data: "x" },
      ],
      /symbolic link/,
    ],
    [
      "a link to a file of its own",
      [
        { path: "a", data: "x" },
        { path: "b", type: "SymbolicLink", linkpath: "a" },
      ],
      /symbolic/,
    ],
    [
      "a hard link",
      [
        { path: "a", data: "x" },
        { path: "b", type: "Link", linkpath: "a" },
      ],
      /"b" is a hard link/,
    ],
    ["a hard link out of it", [{ path: "b", type: "Link", linkpath: "../victim" }], /hard link/],
    ["a pipe", [{ path: "r/pipe", type: "FIFO" }], /named pipe/],
    ["a character device", [{ path: "r/null", type: "CharacterDevice" }], /character device/],
    ["a block device", [{ path: "r/sda", type: "BlockDevice" }], /block device/],
    ["an unknown type", [{ path: "r/x", typeByte: "Q" }], /unknown type/],
    ["a sparse file of old GNU tar", [{ path: "r/x", typeByte: "S" }], /unknown type/],
    ["..", [{ path: "../victim", data: "x" }], /leads out/],
    ["a hidden ..", [{ path: "r/a/../../../victim", data: "x" }], /leads out/],
    [".. in an extended header", [{ path: "r/ok", paxPath: "r/../../victim", data: "x" }], /leads out/],
    ["an absolute path", [{ path: "/victim", data: "x" }], /absolute/],
    ["an absolute path in an extended header", [{ path: "r/ok", paxPath: "/victim", data: "x" }], /absolute/],
    ["a drive", [{ path: "C:/victim", data: "x" }], /absolute/],
    ["a backslash", [{ path: "r\\..\\victim", data: "x" }], /backslash/],
    ["a name with an escape sequence", [{ path: "r/\u001b[2Jx" }], /unprintable/],
    ["a name that is written from right to left", [{ path: "r/\u202etxt.exe" }], /unprintable/],
    ["an empty part", [{ path: "r//x" }], /empty part/],
    ["too long a name", [{ path: "r/x", paxPath: `r/${LONG}` }], /too long a name/],
    [
      "too long a path",
      [{ path: "r/x", paxPath: `r/${`${"d".repeat(200)}/`.repeat(6)}x` }],
      /has a name of \d+ characters/,
    ],
    ["too deep a path", [{ path: "r/x", paxPath: `${"d/".repeat(40)}x` }], /40 folders deep|41 folders deep/],
    [
      "a file twice",
      [
        { path: "r/a", data: "1" },
        { path: "r/a", data: "2" },
      ],
      /occurs twice/,
    ],
    ["a file twice, in other case", [{ path: "r/a" }, { path: "R/A" }], /in spelling only/],
    ["a folder twice, in other case", [{ path: "r/Dir/a" }, { path: "r/dIR/b" }], /in spelling only/],
    ["a name twice, composed otherwise", [{ path: "r/\u00e9" }, { path: "r/e\u0301" }], /in spelling only/],
    ["a file below a file", [{ path: "r/a", data: "1" }, { path: "r/a/b" }], /occurs twice/],
    ["a folder in place of a file", [{ path: "r/a" }, { path: "r/a", type: "Directory" }], /occurs twice/],
  ])("rejects %s", async (_name, entries, message) => {
    const { error } = await unpack(gzipSync(tarOf(...entries)));
    expect(error).toMatchObject({ code: "FILE_BAD_ENTRY", message: expect.stringMatching(message) });
  });

  const zeros = Buffer.alloc(1 << 20);
  test.each<[string, Partial<UnpackLimits>, string]>([
    ["size", { maxBytes: 1e6 }, "--max-size"],
    ["number of files", { maxFiles: 2 }, "--max-files"],
    ["ratio", {}, "--max-ratio"],
    ["time", { maxSeconds: -1 }, "--max-time"],
  ])("names the limit of %s and its option", async (_name, limits, option) => {
    const files = Array.from({ length: 24 }, (_, index) => ({ path: `r/${index}`, data: zeros }));
    const { error } = await unpack(gzipSync(tarOf(...files)), limits);
    expect(error).toMatchObject({
      code: "FILE_OVER_LIMIT",
      message: expect.stringContaining(`(limit ${option})`),
      hint: expect.stringContaining(option),
    });
  });

  it("counts bytes after the end without buffering them", async () => {
    const behind = Buffer.concat([tarOf({ path: "r" }), Buffer.alloc(64 << 20)]);
    const { error } = await unpack(gzipSync(behind, { level: 1 }), { maxRatio: 1e6, maxBytes: 32e6 });
    expect(error).toMatchObject({ message: expect.stringContaining("--max-size") });
    expect((await unpack(behind, {})).error).toBeUndefined();
  });

  it("counts headers without files, and what a header announces", async () => {
    const pax = { path: "x", paxPath: "x" };
    const headers = Buffer.concat(Array.from({ length: 9 }, () => new Pax({ path: "x" }).encode()));
    const many = await unpack(Buffer.concat([headers, tarOf(pax)]), { maxFiles: 5 });
    expect(many.error).toMatchObject({ code: "FILE_OVER_LIMIT" });
    const { error, target } = await unpack(tarOf({ path: "r", size: 2 ** 40 }));
    expect(error).toMatchObject({ message: expect.stringContaining("--max-size") });
    expect(existsSync(join(target, "r"))).toBe(false);
  });

  test.each<[string, Buffer, RegExp]>([
    ["a cut archive", gzipSync(tarOf({ path: "r", data: zeros })).subarray(0, 200), /cannot be unpacked/],
    ["a cut file", tarOf({ path: "r", data: "1234" }).subarray(0, 700), /cannot be unpacked/],
    ["a damaged header", Buffer.concat([tarOf({ path: "r" }).fill("x", 100, 120)]), /cannot be unpacked/],
    ["no archive", Buffer.from("hello"), /cannot be unpacked/],
    ["an empty file", Buffer.alloc(0), /cannot be unpacked/],
    ["an archive that is compressed twice", gzipSync(gzipSync(tarOf({ path: "r" }))), /compressed twice/],
  ])("rejects %s as not packed by slbench", async (_name, bytes, message) => {
    const { error } = await unpack(bytes);
    expect(error).toMatchObject({ code: "FILE_NO_ARTEFACT", message: expect.stringMatching(message) });
  });

  it.skipIf(process.platform === "win32")("rejects a pipe without blocking", async () => {
    const pipe = join(work, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(unpackArchive(pipe, work, DEFAULT_LIMITS)).rejects.toMatchObject({
      code: "FILE_NO_ARTEFACT",
      message: expect.stringContaining("is not a regular file"),
    });
  });
});
