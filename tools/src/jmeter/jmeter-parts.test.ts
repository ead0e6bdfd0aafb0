import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { findJMeter, olderThan } from "./home.ts";
import { findJava, parseJavaVersion } from "./java.ts";
import { createKeys } from "./keys.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-jmeter-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const silent = { line: () => {}, warn: () => {} };

describe("findJava()", () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15', "17.0.15"],
    ['java version "1.8.0_392"', "8.0_392"],
    ["no Java here", undefined],
  ])("reads %s", (text, version) => expect(parseJavaVersion(text)).toBe(version));

  test("throws SETUP_NO_JAVA with a hint if there is no Java", async () => {
    await expect(findJava({ PATH: work })).rejects.toMatchObject({
      code: "SETUP_NO_JAVA",
      hint: expect.stringContaining("apt-get install openjdk-17"),
    });
  });
});

describe("findJMeter()", () => {
  test("rejects a JMETER_HOME without JMeter", async () => {
    const env = { ...process.env, JMETER_HOME: work };
    await expect(findJMeter(silent, env)).rejects.toMatchObject({ code: "SETUP_BAD_JMETER_HOME" });
  });
  test("pins the version of pom.xml, and lists its jars with their hashes", () => {
    const folder = fileURLToPath(new URL("../../jmeter/", import.meta.url));
    const [, pinned] = /<jmeter.version>(.+)<\/jmeter.version>/.exec(
      readFileSync(join(folder, "pom.xml"), "utf8"),
    )!;
    const jars = readFileSync(join(folder, "jars.sha256"), "utf8").trim().split("\n");
    expect(jars.every((line) => /^[0-9a-f]{64} {2}\S+\.jar$/.test(line))).toBe(true);
    expect(jars.some((line) => line.endsWith(` ApacheJMeter_core-${pinned}.jar`))).toBe(true);
    expect(readFileSync(new URL("./assemble.ts", import.meta.url), "utf8")).toContain(
      `VERSION = "${pinned}"`,
    );
  });
  test.each([
    ["5.4.1", "5.5", true],
    ["5.5", "5.5", false],
    ["5.10", "5.5", false],
    ["5.6.3", "5.6", false],
  ])("%s is older than %s: %s", (version, than, older) => expect(olderThan(version, than)).toBe(older));
});

describe("createKeys()", () => {
  test("creates a key store and password that only the owner can read", async () => {
    const { keytool } = await findJava();
    const keys = await createKeys(keytool);
    try {
      expect(statSync(keys.folder).mode & 0o777).toBe(0o700);
      for (const file of [keys.keystore, keys.properties]) expect(statSync(file).mode & 0o777).toBe(0o600);
      const text = readFileSync(keys.properties, "utf8");
      expect(text).toContain("keystore=slbench-rmi.p12\n");
      expect(text).toContain(keys.password);
      const other = await createKeys(keytool, work);
      expect(other.password).not.toBe(keys.password);
    } finally {
      rmSync(keys.folder, { recursive: true });
    }
  }, 30_000);
  test("throws SETUP_KEYTOOL_FAILED if keytool cannot be run", async () => {
    await expect(createKeys(join(work, "keytool"))).rejects.toMatchObject({ code: "SETUP_KEYTOOL_FAILED" });
  });
});
