/** How often a return code came, and how often JMeter recorded the sample as failed. */
export interface CodeCount {
  readonly count: number;
  readonly failed: number;
}

/** Codes that HTTP has, or what JMeter writes for a request without a response; 101 opens a WebSocket. */
const isHttpCode = (code: string) =>
  /^(101|20[0-8]|226|30[0-8]|4[0-4]\d|451|499|5[0-2]\d|Non HTTP .*)$/s.test(code);

/** A process that failed, whatever JMeter recorded. */
const isFailedProcess = (code: string) => code !== "0" && /^\d+$/.test(code);

const MAX_CODES = 1000;
const OTHER = "other";

/** Counts the samples of one label by return code. */
export class CodeCounts implements Iterable<readonly [code: string, CodeCount]> {
  readonly #codes = new Map<string, { count: number; failed: number }>();
  #lastCode = "";
  #last: { count: number; failed: number } | undefined;

  /** @param count how many samples @param failed how many of them JMeter recorded as failed */
  add(code: string, count: number, failed: number): void {
    if (this.#last === undefined || code !== this.#lastCode) {
      this.#last = this.#entry(code);
      this.#lastCode = code;
    }
    this.#last.count += count;
    this.#last.failed += failed;
  }

  merge(others: Iterable<readonly [code: string, CodeCount]>): void {
    for (const [code, { count, failed }] of others) this.add(code, count, failed);
  }

  /** Whether the limit of distinct codes is reached: further ones are counted together. */
  get isFull(): boolean {
    return this.#codes.size >= MAX_CODES;
  }

  [Symbol.iterator](): Iterator<readonly [code: string, CodeCount]> {
    return this.#codes.entries();
  }

  /** Whether most codes are such as HTTP does not have: then the samples are processes. */
  get areProcesses(): boolean {
    let processes = 0;
    let requests = 0;
    for (const [code, { count }] of this.#codes) {
      if (isHttpCode(code)) requests += count;
      else if (/^\d+$/.test(code)) processes += count;
    }
    return processes > requests;
  }

  /** Whether all codes are HTTP's. */
  get areRequests(): boolean {
    return [...this.#codes.keys()].every(isHttpCode);
  }

  /** The processes that failed, by code: a code other than 0 is a failure whatever JMeter recorded. */
  get failedProcesses(): readonly { readonly code: string; readonly count: number }[] {
    return [...this.#codes].flatMap(([code, { count, failed }]) => {
      const failures = isFailedProcess(code) ? count : failed;
      return failures > 0 ? [{ code, count: failures }] : [];
    });
  }

  /** How often each code came, in the order of the codes. */
  get byCode(): Readonly<Record<string, number>> {
    const sorted = [...this.#codes].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([code, { count }]) => [code, count]));
  }

  #entry(code: string): { count: number; failed: number } {
    const name = this.#codes.has(code) || !this.isFull ? code : OTHER;
    let entry = this.#codes.get(name);
    if (entry === undefined) {
      entry = { count: 0, failed: 0 };
      this.#codes.set(name, entry);
    }
    return entry;
  }
}
