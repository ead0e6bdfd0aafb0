/** Compiles the client's sources to one executable. */
export interface ClientCompiler {
  /** For example `bun 1.4.4`. */
  readonly name: string;
  /** Changes whenever the same sources would give a different executable. */
  readonly recipe: string;
  /** Downloads what `compile` needs, unless it is there. @throws {SlbenchError} SETUP_NO_BUN, SETUP_NO_PACKAGES */
  readonly prepare: () => Promise<void>;
  /** @param work an empty folder for temporary files */
  readonly compile: (entry: string, build: string, target: string, work: string) => Promise<void>;
}
