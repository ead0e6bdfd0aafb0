import { write } from "node:fs";

/**
 * Writes text to standard output to its last byte, without blocking signals and timers when nobody reads.
 * `process.stdout` would do the same and cost a virtual user's start 9 ms.
 * @returns false when the reader is gone
 */
export async function printAll(text: string): Promise<boolean> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const written = await writeSome(rest);
    if (written === "gone") return false;
    if (written === "later") await new Promise((resolve) => setTimeout(resolve, 1));
    else rest = rest.subarray(written);
  }
  return true;
}

function writeSome(bytes: Buffer): Promise<number | "gone" | "later"> {
  return new Promise((resolve) => {
    write(1, bytes, (error, written) => {
      if (error === null) resolve(written);
      else resolve(error.code === "EAGAIN" ? "later" : "gone");
    });
  });
}
