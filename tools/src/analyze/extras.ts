import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ReportFigure, renderChart } from "@slbench/analyzer";
import { execa } from "execa";
import { exists } from "../exists.ts";
import { findJMeter } from "../jmeter/home.ts";
import { makeInside, removeInside, writeInside } from "../output-file.ts";
import { type PictureFormat, renderPicture } from "../picture.ts";

/**
 * Writes the report's figures as files into `plots/` of a result folder, dark on white.
 * @returns that folder
 */
export async function writePlots(
  figures: readonly ReportFigure[],
  folder: string,
  format: PictureFormat,
): Promise<string> {
  const target = await makeInside(folder, "plots");
  for (const { title, chart } of figures) {
    const name = `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.${format}`;
    await writeInside(
      folder,
      join("plots", name),
      await renderPicture(renderChart(chart, { forFile: true }), name, 216),
    );
  }
  return target;
}

/**
 * Runs JMeter's dashboard generator (`-g`) on each cell's CSV log, into `cells/<cell>/dashboard/`. If one fails, prints
 * the reason, sets exit code 1 and continues with the next cell.
 * @returns the dashboards' folders
 */
export async function writeDashboards(folder: string): Promise<readonly string[]> {
  const jmeter = await findJMeter();
  const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
  const made: string[] = [];
  for (const cell of (await readdir(join(folder, "cells"))).sort()) {
    const cellFolder = join(folder, "cells", cell);
    const [log, target] = [join(cellFolder, "samples.csv"), join(cellFolder, "dashboard")];
    await removeInside(folder, join("cells", cell, "dashboard"), { recursive: true }); // JMeter refuses an existing folder
    process.stderr.write(`analyze: creating JMeter's dashboard for ${cell} …\n`);
    if (!(await exists(log))) {
      failed(cell, `${log} is missing`, "record a CSV log with a Simple Data Writer");
      continue;
    }
    const report = join(cellFolder, "logs", "dashboard.log");
    // JMeter would follow a link.
    await removeInside(folder, join("cells", cell, "logs", "dashboard.log"));
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
  process.stderr.write(`JMeter created no dashboard for ${cell}: ${why.slice(0, 200)}\n  ${hint}\n`);
  process.exitCode ??= 1;
}
