/// <reference lib="dom" />
// The report's script: `npm run page -w packages/analyzer` bundles it into page.generated.ts.
import { connectLegend } from "./legend.ts";
import { connectReadout } from "./readout.ts";
import { keepScrollable } from "./scrollable.ts";

for (const figure of document.querySelectorAll("figure")) {
  connectLegend(figure);
  connectReadout(figure);
}
keepScrollable(document.querySelectorAll<HTMLElement>(".drawing"));
