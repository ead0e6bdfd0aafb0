import type { FittedStation } from "../fitting/fit-station.ts";
import type { Caveat } from "./verdict.ts";

/** Two stations that a reported time shows, and that the fit did not try. */
export function checkUntriedStations({
  untriedSplit,
  prediction: { parameters },
}: Pick<FittedStation, "untriedSplit" | "prediction">): readonly Caveat[] {
  if (untriedSplit === undefined) return [];
  const { name, growing } = untriedSplit;
  const grows = growing === "part" ? name : `all but ${name}`;
  const because = [
    ...(parameters.coldStarts === undefined ? [] : ["cold starts"]),
    ...(parameters.sizes === undefined ? [] : ["requests of different demands"]),
  ].join(" and ");
  return [
    {
      level: "caution",
      reason: `Under load, ${grows} takes a larger share of the round trip, as if it had servers of its own, but the model has one station if there are ${because}: predictions beyond the measured loads may be wrong where requests begin to wait for it.`,
    },
  ];
}
