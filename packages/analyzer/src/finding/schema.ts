/** Of find.json. */
export const FIND_SCHEMA = "slbench.find/1";
