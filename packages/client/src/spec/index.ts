/** The request specification: its types, parser and checks. Pure: no files, no environment. */
export {
  checkRequestSpec,
  environmentNames,
  parseRequestSpec,
  type RequestSpecError,
} from "./check-request.ts";
export { contentTypeOf } from "./content-type.ts";
export { type Pointer, parsePointer, valueAt } from "./pointer.ts";
export * from "./request-spec.ts";
export * from "./response-spec.ts";
export { PLACEHOLDERS, type Placeholder, parseTemplate } from "./template.ts";
