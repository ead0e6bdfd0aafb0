import { expect, test } from "vitest";
import { redactUrls } from "./redact.ts";

test.each([
  ["http://me:secret@host/f fails", "http://***@host/f fails"],
  ["HTTPS://me@host:8080", "HTTPS://***@host:8080"],
  ["ftp://a:p@ss@w@rd@host/x and http://b:c@d/", "ftp://***@host/x and http://***@d/"],
  ["http://host/path?mail=a@b.c", "http://host/path?mail=a@b.c"],
  ["http://host and me@example.com", "http://host and me@example.com"],
  ['{"url":"http://u:p@h/"}', '{"url":"http://***@h/"}'],
])("redactUrls(%j) is %j", (text, redacted) => {
  expect(redactUrls(text)).toBe(redacted);
});
