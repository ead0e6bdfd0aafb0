import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Analysis, forPaper, reportFigures } from "@slbench/analyzer";
import { execa } from "execa";
import { exists } from "../exists.ts";
import { findJMeter } from "../jmeter/home.ts";
import { type PictureFormat, writePicture } from "../picture.ts";

/**
 * Writes the report's figures as single files into `plots/` of a result folder: dark on white, for a paper.
 * @returns the folder
 */
export async function writePlots(analysis: Analysis, folder: string, format: PictureFormat): Promise<string> {
  const target = join(folder, "plots");
  await mkdir(target, { recursive: true });
  for (const { title, svg, legend } of reportFigures(analysis).figures) {
    const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    await writePicture(forPaper(svg, legend), join(target, `${name}.${format}`), 216);
  }
  return target;
}

/**
 * Has JMeter make its own dashboard (`-g`) of each cell's CSV log, into `cells/<cell>/dashboard/`. Where it cannot,
 * that is said on standard error, the exit code is 1, and the others are made.
 * @returns the dashboards' folders
 */
export async function writeDashboards(folder: string): Promise<readonly string[]> {
  const jmeter = await findJMeter();
  const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
  const made: string[] = [];
  for (const cell of (await readdir(join(folder, "cells"))).sort()) {
    const cellFolder = join(folder, "cells", cell);
    const [log, target] = [join(cellFolder, "samples.csv"), join(cellFolder, "dashboard")];
    await rm(target, { recursive: true, force: true }); // JMeter wants none there
    process.stderr.write(`analyze: JMeter's dashboard of ${cell} …\n`);
    if (!(await exists(log))) {
      failed(cell, `there is no ${log}`, "it needs the CSV log of a Simple Data Writer");
      continue;
    }
    const report = join(cellFolder, "logs", "dashboard.log");
    await mkdir(join(cellFolder, "logs"), { recursive: true });
    const done = await execa(
      jmeter.java,
      ["-Djava.awt.headless=true", "-jar", jar, "-g", log, "-o", target, "-j", report],
      { reject: false, all: true, stdin: "ignore", timeout: 300_000 },
    );
    if (done.failed) failed(cell, (done.all ?? "").trim().split("\n").at(-1) ?? "", `see ${report}`);
    else made.push(target);
  }
  return made;
}

function failed(cell: string, why: string, hint: string): void {
  process.stderr.write(`JMeter made no dashboard of ${cell}: ${why.slice(0, 200)}\n  ${hint}\n`);
  process.exitCode ??= 1;
}
