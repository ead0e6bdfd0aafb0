import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences that allow slbench to depend on a package and stay under the MIT licence. */
const ALLOWED = ["MIT", "ISC", "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "Zlib"];

/** Packages under another licence, or without the field, and why they are allowed. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "@img/sharp-": "prebuilt libvips under the LGPL, loaded as a shared library",
  "@fontsource/": "fonts under the OFL-1.1, which may be embedded in any document",
  "png-js": "MIT, as its LICENSE file states",
};

it("every package that npm installs with slbench has a compatible licence", () => {
  const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const shipped = Object.entries(lock.packages).filter(
    ([path, { dev, link }]) => path.includes("node_modules/") && dev !== true && link !== true,
  );
  expect(shipped.length).toBeGreaterThan(50);
  const refused = shipped.flatMap(([path, { license = "none" }]) => {
    const name = path.split("node_modules/").at(-1) ?? "";
    const names = license.replaceAll(/[()]/g, "").split(/ AND | OR /);
    const isException = Object.keys(EXCEPTIONS).some((prefix) => name.startsWith(prefix));
    return isException || names.every((one) => ALLOWED.includes(one)) ? [] : [`${name}: ${license}`];
  });
  expect(refused).toEqual([]);
});

test.each(["packages/client", "packages/handler", "packages/jmeter-plans", "packages/analyzer", "tools"])(
  "%s is published with the licence",
  (project) => {
    const read = (folder: string) => readFileSync(new URL(`../../${folder}LICENSE`, import.meta.url), "utf8");
    expect(read(`${project}/`)).toBe(read(""));
  },
);
