// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { expect, test } from "vitest";
import { parseTemplate } from "./template.ts";

test("parseTemplate() splits a template into texts and placeholders", () => {
  expect(parseTemplate('{"a": ${text}}${user}')).toEqual(['{"a": ', { name: "text" }, "}", { name: "user" }]);
  expect(parseTemplate("plain $ text")).toEqual(["plain $ text"]);
  expect(parseTemplate("${sum(1)}")).toEqual({ unknown: "sum(1)" });
});
