const SPACE = 1;
const NAME = 2;
/** What a byte of a tag may be: white space, or part of a name. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /\s/.test(character) ? SPACE : /[\w.:-]/.test(character) ? NAME : 0;
});
const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;

/** Takes an attribute: its name and its value, both as positions in the text. */
type TakeAttribute = (nameFrom: number, nameTo: number, from: number, to: number) => void;

/**
 * Reads the tag that a text begins with, character by character: a pattern takes four times as long.
 * @param text one character for each byte
 * @param take gets each attribute, its value without the quotes
 * @returns where the tag ends; -1: it is damaged
 */
export function readStartTag(text: string, take: TakeAttribute): number {
  const kind = (at: number) => KINDS[text.charCodeAt(at)];
  const pass = (from: number, what: number) => {
    let at = from;
    while (kind(at) === what) at++;
    return at;
  };
  let at = pass(1, NAME);
  if (at === 1 || !text.startsWith("<")) return -1;
  for (;;) {
    const nameFrom = pass(at, SPACE);
    const code = text.charCodeAt(nameFrom);
    const end = code === SLASH ? nameFrom + 1 : nameFrom;
    if (text.charCodeAt(end) === GREATER) return isOneTag(text, end) ? end + 1 : -1;
    const nameTo = pass(nameFrom, NAME);
    if (nameFrom === at || nameTo === nameFrom) return -1;
    const equals = pass(nameTo, SPACE);
    if (text.charCodeAt(equals) !== EQUALS) return -1;
    const from = pass(equals + 1, SPACE) + 1;
    const quote = text.charCodeAt(from - 1);
    if (quote !== QUOTE && quote !== APOSTROPHE) return -1;
    const to = text.indexOf(quote === QUOTE ? '"' : "'", from);
    if (to < 0) return -1;
    take(nameFrom, nameTo, from, to);
    at = to + 1;
  }
}

/** Values hold no `<`. */
function isOneTag(text: string, end: number): boolean {
  const next = text.indexOf("<", 1);
  return next < 0 || next > end;
}
