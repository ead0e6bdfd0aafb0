import { lookup } from "node:dns/promises";
import { hostname } from "node:os";
import type { Finding } from "./finding.ts";

/**
 * Whether a machine's own name resolves. JMeter looks it up for every sample that it sends or writes, and loses the
 * sample if it finds nothing.
 * @param find throws if the name does not resolve
 *
 * @example
 * ```ts
 * await checkHostName("nowhere", async () => { throw new Error("ENOTFOUND"); }); // a warning with its fix
 * ```
 */
export async function checkHostName(
  name: string = hostname(),
  find: (name: string) => Promise<unknown> = lookup,
): Promise<Finding> {
  try {
    await find(name);
    return { state: "ok", what: "name", found: `${name} resolves` };
  } catch {
    return unresolved("name", name, `echo '127.0.1.1 ${name}' | sudo tee -a /etc/hosts`);
  }
}

/** The finding of a machine whose name does not resolve. */
export const unresolved = (what: string, name: string, fix: string): Finding => ({
  state: "warning",
  what,
  found: `${name} does not resolve, so JMeter will lose samples (the users' journals replace them)`,
  fix,
});
