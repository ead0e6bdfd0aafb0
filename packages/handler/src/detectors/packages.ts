import { createRequire } from "node:module";

/** Names a file of the folder that resolves the detectors' packages; unset: they are installed beside the handler. */
export const PACKAGES_VARIABLE = "SLBENCH_DETECTOR_PACKAGES";

/** Loads and resolves the detectors' packages, which are optional peers: a handler without ML needs none. */
export const requireDetector = (): NodeJS.Require =>
  createRequire(process.env[PACKAGES_VARIABLE] || import.meta.url);
