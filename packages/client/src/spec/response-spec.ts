import type { Pointer } from "./pointer.ts";

/** A place in the response: in its JSON (in a stream: in the last event that has it), or a header. */
export type Source = { readonly json: Pointer } | { readonly header: string };

export type TimeUnit = "s" | "ms" | "us";
/** `serverTiming`: the duration of a metric in the header `Server-Timing`, whose unit is the millisecond. */
export type TimeSource = (Source & { readonly unit?: TimeUnit }) | { readonly serverTiming: string };

/** The forms of the face-blur function's responses, which have a fast reader of their own. */
export type ResponseForm = "slblur-json" | "slblur-text" | "slblur-image";
export type StreamKind = "sse" | "lines" | "chunks";

/** When a response counts as valid; every given condition must hold. */
export interface ValidSpec {
  /** Default: 200 to 299. */
  readonly status?: number | readonly number[];
  /** Required value per pointer; `present` accepts any value but null. */
  readonly json?: Readonly<Record<Pointer, string | number | boolean>>;
  /** A regular expression that the body's text must match. */
  readonly text?: string;
  /** A folder with the expected response per payload, in a file of the payload's name. */
  readonly expected?: string;
}

export interface ResponseSpec {
  /** Name of the preset that the lines below come from, for the report. */
  readonly preset?: string;
  readonly form?: ResponseForm;
  readonly valid: ValidSpec;
  /** `mlSeconds`, `handlerSeconds`, or any other name that ends in `Seconds`. */
  readonly times?: Readonly<Record<string, TimeSource>>;
  readonly coldStart?: Source;
  readonly replica?: Source;
  readonly faces?: Source;
  readonly backend?: Source;
  /** What the function produces, for example tokens. */
  readonly units?: Source & { readonly name: string };
  readonly stream?: StreamKind;
  /**
   * Streams only: the events that count are those with a value, not "" or [], at one of these. Default: every event.
   */
  readonly content?: readonly Pointer[];
  /** Share of response bodies, 0 to 1, that `--output` keeps. */
  readonly save?: number;
}
