// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { describe, expect, it, test } from "vitest";
import { createRedactor, resolveHeaders } from "./headers.ts";

describe("resolveHeaders()", () => {
  it("fills in environment variables and lists their values as secrets", () => {
    const env = { TOKEN: "t0k3n", ID: "7" };
    expect(
      resolveHeaders({ Authorization: "Bearer ${env:TOKEN}", "X-Id": "${env:ID}", A: "b" }, env),
    ).toEqual({
      headers: { Authorization: "Bearer t0k3n", "X-Id": "7", A: "b" },
      secrets: ["t0k3n", "7"],
    });
  });

  test.each([
    ["is missing", {}],
    ["is empty", { TOKEN: "" }],
    ["holds a line break", { TOKEN: "s3cret\r\nX: y" }],
    ["holds a character that no header can hold", { TOKEN: "s3cret€" }],
  ])("throws CLIENT_SECRET without the value if the variable %s", (_name, env) => {
    const resolve = () => resolveHeaders({ Authorization: "${env:TOKEN}" }, env);
    expect(resolve).toThrow(
      expect.objectContaining({ code: "CLIENT_SECRET", message: expect.stringContaining("TOKEN") }),
    );
    expect(resolve).not.toThrow(/s3cret/);
  });
});

test("createRedactor() removes every secret, also one inside another", () => {
  expect(createRedactor(["abc", "abcdef"])?.("abcdef abc x")).toBe("*** *** x");
  expect(createRedactor([])).toBeUndefined();
});
