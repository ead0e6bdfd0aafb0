import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { exists } from "../files/exists.ts";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Copies a program's folder and its packages into a fixed layout that does not depend on npm's. A compiler that names
 * parts of its output after input paths then gives the same bytes everywhere.
 *
 * @param entry the program's first file; its package is the folder above its own
 * @param work an empty folder
 * @returns the copy's first file, relative to `work`
 */
export async function stageSources(entry: string, work: string): Promise<string> {
  const sources = dirname(entry);
  const root = dirname(sources);
  await cp(sources, join(work, "src"), {
    recursive: true,
    filter: (path) => !/\.(test|bench)\.\w+$/.test(path) && basename(path) !== "testing",
  });
  await cp(join(root, "package.json"), join(work, "package.json"));
  await stagePackages(root, work, work, new Map());
  return join("src", relative(sources, entry));
}

/** Flat like npm; a second version of a package goes below the package that needs it. */
async function stagePackages(
  from: string,
  to: string,
  top: string,
  staged: Map<string, string>,
): Promise<void> {
  const manifest = JSON.parse(await readFile(join(from, "package.json"), "utf8")) as Manifest;
  for (const name of Object.keys(manifest.dependencies ?? {}).sort()) {
    const folder = await packageFolder(name, from);
    if (folder === undefined || staged.get(name) === folder) continue;
    const isFirst = !staged.has(name);
    const target = join(isFirst ? top : to, "node_modules", name);
    if (isFirst) staged.set(name, folder);
    const nested = join(folder, "node_modules");
    await cp(folder, target, { recursive: true, dereference: true, filter: (path) => path !== nested });
    await stagePackages(folder, target, top, staged);
  }
}

/** Searches Node's folders, because packages need not export their package.json. */
async function packageFolder(name: string, from: string): Promise<string | undefined> {
  for (const folder of createRequire(join(from, "index.js")).resolve.paths(name) ?? [])
    if (await exists(join(folder, name, "package.json"))) return join(folder, name);
  return undefined;
}
