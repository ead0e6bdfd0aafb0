export { createRandom } from "./random.ts";
export * from "./report.ts";
export { BUILD, VERSION } from "./version.ts";
