import { access } from "node:fs/promises";

/** Whether a file or folder exists and is visible to us. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
