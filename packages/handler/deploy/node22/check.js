// The template copies only *.json before it installs, so the packed handler cannot be a dependency in
// package.json. After copying the rest, the template runs `npm test`, which installs the handler and runs this.

// biome-ignore lint/correctness/noUndeclaredDependencies: `npm test` installs it (check.js)
import("@slbench/handler/function")
  .then(({ createFaceBlur }) => createFaceBlur({ SLBENCH_BACKEND: "wasm" }))
  .then(({ backend }) => console.log(`the function loads with the ${backend} backend`));
