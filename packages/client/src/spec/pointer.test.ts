import { describe, expect, test } from "vitest";
import { parsePointer, valueAt } from "./pointer.ts";

describe("parsePointer() and valueAt()", () => {
  // RFC 6901, section 5
  const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, " ": 7 };
  test.each([
    ["", document],
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/ ", 7],
    ["/m~0n", 8],
    ["/none", undefined],
    ["/foo/2", undefined],
    ["/foo/00", undefined],
    ["/foo/length", undefined],
    ["/toString", undefined],
    ["/a~1b/c", undefined],
  ])("%j gives %j", (pointer, value) => {
    expect(valueAt(document, parsePointer(pointer) ?? [])).toEqual(value);
  });

  test.each(["foo", "/a~2", "/a~"])("%j is no pointer", (pointer) => {
    expect(parsePointer(pointer)).toBeUndefined();
  });
});
