/// <reference lib="dom" />
// The report's script: `npm run page -w packages/analyzer` bundles it into page.generated.ts.
import { connectFolding } from "./folding.ts";
import { connectLegend } from "./legend.ts";
import { connectLive } from "./live.ts";
import { connectReadout } from "./readout.ts";
import { keepScrollable } from "./scrollable.ts";
import { connectTable } from "./table.ts";

for (const figure of document.querySelectorAll("figure")) {
  connectLegend(figure);
  for (const picture of figure.querySelectorAll<HTMLElement>(".picture")) connectReadout(figure, picture);
}
for (const table of document.querySelectorAll<HTMLElement>(".scroll")) connectTable(table);
connectFolding(document.querySelectorAll<HTMLDetailsElement>("details.section"));
const live = document.querySelector<HTMLElement>(".live");
if (live !== null) connectLive(live);
keepScrollable(document.querySelectorAll<HTMLElement>(".drawing, .scroll"));
