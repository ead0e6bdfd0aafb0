export { createRandom } from "@slbench/client/random";
