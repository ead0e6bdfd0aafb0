import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The examples that slbench brings. */
export const examplesFolder = fileURLToPath(new URL("../../examples/", import.meta.url));

/**
 * A path that the user gave, or the bundled example of that name if there is no such file: `examples/quick.yaml` works
 * in any folder.
 */
export function fileOrExample(path: string): string {
  const [, name] = /^(?:\.\/)?examples\/(.+)$/.exec(path) ?? [];
  if (name === undefined || existsSync(path)) return resolve(path);
  const bundled = resolve(examplesFolder, name);
  return existsSync(bundled) ? bundled : resolve(path);
}
