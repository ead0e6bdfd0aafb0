import { expect, test } from "vitest";
import { readAccept } from "./accept.ts";

test.each([
  ["", { kind: "json" }],
  ["*/*", { kind: "json" }],
  ["application/json", { kind: "json" }],
  ["text/plain", { kind: "text" }],
  ["image/*", { kind: "picture" }],
  ["image/png", { kind: "picture", format: "png" }],
  ["IMAGE/JPEG", { kind: "picture", format: "jpeg" }],
  ["image/png;q=0.5, image/jpeg;q=0.9", { kind: "picture", format: "jpeg" }],
  ["text/plain;q=0.1, application/json", { kind: "json" }],
  ["image/png;q=0, text/plain", { kind: "text" }],
  ["image/webp, image/png", { kind: "picture", format: "png" }],
  ["image/webp", { kind: "json" }],
  ["nonsense;q=x", { kind: "json" }],
])("readAccept(%j)", (header, wanted) => {
  expect(readAccept(header)).toEqual(wanted);
});
