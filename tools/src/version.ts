/** slbench's own version, as --version says it and as it stands in what slbench writes. */
export const VERSION = "0.1.0";
