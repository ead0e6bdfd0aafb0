import { expect, test } from "vitest";
import { decodeEntities } from "./entities.ts";

test.each([
  ["plain", "plain"],
  ["&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt; &amp;", "<a b=\"c\" d='e'> &"],
  ["&amp;lt;", "&lt;"],
  ["&#x26;amp;", "&amp;"],
  ["&#38;lt;", "&lt;"],
  ["&amp;amp;#x0;", "&amp;#x0;"],
  ["&#x0;&#xffff;&#65;&#x1F600;", "\u0000\uffffA😀"],
  ["&#x110000; &nbsp; & &;", "&#x110000; &nbsp; & &;"],
])("decodeEntities(%j) is %j", (text, decoded) => {
  expect(decodeEntities(text)).toBe(decoded);
});
