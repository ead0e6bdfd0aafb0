// npm run schema -w packages/jmeter-plans: writes experiment.schema.json, which editors read.
import { writeFileSync } from "node:fs";
import { experimentJsonSchema } from "@slbench/jmeter-plans";

const file = new URL("../experiment.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
