import { overLimit } from "./archive-errors.ts";

/** Limits for unpacking an untrusted archive. */
export interface UnpackLimits {
  /** Unpacked size including headers and padding. */
  readonly maxBytes: number;
  /** Files and folders. */
  readonly maxFiles: number;
  /** Unpacked to packed bytes: text reaches 5 to 30, a zip bomb 1000. */
  readonly maxRatio: number;
  readonly maxSeconds: number;
}

export const DEFAULT_LIMITS: UnpackLimits = {
  maxBytes: 4e9,
  maxFiles: 50_000,
  maxRatio: 200,
  maxSeconds: 600,
};

/** A high ratio below this size is harmless: small archives of empty files have one. */
const RATIO_FROM_BYTES = 16 << 20;
/** Counts what was unpacked so far; throws FILE_OVER_LIMIT. */
export interface Meter {
  packed(bytes: number): void;
  unpacked(bytes: number): void;
  /** Checks the size that a header announces before its content arrives. */
  announced(bytes: number): void;
  entry(): void;
}

export function createMeter(archive: string, limits: UnpackLimits): Meter {
  const { maxBytes, maxFiles, maxRatio, maxSeconds } = limits;
  const deadline = performance.now() + 1000 * maxSeconds;
  let [packed, unpacked, entries] = [0, 0, 0];
  const checkSize = (bytes: number) => {
    if (bytes > maxBytes) throw overLimit(archive, `unpacks to more than ${maxBytes / 1e6} MB`, "--max-size");
  };
  return {
    packed: (bytes) => {
      packed += bytes;
    },
    unpacked: (bytes) => {
      unpacked += bytes;
      checkSize(unpacked);
      if (unpacked > RATIO_FROM_BYTES && unpacked > maxRatio * packed)
        throw overLimit(archive, `unpacks to more than ${maxRatio} times its size`, "--max-ratio");
      if (performance.now() > deadline)
        throw overLimit(archive, `takes longer than ${maxSeconds} s to unpack`, "--max-time");
    },
    announced: (bytes) => checkSize(bytes),
    entry: () => {
      if (++entries > maxFiles)
        throw overLimit(archive, `holds more than ${maxFiles} files and folders`, "--max-files");
    },
  };
}
