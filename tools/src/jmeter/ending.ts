/** Evidence of how a controller ended, because its exit code says little. */
export interface ControllerEvidence {
  readonly exitCode?: number;
  /** Standard output and error. */
  readonly output: string;
  /** jmeter.log. */
  readonly log: string;
  /** The workers of the run, as in -R. */
  readonly workers: readonly string[];
  /** samples.xml ends with its closing tag. */
  readonly resultClosed: boolean;
}

export interface Verdict {
  readonly complete: boolean;
  /** Workers that did not report their end. */
  readonly unfinishedWorkers: readonly string[];
  /** Why the run is not complete, without full stop. */
  readonly problem?: string;
}

const PROBLEMS: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/PKIX path (?:building|validation) failed/, () => "workers and controller have different keys"],
  [/remote engines have not started:\s*\[([^\]]*)\]/, (x) => `workers ${x} did not start the test`],
  [
    /remote engines could not be configured:\s*\[([^\]]*)\]/,
    (x) => `the controller could not reach workers ${x}`,
  ],
  [/Continuing without failed engines/, () => "the controller continued without some workers"],
  [/Problem loading XML[^\n]*/, (x) => `JMeter could not read the plan (${x.slice(0, 150)})`],
  [/Listen failed on port[^\n]*/, () => "the controller could not listen for the workers' samples"],
];

/**
 * Checks whether a run is complete: each worker reported `Finished remote host` and the result file is closed.
 *
 * The exit code proves nothing: JMeter exits with 0 after failed samples or without some workers, and may not exit at
 * all after a complete test.
 */
export function checkController(evidence: ControllerEvidence): Verdict {
  const text = `${evidence.output}\n${evidence.log}`;
  const unfinishedWorkers = evidence.workers.filter(
    (worker) => !evidence.log.includes(`Finished remote host: ${worker} `),
  );
  if (unfinishedWorkers.length === 0 && evidence.resultClosed) return { complete: true, unfinishedWorkers };
  for (const [pattern, describe] of PROBLEMS) {
    const found = pattern.exec(text);
    if (found) return { complete: false, unfinishedWorkers, problem: describe(found[1] ?? found[0]) };
  }
  const problem =
    unfinishedWorkers.length > 0
      ? `no end of test reported by ${unfinishedWorkers.join(", ")}`
      : "the result file was not closed";
  return { complete: false, unfinishedWorkers, problem };
}
