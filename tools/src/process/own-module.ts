/**
 * Address of a module of ours that is run as a process or a thread: beside the caller, in the sources or as it was built.
 * @param caller its `import.meta.url`
 * @param path relative to the caller, without extension
 *
 * @example
 * ```ts
 * ownModule("file:///slbench/dist/run.js", "./worker").href; // "file:///slbench/dist/worker.js"
 * ```
 */
export function ownModule(caller: string, path: string): URL {
  return new URL(`${path}${caller.endsWith(".ts") ? ".ts" : ".js"}`, caller);
}
