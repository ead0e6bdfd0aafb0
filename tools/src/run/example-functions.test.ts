// The functions in examples/functions that need no packages, and what all of them have in common.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseExperiment } from "@slbench/jmeter-plans";
import { afterEach, describe, expect, test } from "vitest";
import { type ExampleFunction, examples, startExample } from "../testing/slbench.ts";

const names = (await readdir(examples, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

async function readExperiment(name: string) {
  const file = join(examples, name, "experiment.yaml");
  return parseExperiment(await readFile(file, "utf8"), file);
}

const running: ExampleFunction[] = [];
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

/** Starts a Python function on a free port; returns its address. */
async function start(name: string, ...options: string[]): Promise<string> {
  const started = await startExample(name, ...options);
  running.push(started);
  return started.url;
}

describe("every example function", () => {
  test.each(names)("%s has a README, a setup for its command and payloads with a licence", async (name) => {
    const files = await readdir(join(examples, name));
    const experiment = await readExperiment(name);
    expect(experiment.name).toBe(name);
    expect(files).toContain("README.md");
    const [program, script] = experiment.function.command ?? [];
    if (script !== undefined) expect(files).toContain(script);
    if (program === "node") expect(files).toContain("package.json");
    if (program?.startsWith(".venv/")) expect(files).toContain("requirements.txt");
    const payloads = experiment.request.lines ?? experiment.request.files?.split("/")[0];
    if (payloads !== undefined) {
      expect(existsSync(join(examples, name, payloads))).toBe(true);
      const readme = await readFile(join(examples, name, "README.md"), "utf8");
      expect(files.includes("LICENSES.md") || /licence, MIT/.test(readme)).toBe(true);
    }
  });

  test("has its own port", async () => {
    const urls = await Promise.all(names.map(async (name) => (await readExperiment(name)).function.url));
    const ports = urls.filter((url) => url !== "local").map((url) => new URL(url).port);
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe("language-identification", () => {
  /** Two sentences each, in this order. */
  const LANGUAGES = ["en", "de", "fr", "es", "it", "nl"];

  test("names the language of every sentence", async () => {
    const url = await start("language-identification");
    const text = await readFile(join(examples, "language-identification", "sentences.txt"), "utf8");
    const found: string[] = [];
    for (const body of text.trim().split("\n")) {
      const response = await fetch(url, { method: "POST", body });
      expect(Number(response.headers.get("x-duration-seconds"))).toBeGreaterThan(0);
      const value = (await response.json()) as { language: string; inferenceMs: number; coldStart: boolean };
      expect(value.inferenceMs).toBeGreaterThan(0);
      expect(value.coldStart).toBe(found.length === 0);
      found.push(value.language);
    }
    expect(found).toEqual(LANGUAGES.flatMap((language) => [language, language]));
  });

  test("rejects a text without letters, and bytes that are not UTF-8", async () => {
    const url = await start("language-identification");
    const bodies = ["123 !", Uint8Array.of(0xff, 0xfe)];
    for (const body of bodies) expect((await fetch(url, { method: "POST", body })).status).toBe(400);
  });
});

describe("chat-stand-in", () => {
  const ask = (url: string, more: object) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ messages: [{ role: "user", content: "Hello there" }], max_tokens: 3, ...more }),
    });
  const fast = ["--first-seconds", "0", "--word-seconds", "0"];

  test("streams one event for each word, then the usage and [DONE]", async () => {
    const response = await ask(await start("chat-stand-in", ...fast), { stream: true });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text()).trim().split("\n\n");
    expect(events.pop()).toBe("data: [DONE]");
    const values = events.map((event) => JSON.parse(event.slice("data: ".length)) as Record<string, unknown>);
    expect(values.pop()).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
    const words = ["word1 ", "word2 ", "word3 "];
    expect(values.map(({ choices }) => choices)).toEqual(
      words.map((content) => [{ index: 0, delta: { content } }]),
    );
  });

  test("responds in one piece without stream", async () => {
    const response = await ask(await start("chat-stand-in", ...fast), {});
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: "word1 word2 word3 " } }],
      usage: { prompt_tokens: 2, completion_tokens: 3 },
    });
  });

  test("rejects a body without messages", async () => {
    const url = await start("chat-stand-in", ...fast);
    expect((await ask(url, { messages: [] })).status).toBe(400);
  });
});
