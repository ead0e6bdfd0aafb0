/**
 * What one virtual user sends and reports: the request, the report on stdout and the journal.
 * @module @slbench/client
 */
export { createRedactor, type ResolvedHeaders, resolveHeaders } from "./http/headers.ts";
export { createRandom } from "./random.ts";
export * from "./report/index.ts";
export * from "./spec/index.ts";
export { BUILD, VERSION } from "./version.ts";
