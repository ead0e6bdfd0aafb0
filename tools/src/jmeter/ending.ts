/** What a controller left behind, by which a run is judged: its exit code says little. */
export interface ControllerEvidence {
  readonly exitCode?: number;
  /** Standard output and error. */
  readonly output: string;
  /** jmeter.log. */
  readonly log: string;
  /** The workers that were to take part, as in -R. */
  readonly workers: readonly string[];
  /** samples.xml ends with its closing tag. */
  readonly resultClosed: boolean;
}

export interface Verdict {
  readonly complete: boolean;
  /** Workers that did not say that they finished. */
  readonly unfinishedWorkers: readonly string[];
  /** Why it is not complete, in one sentence without full stop. */
  readonly problem?: string;
}

const telling: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/PKIX path (?:building|validation) failed/, () => "the workers have another key than the controller"],
  [/remote engines have not started:\s*\[([^\]]*)\]/, (x) => `the workers ${x} have not started the test`],
  [
    /remote engines could not be configured:\s*\[([^\]]*)\]/,
    (x) => `the controller could not reach the workers ${x}`,
  ],
  [/Continuing without failed engines/, () => "the controller went on without some workers"],
  [/Problem loading XML[^\n]*/, (x) => `JMeter could not read the plan (${x.slice(0, 150)})`],
  [/Listen failed on port[^\n]*/, () => "the controller could not listen for the workers' samples"],
];

/**
 * Judges a run by its evidence: each worker reported `Finished remote host` and the result file is closed.
 *
 * Exit 0 proves nothing (failed samples, workers that never started); no exit within reason neither.
 */
export function checkController(evidence: ControllerEvidence): Verdict {
  const text = `${evidence.output}\n${evidence.log}`;
  const unfinishedWorkers = evidence.workers.filter(
    (worker) => !evidence.log.includes(`Finished remote host: ${worker} `),
  );
  if (unfinishedWorkers.length === 0 && evidence.resultClosed) return { complete: true, unfinishedWorkers };
  for (const [pattern, say] of telling) {
    const found = pattern.exec(text);
    if (found) return { complete: false, unfinishedWorkers, problem: say(found[1] ?? found[0]) };
  }
  const problem =
    unfinishedWorkers.length > 0
      ? `no word of the end from ${unfinishedWorkers.join(", ")}`
      : "the result file was not closed";
  return { complete: false, unfinishedWorkers, problem };
}
