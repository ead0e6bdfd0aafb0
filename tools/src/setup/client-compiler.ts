/** Something that makes one executable of the client's sources. */
export interface ClientCompiler {
  /** For example `bun 1.4.4`. */
  readonly name: string;
  /** Changes whenever the same sources would give another executable. */
  readonly recipe: string;
  /** @param work an empty folder for whatever it needs on the way */
  readonly compile: (entry: string, build: string, target: string, work: string) => Promise<void>;
}
