// Renders the report of a result folder's complete cells and sends it to the parent process.
import { renderFolderReport } from "../analyze/render-folder-report.ts";

process.on("disconnect", () => process.exit());
const [folder = ""] = process.argv.slice(2);
const html = await renderFolderReport(folder);
process.send?.(html, () => process.exit());
