import type { PictureFormat } from "../picture/codec.ts";

/** The form of response that a caller wants. */
export interface ResponseForm {
  readonly kind: "json" | "text" | "picture";
  /** The picture's format, if the caller named one. */
  readonly format?: PictureFormat;
}

const FORMS: Readonly<Record<string, ResponseForm>> = {
  "application/json": { kind: "json" },
  "application/*": { kind: "json" },
  "*/*": { kind: "json" },
  "text/plain": { kind: "text" },
  "text/*": { kind: "text" },
  "image/jpeg": { kind: "picture", format: "jpeg" },
  "image/png": { kind: "picture", format: "png" },
  "image/*": { kind: "picture" },
};

/**
 * The form that an `Accept` header prefers: highest q first, then the written order. Returns JSON if the
 * header names no supported type (RFC 9110, 12.5.1 leaves that to the server).
 */
export function readAccept(header: string): ResponseForm {
  const preferences = header.split(",").flatMap((entry) => {
    const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? 1);
    const form = FORMS[type];
    return form === undefined || !(weight > 0) ? [] : [{ form, weight }];
  });
  preferences.sort((a, b) => b.weight - a.weight);
  return preferences[0]?.form ?? { kind: "json" };
}
