// The template installs before it copies anything but *.json, so the packed handler cannot be a dependency
// in package.json. What it runs after copying is `npm test`, which installs the handler and comes here.

// biome-ignore lint/correctness/noUndeclaredDependencies: `npm test` installs it (check.js)
import("@slbench/handler/function")
  .then(({ createFaceBlur }) => createFaceBlur({ SLBENCH_BACKEND: "wasm" }))
  .then(({ backend }) => console.log(`the function loads, on the ${backend} backend`));
