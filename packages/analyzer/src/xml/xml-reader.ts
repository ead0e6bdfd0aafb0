import { Buffer } from "node:buffer";
import { Pending } from "../jtl/pending.ts";
import type { SampleSink } from "../jtl/sink.ts";
import type { SkippedList } from "../jtl/skipped-list.ts";
import { readXmlSample, type SamplePiece } from "./xml-sample.ts";
import {
  type Found,
  findTag,
  isCdata,
  isIndented,
  isProlog,
  LESS,
  MAX_SAMPLE_BYTES,
  type Tag,
} from "./xml-tags.ts";

const LINE_END = 10;

/**
 * XML bytes in, top-level samples out, one at a time; each is parsed when it is whole. JMeter escapes `<` in all
 * data, so every `<` begins a tag: a sample within a tag, within response data, or at a line's beginning while
 * another one is open shows that the one before is torn (sub-results are indented). A torn sample costs only itself.
 */
export class XmlReader {
  readonly #skipped: SkippedList;
  readonly #sink: SampleSink;
  readonly #wants: SamplePiece["wants"];
  readonly #pending = new Pending();
  /** Bytes before the pending ones. */
  #before = 0;
  /** How far the pending bytes are scanned. */
  #at = 0;
  /** The open sample tags, outermost first, and where the first one begins. */
  #open: Tag[] = [];
  #start = 0;
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

  constructor(skipped: SkippedList, sink: SampleSink, wants: SamplePiece["wants"]) {
    this.#skipped = skipped;
    this.#sink = sink;
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
      this.#skipped.add("the end", "the log is not closed: JMeter was ended while it wrote, or still writes");
    }
  }

  #scan(final: boolean): void {
    const bytes = this.#pending.bytes;
    for (;;) {
      const less = bytes.indexOf(LESS, this.#at);
      const textEnd = less < 0 ? bytes.length : less;
      if (this.#open.length === 0) this.#text(bytes, this.#at, textEnd);
      this.#at = textEnd;
      if (less < 0) break;
      const found = findTag(bytes, less, final);
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

  /** Drops used bytes. */
  #forget(bytes: Uint8Array): void {
    const used = this.#open.length > 0 ? this.#start : this.#at;
    if (used > 0) this.#lastByte = bytes[used - 1] as number;
    this.#pending.drop(used);
    this.#before += used;
    this.#at -= used;
    this.#start -= used;
    for (const data of this.#data) {
      data.from -= used;
      if (data.to !== undefined) data.to -= used;
    }
  }

  #tag(bytes: Uint8Array, less: number, { tag, closes, empty, end, torn }: Found): void {
    const depth = this.#open.length;
    if (this.#dataOpen) {
      if (isCdata(bytes, less) && !torn) return;
      this.#dataOpen = false;
      const data = this.#data[this.#data.length - 1];
      if (data !== undefined) data.to = less;
      if (tag === "responseData" && closes && !torn) return;
      this.#broken = true;
      // No sample begins within another one's data.
      const begins = (tag === "sample" || tag === "httpSample") && !closes;
      // As JMeter writes, a sample that is not indented is not a sub-result, even behind torn data on its line.
      const isOther = this.#startsLines
        ? !isIndented(bytes, less)
        : this.#isFirst(bytes, less) === this.#startsLine;
      if (begins && depth === 1 && isOther) this.#tear("the sample does not end");
    }
    if (torn) {
      if (this.#open.length > 0) this.#broken = true;
      else if (closes || (tag !== "sample" && tag !== "httpSample")) this.#stray(less);
      if (tag !== "sample" && tag !== "httpSample") return;
    }
    if (tag === "testResults") return void this.#root(closes, less);
    if (tag === "responseData" && depth > 0 && !closes) {
      if (empty) return;
      this.#data.push({ from: end, depth });
      this.#dataOpen = true;
      return;
    }
    if (tag !== "sample" && tag !== "httpSample") {
      if (depth === 0 && tag !== "other") this.#stray(less);
      else if (depth === 0 && !isProlog(bytes, less)) this.#stray(less);
      return;
    }
    if (closes) return void this.#close(bytes, less, tag, end);
    this.#begin(bytes, less, tag, empty, end, torn);
  }

  #begin(bytes: Uint8Array, less: number, tag: Tag, empty: boolean, end: number, torn: boolean): void {
    const startsLine = this.#isFirst(bytes, less);
    if (this.#open.length > 0 && startsLine) this.#tear("the sample does not end");
    if (this.#open.length > 0) {
      if (!empty && !torn) this.#open.push(tag);
      return;
    }
    // A sub-result of a torn sample is not a sample of its own.
    if (this.#startsLines && isIndented(bytes, less)) return void this.#stray(less);
    this.#endStray(this.#before + less);
    this.#start = less;
    this.#startsLine = startsLine;
    if (startsLine) this.#startsLines = true;
    this.#afterTorn = false;
    if (torn) {
      this.#open = [tag];
      return void this.#tear("the sample does not end");
    }
    if (empty) this.#whole(bytes, end);
    else this.#open.push(tag);
  }

  /** Whether a tag stands at a line's beginning. */
  #isFirst(bytes: Uint8Array, less: number): boolean {
    return (less === 0 ? this.#lastByte : bytes[less - 1]) === LINE_END;
  }

  #close(bytes: Uint8Array, less: number, tag: Tag, end: number): void {
    const opened = this.#open.pop();
    if (opened === undefined) return void this.#stray(less);
    if (opened !== tag) this.#broken = true;
    if (this.#open.length > 0) return;
    if (this.#broken) this.#tear("a sample with damaged tags");
    else this.#whole(bytes, end);
  }

  #whole(bytes: Uint8Array, end: number): void {
    const data = this.#data.flatMap(({ from, to, depth }) => (to === undefined ? [] : [{ from, to, depth }]));
    const own = Buffer.from(bytes.buffer, bytes.byteOffset + this.#start, end - this.#start);
    // Buffer's search: ten times as fast as a typed array's.
    if (own.includes(0))
      return void this.#tear("a sample with zero bytes: the log was not written to the disk");
    const made = readXmlSample({ bytes, start: this.#start, end, data, wants: this.#wants });
    if (typeof made === "string") this.#skipped.add(this.#position(this.#start), made);
    else this.#sink.take(made);
    this.#reset();
  }

  #tear(reason: string): void {
    this.#skipped.add(this.#position(this.#start), reason);
    this.#reset();
    this.#afterTorn = true;
  }

  #reset(): void {
    this.#open = [];
    this.#data = [];
    this.#dataOpen = false;
    this.#broken = false;
  }

  #root(closes: boolean, less: number): void {
    if (this.#open.length > 0) this.#tear("the sample does not end");
    this.#endStray(this.#before + less);
    this.#afterTorn = false;
    if (closes && !this.#rootOpen) this.#skipped.add("the beginning", "the log's beginning is missing");
    if (!closes && this.#rootOpen)
      this.#skipped.add(this.#position(less), "a run begins although the log before it was not closed");
    this.#rootOpen = !closes;
  }

  /** Text between samples must be blank. */
  #text(bytes: Uint8Array, from: number, to: number): void {
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
    this.#skipped.add(
      `byte ${this.#strayFrom + 1}`,
      `${to - this.#strayFrom} unexpected bytes between samples`,
    );
    this.#strayFrom = -1;
  }

  #position(at: number): string {
    return `byte ${this.#before + at + 1}`;
  }
}
