/** The system that runs the clients: how a process gets its arguments differs. */
export type Platform = "posix" | "windows";

/**
 * Makes an argument arrive unchanged. On POSIX, Java hands the list over as it is. On Windows it joins the
 * arguments to one line: it puts quotes around blanks by itself but leaves quotes inside alone, so this function
 * escapes them by the rule of Microsoft's C runtime (2n + 1 backslashes before a quote mean n and a quote).
 */
export function processArgument(text: string, platform: Platform): string {
  if (platform === "posix" || (text !== "" && !/[\s"]/.test(text))) return text;
  return `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** The inverse of processArgument(). */
export function readProcessArgument(value: string, platform: Platform): string {
  if (platform === "posix" || !/^".*"$/s.test(value)) return value;
  return value
    .slice(1, -1)
    .replace(/(\\+)$/, (backslashes) => backslashes.slice(backslashes.length / 2))
    .replaceAll(/(\\+)"/g, (found) => `${"\\".repeat((found.length - 2) / 2)}"`);
}
