import { escapeHtml } from "./markup.ts";
import { SCRIPT, STYLE } from "./page/page.generated.ts";

/** What every page of slbench consists of. */
export interface PageParts {
  /** Of the document: text. */
  readonly title: string;
  /** One line above the question: markup. */
  readonly kicker: string;
  /** The heading: text. */
  readonly question: string;
  /** The first screen: markup. */
  readonly first: string;
  /** What follows, folded: markup. */
  readonly sections: readonly string[];
}

/** One HTML file that needs nothing else. Without its script it still shows everything. */
export function renderPage({ title, kicker, question, first, sections }: PageParts): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<header><p class="kicker">${kicker}</p><h1>${escapeHtml(question)}</h1></header>
<main><div id="first">${first}</div>
<div id="sections">${sections.join("\n")}</div></main>
<footer>Made with slbench. This file needs no network.</footer>
<script>${SCRIPT}</script></body></html>
`;
}
