/** Collects the values of a repeatable option, for commander. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
