/** What a master left behind, by which a run is judged: its exit code says little. */
export interface MasterEvidence {
  readonly exitCode?: number;
  /** Standard output and error. */
  readonly output: string;
  /** jmeter.log. */
  readonly log: string;
  /** The slaves that were to take part, as in -R. */
  readonly slaves: readonly string[];
  /** samples.xml ends with its closing tag. */
  readonly resultClosed: boolean;
}

export interface Verdict {
  readonly complete: boolean;
  /** Slaves that did not say that they finished. */
  readonly unfinishedSlaves: readonly string[];
  /** Why it is not complete, in one sentence without full stop. */
  readonly problem?: string;
}

const telling: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/PKIX path (?:building|validation) failed/, () => "the slaves have another key than the master"],
  [/remote engines have not started:\s*\[([^\]]*)\]/, (x) => `the slaves ${x} have not started the test`],
  [
    /remote engines could not be configured:\s*\[([^\]]*)\]/,
    (x) => `the master could not reach the slaves ${x}`,
  ],
  [/Continuing without failed engines/, () => "the master went on without some slaves"],
  [/Problem loading XML[^\n]*/, (x) => `JMeter could not read the plan (${x.slice(0, 150)})`],
  [/Listen failed on port[^\n]*/, () => "the master could not listen for the slaves' samples"],
];

/**
 * Judges a run by its evidence: each slave reported `Finished remote host` and the result file is closed.
 *
 * Exit 0 proves nothing (failed samples, slaves that never started); no exit within reason neither.
 */
export function judgeMaster(evidence: MasterEvidence): Verdict {
  const text = `${evidence.output}\n${evidence.log}`;
  const unfinishedSlaves = evidence.slaves.filter(
    (slave) => !evidence.log.includes(`Finished remote host: ${slave} `),
  );
  if (unfinishedSlaves.length === 0 && evidence.resultClosed) return { complete: true, unfinishedSlaves };
  for (const [pattern, say] of telling) {
    const found = pattern.exec(text);
    if (found) return { complete: false, unfinishedSlaves, problem: say(found[1] ?? found[0]) };
  }
  const problem =
    unfinishedSlaves.length > 0
      ? `no word of the end from ${unfinishedSlaves.join(", ")}`
      : "the result file was not closed";
  return { complete: false, unfinishedSlaves, problem };
}
