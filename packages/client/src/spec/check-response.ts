import { type Fields, fieldsOf, headerValue, inRange, known, oneOf, show, string } from "./field-checks.ts";
import { parsePointer } from "./pointer.ts";
import type { ResponseSpec } from "./response-spec.ts";

const FORMS = ["slblur-json", "slblur-text", "slblur-image"];

/** The response part of a request specification. */
export function readResponseSpec(value: unknown, problems: string[]): ResponseSpec {
  const response = fieldsOf(value, "response", problems);
  known(response, "response.", problems, [
    ...["preset", "form", "valid", "times", "coldStart", "replica", "faces", "backend", "units", "stream"],
    ...["content", "save"],
  ]);
  if (response.preset !== undefined) string(response.preset, "response.preset", problems);
  if (response.form !== undefined) oneOf(response.form, FORMS, "response.form", problems);
  const valid = fieldsOf(response.valid ?? {}, "response.valid", problems);
  checkValid(valid, problems);
  for (const [name, source] of Object.entries(fieldsOf(response.times ?? {}, "response.times", problems))) {
    if (!/^[A-Za-z][A-Za-z0-9]*Seconds$/.test(name))
      problems.push(`response.times.${name}: a time's name ends in Seconds, for example ${name}Seconds`);
    checkTimeSource(source, `response.times.${name}`, problems);
  }
  for (const name of ["coldStart", "replica", "faces", "backend"])
    if (response[name] !== undefined) checkSource(response[name], `response.${name}`, problems);
  if (response.units !== undefined) {
    checkSource(response.units, "response.units", problems, ["name"]);
    const { name } = fieldsOf(response.units, "", []);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(string(name, "response.units.name", problems)))
      problems.push(`response.units.name is ${show(name)}: use letters and digits, for example tokens`);
  }
  if (response.stream !== undefined)
    oneOf(response.stream, ["sse", "lines", "chunks"], "response.stream", problems);
  if (response.content !== undefined) checkContent(response, problems);
  if (response.save !== undefined) inRange(response.save, 0, 1, "response.save", problems);
  return { ...response, valid } as ResponseSpec;
}

function checkValid(valid: Fields, problems: string[]): void {
  known(valid, "response.valid.", problems, ["status", "json", "text", "expected"]);
  if (valid.status !== undefined) {
    const codes = Array.isArray(valid.status) ? valid.status : [valid.status];
    if (codes.length === 0 || !codes.every((code) => Number.isInteger(code) && code >= 200 && code <= 599))
      problems.push(`response.valid.status is ${show(valid.status)}: give one or more codes from 200 to 599`);
  }
  for (const [pointer, wanted] of Object.entries(
    fieldsOf(valid.json ?? {}, "response.valid.json", problems),
  )) {
    if (parsePointer(pointer) === undefined)
      problems.push(`response.valid.json: ${show(pointer)} is no JSON Pointer such as /label`);
    if (!["string", "number", "boolean"].includes(typeof wanted))
      problems.push(
        `response.valid.json: ${pointer} is ${show(wanted)}: give present, a text, a number or a boolean`,
      );
  }
  if (valid.text !== undefined) {
    try {
      new RegExp(string(valid.text, "response.valid.text", problems), "u");
    } catch (error) {
      problems.push(`response.valid.text: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (valid.expected !== undefined) string(valid.expected, "response.valid.expected", problems);
}

function checkContent({ content, stream }: Fields, problems: string[]): void {
  if (stream === undefined) problems.push("response.content is for streams: set response.stream");
  if (!Array.isArray(content) || content.length === 0) {
    problems.push(`response.content is ${show(content)}, not a list of JSON Pointers`);
    return;
  }
  for (const pointer of content)
    if (typeof pointer !== "string" || parsePointer(pointer) === undefined)
      problems.push(`response.content: ${show(pointer)} is no JSON Pointer such as /choices/0/delta/content`);
}

function checkSource(value: unknown, name: string, problems: string[], more: readonly string[] = []): void {
  const source = fieldsOf(value, name, problems);
  known(source, `${name}.`, problems, ["json", "header", ...more]);
  if ((source.json === undefined) === (source.header === undefined))
    problems.push(`${name}: give either json or header`);
  if (source.json !== undefined && parsePointer(string(source.json, `${name}.json`, problems)) === undefined)
    problems.push(`${name}.json is ${show(source.json)}, not a JSON Pointer such as /usage/tokens`);
  if (source.header !== undefined) headerValue(source.header, `${name}.header`, problems);
}

function checkTimeSource(value: unknown, name: string, problems: string[]): void {
  const { serverTiming, unit } = fieldsOf(value, "", []);
  if (serverTiming === undefined) {
    checkSource(value, name, problems, ["unit"]);
    if (unit !== undefined) oneOf(unit, ["s", "ms", "us"], `${name}.unit`, problems);
    return;
  }
  known(fieldsOf(value, name, problems), `${name}.`, problems, ["serverTiming"]);
  headerValue(serverTiming, `${name}.serverTiming`, problems);
}
