import type { ResponseSpec } from "./response-spec.ts";

/**
 * The request specification: what a virtual user sends and how it reads the response. Pure: no files, no
 * environment. `slbench` writes one per experiment; it can also be written by hand (docs/data-formats.md).
 */
export const REQUEST_SCHEMA = "slbench.request/1";

/** `binary`: the payload as it is; `base64`: as base64 text. Only for a body without template. */
export type Encode = "binary" | "base64";

export interface RequestSpec {
  readonly schema: typeof REQUEST_SCHEMA;
  readonly url: string;
  readonly method: string;
  /** Values may hold `${env:NAME}`, which the client replaces from its own environment when it starts. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** `ca` is PEM text; `insecure` accepts any certificate. */
  readonly tls?: { readonly ca?: string; readonly insecure?: boolean };
  /** A folder of files, a text file with one payload per line, or no payload. */
  readonly payloads: "files" | "lines" | "none";
  /** Default: by the payload's file name. */
  readonly contentType?: string;
  readonly encode: Encode;
  /** Template with the placeholders of {@link PLACEHOLDERS}. */
  readonly body?: string;
  /** Sends the payload as a file of a form (multipart/form-data). */
  readonly multipart?: {
    readonly field: string;
    /** Default: the payload's name. */
    readonly filename?: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** `per-user`: shuffled with the user's name and seed, so that users send in different orders. */
  readonly order: "same" | "per-user";
  readonly response: ResponseSpec;
}
