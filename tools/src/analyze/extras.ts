import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fitWidth, type ReportFigure, renderChart } from "@slbench/analyzer";
import { execa } from "execa";
import { exists } from "../files/exists.ts";
import { makeInside, removeInside, writeInside } from "../files/output-file.ts";
import { type PictureFormat, paperPixels, renderPicture, sizedSvg } from "../files/picture.ts";
import { findJMeter } from "../jmeter/home.ts";

/** Dots per inch of a PNG: on a page of its own, and in a column of a paper. */
const [DENSITY, PAPER_DENSITY] = [216, 300];
/** Layouts up to this width, pixels, use a figure's narrow drawing. */
const NARROW_PX = 450;

/**
 * Writes the report's figures as files into `plots/` of a result folder, dark on white.
 * @param widthPoints of a column of a paper: its figures have no title, which the paper's caption is
 * @returns that folder
 */
export async function writePlots(
  figures: readonly ReportFigure[],
  folder: string,
  format: PictureFormat,
  widthPoints?: number,
): Promise<string> {
  const target = await makeInside(folder, "plots");
  for (const figure of figures) {
    const name = `${fileName(figure.title)}.${format}`;
    const svg =
      widthPoints === undefined
        ? renderChart(figure.chart, { forFile: true })
        : paperSvg(figure, widthPoints);
    const density = widthPoints === undefined ? DENSITY : PAPER_DENSITY;
    await writeInside(folder, join("plots", name), await renderPicture(svg, name, density));
  }
  return target;
}

/** Letters, digits and hyphens: LaTeX takes it as it is. */
const fileName = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

function paperSvg({ chart, narrow }: ReportFigure, widthPoints: number): string {
  const widthPx = paperPixels(widthPoints);
  const drawn = narrow !== undefined && widthPx <= NARROW_PX ? narrow : chart;
  return sizedSvg(renderChart(fitWidth(drawn, widthPx), { forFile: true, isUntitled: true }), widthPoints);
}

/**
 * Runs JMeter's dashboard generator (`-g`) on each cell's CSV log, into `cells/<cell>/dashboard/`. If one fails, prints
 * the reason, sets exit code 1 and continues with the next cell.
 * @returns the dashboards' folders
 */
export async function writeDashboards(folder: string): Promise<readonly string[]> {
  const jmeter = await findJMeter();
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
    const fault = await createDashboard(jmeter, log, target, report);
    if (fault === undefined) made.push(target);
    else failed(cell, fault, `see ${report}`);
  }
  return made;
}

/**
 * Runs JMeter's dashboard generator on a plain CSV log. If it fails, prints the reason and sets exit code 1.
 * @param folder to create; an earlier dashboard there is replaced
 * @returns whether it was made
 */
export async function writeLogDashboard(log: string, folder: string): Promise<boolean> {
  const jmeter = await findJMeter();
  await removeInside(".", folder, { recursive: true });
  process.stderr.write(`analyze: creating JMeter's dashboard for ${log} …\n`);
  const report = `${folder}.log`;
  await removeInside(".", report);
  const fault = await createDashboard(jmeter, log, folder, report);
  if (fault !== undefined) failed(log, fault, `see ${report}`);
  else await removeInside(".", report);
  return fault === undefined;
}

/** @returns why JMeter made none; undefined if it did */
async function createDashboard(
  { java, home }: Awaited<ReturnType<typeof findJMeter>>,
  log: string,
  target: string,
  report: string,
): Promise<string | undefined> {
  const jar = join(home, "bin", "ApacheJMeter.jar");
  // JMeter's default is `temp` in the current folder, which stays there if the log is damaged.
  const temporary = await mkdtemp(`${target}-`);
  const settings = [
    "-Djava.awt.headless=true",
    "-jar",
    jar,
    `-Jjmeter.reportgenerator.temp_dir=${temporary}`,
  ];
  const options = { reject: false, all: true, stdin: "ignore", timeout: 300_000 } as const;
  try {
    const done = await execa(java, [...settings, "-g", log, "-o", target, "-j", report], options);
    return done.failed ? ((done.all ?? "").trim().split("\n").at(-1) ?? "") : undefined;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function failed(cell: string, why: string, hint: string): void {
  process.stderr.write(`JMeter created no dashboard for ${cell}: ${why.slice(0, 200)}\n  ${hint}\n`);
  process.exitCode ??= 1;
}
