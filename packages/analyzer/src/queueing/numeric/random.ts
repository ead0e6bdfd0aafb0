export { drawNormal } from "../../stats/draw-normal.ts";
export { createRandom } from "../../stats/random.ts";
