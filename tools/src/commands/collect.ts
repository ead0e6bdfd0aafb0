/** For commander: an option that may be given again and again. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
