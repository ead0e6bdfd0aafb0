let isQuiet = false;

/** For `--quiet`: warnings, errors and results are still shown. */
export function silenceProgress(): void {
  isQuiet = true;
}

/** Where progress goes: standard error, or nowhere with `--quiet`. */
export const progressOutput = {
  write: (text: string): boolean => isQuiet || process.stderr.write(text),
  get isTTY(): boolean {
    return !isQuiet && process.stderr.isTTY === true;
  },
  get columns(): number {
    return process.stderr.columns ?? 80;
  },
};
