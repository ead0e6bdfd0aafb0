import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** The archive holds an entry that slbench pack never writes. */
export function badEntry(archive: string, name: string, why: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_BAD_ENTRY", `${archive}: ${shown(name)} ${why}`, {
    hint: "do not trust this archive: slbench pack writes only regular files, each once; ask its authors for another",
  });
}

/** The archive exceeds a limit of slbench verify. */
export function overLimit(archive: string, what: string, option: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_OVER_LIMIT", `${archive} ${what} (limit ${option})`, {
    hint: `if you trust the archive, raise ${option}`,
  });
}

/** The file is not an archive of slbench pack. */
export function noArtefact(archive: string, why: string, cause?: unknown): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_NO_ARTEFACT", `${archive} ${why}`, {
    hint: "name an archive that slbench pack wrote",
    exitCode: 2,
    cause,
  });
}

/** An entry's name for a message. */
export const shown = (name: string) => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
