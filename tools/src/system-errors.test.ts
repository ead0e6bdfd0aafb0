import { writeFile } from "node:fs/promises";
import { describe, expect, it, test } from "vitest";
import { describeSystemError } from "./system-errors.ts";

const systemError = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: refused`), { code, syscall: "write", ...more });

describe("describeSystemError()", () => {
  test.each([
    ["ENOSPC", "no space is left on the disk: /x/y"],
    ["EDQUOT", "the disk quota is used up: /x/y"],
    ["EACCES", "the system denies access: /x/y"],
    ["EROFS", "the file system is read-only: /x/y"],
    ["EMFILE", "too many files are open: /x/y"],
    ["ENOMEM", "the system has no memory left: /x/y"],
    ["EAGAIN", "the system starts no further process: /x/y"],
  ])("makes a sentence of %s, with exit code 3", (code, message) => {
    expect(describeSystemError(systemError(code, { path: "/x/y" }))).toMatchObject({ message, exitCode: 3 });
  });

  it("finds the system's error inside others, and names the call where there is no path", () => {
    const wrapped = new Error("outer", { cause: new Error("inner", { cause: systemError("ENOSPC") }) });
    expect(describeSystemError(wrapped)?.message).toBe("no space is left on the disk (write)");
  });

  it("makes a sentence of memory that JavaScript cannot get", () => {
    const error = new RangeError("Array buffer allocation failed");
    expect(describeSystemError(error)?.message).toBe("the system has no memory left");
  });

  test.skipIf(process.platform !== "linux")("reads what the system itself says", async () => {
    const error = await writeFile("/dev/full", "x").catch((cause: unknown) => cause);
    expect(describeSystemError(error)?.message).toMatch(/^no space is left on the disk/);
  });

  test.each([[new TypeError("x is not a function")], [systemError("ENOENT")], ["text"], [undefined]])(
    "leaves other errors alone: %s",
    (error) => expect(describeSystemError(error)).toBeUndefined(),
  );
});
