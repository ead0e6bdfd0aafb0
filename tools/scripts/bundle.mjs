// Bundles the command line into dist/bundle: Node loads a few large files sooner than hundreds of small ones. Other
// authors' packages stay outside, with their licences, and so does the handler, which runs in processes of its own.
import { readdir, readFile, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const toolsDir = fileURLToPath(new URL("..", import.meta.url));
const target = join(toolsDir, "dist", "bundle");
const INLINED = /^@slbench\/(analyzer|client|jmeter-plans)(\/|$)/;

/**
 * Writes the bundle and removes what an earlier one left.
 * @param folder where to
 * @param manifest tools/package.json; an installed slbench has only the packages that it lists
 * @returns the names of the files
 */
export async function makeBundle({ folder = target, manifest } = {}) {
  const { dependencies, peerDependencies } =
    manifest ?? JSON.parse(await readFile(join(toolsDir, "package.json"), "utf8"));
  const checkListed = (id, user) => {
    const name = id
      .split("/")
      .slice(0, id.startsWith("@") ? 2 : 1)
      .join("/");
    if (!isBuiltin(id) && !Object.hasOwn({ ...dependencies, ...peerDependencies }, name))
      throw new Error(`${user} needs ${name}: add it to the dependencies in tools/package.json`);
  };
  const bundle = await rolldown({
    input: join(toolsDir, "src", "main.ts"),
    platform: "node",
    external: (id, importer, isResolved) =>
      importer !== undefined && !isResolved && !id.startsWith(".") && !INLINED.test(id),
    resolve: { conditionNames: ["@slbench/source", "node", "import"] },
    // Chunks must not import an entry: main.ts is not done before its command is.
    preserveEntrySignatures: "strict",
    // No module does anything when it is loaded, entries apart: those that a chunk does not use stay out.
    treeshake: { moduleSideEffects: false },
    plugins: [keepAddresses(checkListed)],
    logLevel: "warn",
  });
  const { output } = await bundle.write({
    dir: folder,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  const names = output.map(({ fileName }) => fileName);
  for (const { imports, dynamicImports, fileName } of output)
    for (const id of [...imports, ...dynamicImports]) if (!names.includes(id)) checkListed(id, fileName);
  for (const name of await readdir(folder)) if (!names.includes(name)) await rm(join(folder, name));
  return names;
}

/** Makes what a module finds by its own address be found from the bundle, too. */
function keepAddresses(checkListed) {
  return {
    name: "keep-addresses",
    transform(code, id) {
      const folder = dirname(id);
      for (const [, path] of code.matchAll(/ownModule\(import\.meta\.url, "(.+?)"\)/g)) {
        if (dirname(path) !== ".") throw new Error(`${id}: move ${path} into this module's folder`);
        this.emitFile({ type: "chunk", id: resolve(folder, `${path}.ts`), fileName: `${basename(path)}.js` });
      }
      for (const [, path] of code.matchAll(/new URL\("(.+?)", import\.meta\.url\)/g))
        if (resolve(folder, path) !== resolve(target, path))
          throw new Error(`${id}: ${path} is another file from ${target}`);
      for (const [, name] of code.matchAll(/createRequire\(import\.meta\.url\)\("(.+?)"\)/g))
        checkListed(name, id);
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await makeBundle();
