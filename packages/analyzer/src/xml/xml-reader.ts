import type { Buffer } from "node:buffer";
import type { LogContext } from "../jtl/log-context.ts";
import { Pending } from "../jtl/pending.ts";
import type { PlainRows } from "../jtl/plain-rows.ts";
import { createPlainSamples } from "./plain-samples.ts";
import { type ResponseData, readXmlSample } from "./xml-sample.ts";
import {
  type Found,
  findTag,
  isCdata,
  isIndented,
  isProlog,
  LESS,
  MAX_SAMPLE_BYTES,
  TagNames,
} from "./xml-tags.ts";

const LINE_END = 10;

/**
 * XML bytes in, top-level samples out, one at a time; each is parsed when it is whole. JMeter escapes `<` in all
 * data, so every `<` begins a tag: a sample within a tag, within response data, or at a line's beginning while
 * another one is open shows that the one before is torn (sub-results are indented). A torn sample costs only itself.
 */
export class XmlReader {
  readonly #context: LogContext;
  readonly #names = new TagNames();
  readonly #wants: ResponseData;
  /** Created on first use: short logs and logs with client reports never need it. */
  #plain: PlainRows | undefined;
  readonly #pending = new Pending();
  /** Bytes before the pending ones. */
  #before = 0;
  /** How far the pending bytes are scanned. */
  #at = 0;
  /** The open sample tags, outermost first, and where the first one begins. */
  #open: string[] = [];
  #start = 0;
  /** Where that one's first tag ends. */
  #tagEnd = 0;
  #isLeaf = true;
  #startsLine = true;
  /** As JMeter writes: samples begin lines, sub-results are indented. */
  #startsLines = false;
  #broken = false;
  /** The sample's response data, without its tags; a begin without an end while it is open. */
  #data: { from: number; to?: number; depth: number }[] = [];
  #dataOpen = false;
  /** A torn sample was reported already; its remains are not. */
  #afterTorn = false;
  /** Absolute position of unexpected bytes between samples; -1: there are none. */
  #strayFrom = -1;
  #rootOpen = false;
  #lastByte = LINE_END;

  constructor(context: LogContext, wants: ResponseData) {
    this.#context = context;
    this.#wants = wants;
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    this.#scan(false);
  }

  end(): void {
    this.#scan(true);
    if (this.#open.length > 0) this.#tear("the sample does not end");
    this.#endStray(this.#before + this.#at);
    if (this.#rootOpen) {
      this.#context.skipped.add(
        "the end",
        "the log is not closed: JMeter was ended while it wrote, or still writes",
      );
    }
  }

  #scan(final: boolean): void {
    const bytes = this.#pending.bytes;
    this.#plain?.clear();
    for (;;) {
      const less = bytes.indexOf(LESS, this.#at);
      const textEnd = less < 0 ? bytes.length : less;
      if (this.#open.length === 0) this.#text(bytes, this.#at, textEnd);
      this.#at = textEnd;
      if (less < 0) break;
      if (this.#open.length === 0 && this.#takePlain(bytes)) continue;
      const found = findTag(bytes, less, final, this.#names);
      if (found === undefined) break;
      this.#tag(bytes, less, found);
      this.#at = found.end;
      if (this.#open.length > 0 && this.#at - this.#start > MAX_SAMPLE_BYTES)
        this.#tear(`a sample of more than ${MAX_SAMPLE_BYTES} bytes`);
    }
    if (this.#open.length > 0 && this.#at - this.#start > MAX_SAMPLE_BYTES)
      this.#tear(`a sample of more than ${MAX_SAMPLE_BYTES} bytes`);
    this.#forget(bytes);
  }

  /** Reads the plain samples that come next, if they only need to be counted. @returns whether it read any */
  #takePlain(bytes: Buffer): boolean {
    if (this.#wanted !== "only-reports" || this.#strayFrom >= 0 || !this.#isFirst(bytes, this.#at))
      return false;
    this.#plain ??= createPlainSamples(this.#context);
    const end = this.#plain.take(bytes, this.#at);
    if (end === this.#at) return false;
    this.#at = end;
    this.#startsLines = true;
    this.#afterTorn = false;
    return true;
  }

  /** Drops used bytes. */
  #forget(bytes: Buffer): void {
    const used = this.#open.length > 0 ? this.#start : this.#at;
    if (used > 0) this.#lastByte = bytes[used - 1] as number;
    this.#pending.drop(used);
    this.#before += used;
    this.#at -= used;
    this.#start -= used;
    this.#tagEnd -= used;
    for (const data of this.#data) {
      data.from -= used;
      if (data.to !== undefined) data.to -= used;
    }
  }

  #tag(bytes: Buffer, less: number, found: Found): void {
    const { tag, closes, empty, end, torn } = found;
    const depth = this.#open.length;
    if (this.#dataOpen) {
      if (isCdata(bytes, less) && !torn) return;
      this.#dataOpen = false;
      const data = this.#data[this.#data.length - 1];
      if (data !== undefined) data.to = less;
      if (tag === "responseData" && closes && !torn) return;
      this.#broken = true;
      // No sample begins within another one's data.
      const begins = tag === "sample" && !closes;
      // As JMeter writes, a sample that is not indented is not a sub-result, even behind torn data on its line.
      const isOther = this.#startsLines
        ? !isIndented(bytes, less)
        : this.#isFirst(bytes, less) === this.#startsLine;
      if (begins && depth === 1 && isOther) this.#tear("the sample does not end");
    }
    if (torn) {
      if (this.#open.length > 0) this.#broken = true;
      else if (closes || tag !== "sample") this.#stray(less);
      if (tag !== "sample") return;
    }
    if (tag === "testResults") return void this.#root(closes, less);
    if (tag === "responseData" && depth > 0 && !closes) {
      if (empty) return;
      this.#data.push({ from: end, depth });
      this.#dataOpen = true;
      return;
    }
    if (depth > 0 && !closes && tag !== "detail") this.#isLeaf = false;
    const name = found.name ?? this.#learn(bytes, less, found);
    if (name === undefined) {
      if (depth === 0 && (tag !== "other" || !isProlog(bytes, less))) this.#stray(less);
      return;
    }
    if (closes) return void this.#close(bytes, less, name, end);
    this.#begin(bytes, less, name, found);
  }

  /** The name of a sample of a class that was not seen before; undefined: it is no sample. */
  #learn(bytes: Buffer, less: number, { tag, closes, end }: Found): string | undefined {
    if (this.#open.length > 0 || tag !== "other" || closes) return undefined;
    return this.#names.learn(bytes, less, end);
  }

  #begin(bytes: Buffer, less: number, name: string, { empty, end, torn }: Found): void {
    const startsLine = this.#isFirst(bytes, less);
    if (this.#open.length > 0 && startsLine) this.#tear("the sample does not end");
    if (this.#open.length > 0) {
      if (!empty && !torn) this.#open.push(name);
      return;
    }
    // A sub-result of a torn sample is not a sample of its own.
    if (this.#startsLines && isIndented(bytes, less)) return void this.#stray(less);
    this.#endStray(this.#before + less);
    this.#start = less;
    this.#tagEnd = end;
    this.#startsLine = startsLine;
    if (startsLine) this.#startsLines = true;
    this.#afterTorn = false;
    if (torn) {
      this.#open = [name];
      return void this.#tear("the sample does not end");
    }
    if (empty) this.#whole(bytes, end);
    else this.#open.push(name);
  }

  /** Whether a tag stands at a line's beginning. */
  #isFirst(bytes: Buffer, less: number): boolean {
    return (less === 0 ? this.#lastByte : bytes[less - 1]) === LINE_END;
  }

  #close(bytes: Buffer, less: number, name: string, end: number): void {
    const opened = this.#open.pop();
    if (opened === undefined) return void this.#stray(less);
    if (opened !== name) this.#broken = true;
    if (this.#open.length > 0) return;
    if (this.#broken) this.#tear("a sample with damaged tags");
    else this.#whole(bytes, end);
  }

  #whole(bytes: Buffer, end: number): void {
    const data = this.#data.flatMap(({ from, to, depth }) => (to === undefined ? [] : [{ from, to, depth }]));
    if (bytes.subarray(this.#start, end).includes(0))
      return void this.#tear("a sample with zero bytes: the log was not written to the disk");
    const piece = {
      ...{ bytes, start: this.#start, tagEnd: this.#tagEnd, end, data },
      ...{ isLeaf: this.#isLeaf, wants: this.#wanted },
    };
    const made = readXmlSample(piece, this.#context);
    if (typeof made === "string") this.#context.skipped.add(this.#position(this.#start), made);
    else this.#context.sink.take(made);
    this.#reset();
  }

  /** A long log without reports needs no other response data. */
  get #wanted(): ResponseData {
    return this.#wants === "reports" && this.#context.sink.needsOutput === false
      ? "only-reports"
      : this.#wants;
  }

  #tear(reason: string): void {
    this.#context.skipped.add(this.#position(this.#start), reason);
    this.#reset();
    this.#afterTorn = true;
  }

  #reset(): void {
    this.#open = [];
    this.#data = [];
    this.#dataOpen = false;
    this.#broken = false;
    this.#isLeaf = true;
  }

  #root(closes: boolean, less: number): void {
    if (this.#open.length > 0) this.#tear("the sample does not end");
    this.#endStray(this.#before + less);
    this.#afterTorn = false;
    if (closes && !this.#rootOpen)
      this.#context.skipped.add("the beginning", "the log's beginning is missing");
    if (!closes && this.#rootOpen)
      this.#context.skipped.add(
        this.#position(less),
        "a run begins although the log before it was not closed",
      );
    this.#rootOpen = !closes;
  }

  /** Text between samples must be blank. */
  #text(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number;
      const isBlank = byte === 32 || (byte >= 9 && byte <= 13);
      const isMark = this.#before + at < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf);
      if (!isBlank && !isMark) return void this.#stray(at);
    }
  }

  #stray(at: number): void {
    if (!this.#afterTorn && this.#strayFrom < 0) this.#strayFrom = this.#before + at;
  }

  #endStray(to: number): void {
    if (this.#strayFrom < 0) return;
    this.#context.skipped.add(
      `byte ${this.#strayFrom + 1}`,
      `${to - this.#strayFrom} unexpected bytes between samples`,
    );
    this.#strayFrom = -1;
  }

  #position(at: number): string {
    return `byte ${this.#before + at + 1}`;
  }
}
