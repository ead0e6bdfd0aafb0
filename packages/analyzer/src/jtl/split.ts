/** A top-level sample's XML, or what stands between samples and is none. */
export interface Piece {
  readonly kind: "sample" | "torn";
  readonly text: string;
  /** Where it begins, in characters from the file's start. */
  readonly offset: number;
}

const TAG = /<(\/?)(sample|httpSample)(?=[\s>/])[^>]*?(\/?)>/g;

/**
 * Cuts an XML log into its top-level samples without reading them: JMeter escapes `<` in all data, so
 * every such tag is a real one. What begins but does not end is a torn piece.
 */
export function splitSamples(xml: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let start = 0;
  let end = 0;
  const takeWhole = () => {
    end = TAG.lastIndex;
    pieces.push({ kind: "sample", text: xml.slice(start, end), offset: start });
  };
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(xml); tag !== null; tag = TAG.exec(xml)) {
    const [, closes, , empty] = tag;
    if (closes === "/") {
      if (depth === 0) continue; // the end of something torn
      depth--;
      if (depth === 0) takeWhole();
      continue;
    }
    if (depth === 0) start = tag.index;
    if (empty !== "/") depth++;
    else if (depth === 0) takeWhole();
  }
  // Torn between its tags, or within its first one.
  if (depth === 0) start = xml.slice(end).search(/<(sample|httpSample)(?=[\s>/])/) + end;
  if (depth > 0 || start >= end) pieces.push({ kind: "torn", text: xml.slice(start), offset: start });
  return pieces;
}
