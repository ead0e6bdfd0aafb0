import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** Names in capitals that are not our codes: environment variables, and codes of Node and libraries. */
const NOT_CODES = [
  /^SLBENCH_/,
  /^JMETER_HOME$/,
  /^HPE_/,
  /^NODE_SEA_BLOB$/,
  /^WASM_HAS_/,
  /^ERR_/,
  /^BYTE_ARRAY$/,
  /^SAME_UPPER$/,
];

const packages = readdirSync(new URL("packages", root)).map((name) => `packages/${name}`);
const sources = [...packages, "tools"]
  .flatMap((folder) =>
    readdirSync(new URL(`${folder}/src`, root), { encoding: "utf8", recursive: true }).map(
      (name) => `${folder}/src/${name}`,
    ),
  )
  .filter((path) => path.endsWith(".ts") && !/\.(test|bench)\.ts$|\/testing\//.test(path))
  .map((path) => ({ path, text: read(path) }));

/** A list of codes; each must also be used elsewhere. */
const LIST = "tools/src/errors.ts";

/** Every string in the sources that looks like a code, with the first file that has it. */
function codesInSources(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, text } of sources) {
    if (path === LIST) continue;
    const codes = [
      ...text.matchAll(/"(?!ERR_)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g),
      ...text.matchAll(/\bcode: "([A-Z]+)"/g),
    ].map(([, code]) => code as string);
    if (path.endsWith("/system-error-code.ts"))
      codes.push(...[...text.matchAll(/"(E[A-Z]+)"/g)].map(([, errno]) => `SYSTEM_${errno}`));
    for (const code of codes)
      if (!found.has(code) && !NOT_CODES.some((pattern) => pattern.test(code))) found.set(code, path);
  }
  return found;
}

interface Documented {
  readonly code: string;
  readonly section: string;
  readonly cells: readonly string[];
}

function documentedCodes(): readonly Documented[] {
  return read("docs/errors.md")
    .split(/^## /m)
    .slice(1)
    .flatMap((text) => {
      const section = text.slice(0, text.indexOf("\n"));
      return [...text.matchAll(/^\| `(\w+)`\s*\|(.*)\|$/gm)].map(([, code = "", rest = ""]) => ({
        ...{ code, section },
        cells: rest.split("|").map((cell) => cell.trim()),
      }));
    });
}

it("docs/errors.md describes every code in the sources (add a row for each listed code)", () => {
  const documented = new Set(documentedCodes().map(({ code }) => code));
  const missing = [...codesInSources()].filter(([code]) => !documented.has(code));
  expect(missing.map(([code, path]) => `${code} (${path})`)).toEqual([]);
});

it("every code in docs/errors.md exists in the sources and is described once", () => {
  const known = codesInSources();
  const codes = documentedCodes().map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(100);
  const wrong = codes.filter((code, index) => !known.has(code) || codes.indexOf(code) !== index);
  expect(wrong).toEqual([]);
});

it("every code in the list of tools is used", () => {
  const used = codesInSources();
  const listed = [...read(LIST).matchAll(/\| "([A-Z_]+)"/g)].map(([, code]) => code as string);
  expect(listed.length).toBeGreaterThan(50);
  expect(listed.filter((code) => !used.has(code))).toEqual([]);
});

it("every row has a meaning and an advice", () => {
  const empty = documentedCodes().filter(
    ({ section, cells }) => cells.length !== (section === "Warnings" ? 2 : 3) || cells.includes(""),
  );
  expect(empty.map(({ code }) => code)).toEqual([]);
});

it("docs/errors.md has the exit codes and HTTP statuses of the sources", () => {
  const inSources = new Map<string, Set<string>>();
  for (const { text } of sources) {
    // The function's errors have an HTTP status instead.
    for (const [, code = "", status = ""] of text.matchAll(/new HandlerError\(\s*"([A-Z_]+)",\s*(\d+)/g))
      inSources.set(code, (inSources.get(code) ?? new Set()).add(status));
    for (const match of text.matchAll(/new (?!Handler)\w+Error(?:<\w+>)?\(\s*"([A-Z_]+)"/g)) {
      const [, exitCode = "1"] = /exitCode: (\d+)/.exec(callAt(text, match.index)) ?? [];
      const code = match[1] as string;
      inSources.set(code, (inSources.get(code) ?? new Set()).add(exitCode));
    }
  }
  expect(inSources.size).toBeGreaterThan(50);
  const wrong = documentedCodes().flatMap(({ code, cells: [exit = ""] }) => {
    const given = inSources.get(code);
    const isRight = given === undefined || [...given].sort().join(" or ") === exit;
    return isRight
      ? []
      : [`${code}: ${exit} in the document, ${[...given].sort().join(" or ")} in the sources`];
  });
  expect(wrong).toEqual([]);
});

/** The text of a call up to its closing parenthesis; strings in the sources have balanced parentheses. */
function callAt(text: string, from: number): string {
  let depth = 0;
  for (let at = text.indexOf("(", from); at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}
