import { writeFile } from "node:fs/promises";
import { describe, expect, it, test } from "vitest";
import { systemError, systemProblem } from "./system-errors.ts";

const failure = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

describe("systemError()", () => {
  test.each([
    ["ENOSPC", /the disk is full \(ENOSPC\)/],
    ["EDQUOT", /quota/],
    ["EROFS", /read-only/],
    ["EACCES", /permission denied/],
    ["EPERM", /not permitted/],
    ["EMFILE", /too many open files/],
    ["ENOMEM", /not enough memory/],
  ])("explains %s with a hint and exit code 3", (code, message) => {
    expect(systemError(failure(code), "cannot write x")).toMatchObject({
      code: `SYSTEM_${code}`,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/./),
      exitCode: 3,
    });
  });

  it("names the system call and the path if no task is given", () => {
    const error = systemError(failure("EACCES", { syscall: "open", path: "/a/b" }));
    expect(error?.message).toBe("cannot open /a/b: permission denied (EACCES)");
  });

  it("follows causes, even circular ones", () => {
    expect(systemProblem(new Error("outer", { cause: failure("ENOSPC") }))?.errno).toBe("ENOSPC");
    const circular = new Error("circular");
    circular.cause = circular;
    expect(systemProblem(circular)).toBeUndefined();
  });

  it("recognises a failed allocation as ENOMEM", () => {
    expect(systemProblem(new RangeError("Array buffer allocation failed"))?.errno).toBe("ENOMEM");
  });

  it("returns undefined for errors of the program", () => {
    for (const error of [new TypeError("x"), failure("ENOENT"), failure("constructor"), "text", undefined])
      expect(systemError(error)).toBeUndefined();
  });

  it.skipIf(process.platform !== "linux")("recognises real system errors", async () => {
    const error = await writeFile("/dev/full", "x").catch((cause: unknown) => cause);
    expect(systemError(error)).toMatchObject({ code: "SYSTEM_ENOSPC" });
  });
});
