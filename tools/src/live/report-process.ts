// Renders the report of a result folder's complete cells and sends it to the parent process, with what it cost.
import { renderFolderReport } from "../analyze/render-folder-report.ts";
import type { MadeReport } from "./interim-report.ts";

process.on("disconnect", () => process.exit());
const [folder = ""] = process.argv.slice(2);
const html = await renderFolderReport(folder);
const { user, system } = process.cpuUsage();
const made: MadeReport = { html, cpuSeconds: (user + system) / 1e6 };
process.send?.(made, () => process.exit());
