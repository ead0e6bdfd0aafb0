/**
 * The built-in function that blurs faces, and the local gateway that hosts any function.
 * @module @slbench/handler
 */
export { type DeployOptions, type DeployStep, deploySteps } from "./deploy-steps.ts";
export type { Backend, FaceDetector } from "./detector.ts";
export { HandlerError } from "./errors.ts";
export {
  type AutoscaleOptions,
  type FunctionMode,
  type GatewayOptions,
  gatewayDefaults,
  type ReplicaChange,
} from "./gateway/options.ts";
export { type LocalFunction, type LocalFunctionOptions, startLocalFunction } from "./gateway/start.ts";
export type { Box, Face, Image } from "./picture/image.ts";
