/** Causes of a failed connection: what the system or the runtime calls them, in words, and what to do about it. */
const CAUSES: readonly (readonly [found: RegExp, reason: string, hint?: string])[] = [
  [/ECONNREFUSED/, "nothing listens there (ECONNREFUSED)"],
  [/ENOTFOUND|EAI_AGAIN/, "its host name is unknown (ENOTFOUND)", "check the host name in the address"],
  [/WRONG_VERSION_NUMBER|EPROTO/, "it does not speak TLS", "use http:// in the address"],
  [
    /CERT|UNABLE_TO_VERIFY/,
    "its certificate is not trusted",
    "name the file of its authority as function.tls.ca in the experiment",
  ],
];

/**
 * Explains why there is no connection to a function.
 * @param problem a runtime's own words or code; empty: not known
 */
export function explainNoConnection(problem: string): { readonly reason: string; readonly hint?: string } {
  const [, reason, hint] = CAUSES.find(([found]) => found.test(problem)) ?? [];
  if (reason === undefined) return { reason: problem === "" ? "no connection" : problem };
  return { reason, ...(hint !== undefined && { hint }) };
}
