export { createRandom } from "./random.ts";
export * from "./report.ts";
export * from "./request-spec.ts";
export { BUILD, VERSION } from "./version.ts";
