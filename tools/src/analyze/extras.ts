import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Analysis, forPaper } from "@slbench/analyzer";
import { execa } from "execa";
import { ToolError } from "../errors.ts";
import { findJMeter } from "../jmeter/home.ts";
import { type PictureFormat, writePicture } from "../picture.ts";
import { reportFigures } from "./figures.ts";

/**
 * Writes the report's figures as single files into `plots/` of a result folder: dark on white, for a paper.
 * @returns the folder
 */
export async function writePlots(analysis: Analysis, folder: string, format: PictureFormat): Promise<string> {
  const target = join(folder, "plots");
  await mkdir(target, { recursive: true });
  for (const { title, svg, legend } of reportFigures(analysis)) {
    const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    await writePicture(forPaper(svg, legend), join(target, `${name}.${format}`), 216);
  }
  return target;
}

/**
 * Has JMeter make its own dashboard (`-g`) of each cell's CSV log, into `cells/<cell>/dashboard/`.
 * @returns the dashboards' folders
 * @throws {ToolError} REPORT_DASHBOARD with what JMeter said
 */
export async function writeDashboards(folder: string): Promise<readonly string[]> {
  const jmeter = await findJMeter();
  const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
  const made: string[] = [];
  for (const cell of (await readdir(join(folder, "cells"))).sort()) {
    const target = join(folder, "cells", cell, "dashboard");
    await rm(target, { recursive: true, force: true }); // JMeter wants none there
    process.stderr.write(`analyze: JMeter's dashboard of ${cell} …\n`);
    const done = await execa(
      jmeter.java,
      [
        ...[
          "-Djava.awt.headless=true",
          "-jar",
          jar,
          "-g",
          join(folder, "cells", cell, "samples.csv"),
          "-o",
          target,
        ],
        ...["-j", join(folder, "cells", cell, "logs", "dashboard.log")],
      ],
      { reject: false, all: true, stdin: "ignore", timeout: 300_000 },
    );
    if (done.failed) {
      const said = (done.all ?? "").trim().split("\n").at(-1) ?? "";
      throw new ToolError("REPORT_DASHBOARD", `JMeter made no dashboard of ${cell}: ${said.slice(0, 200)}`, {
        hint: `see ${join(folder, "cells", cell, "logs", "dashboard.log")}`,
        cause: done,
      });
    }
    made.push(target);
  }
  return made;
}
