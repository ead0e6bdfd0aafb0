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
  /** Its server is needed: it is no file to keep. */
  readonly isLive?: boolean;
}

/** A small response-time curve. Being part of the page, it spares the browser a request for /favicon.ico. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='6' fill='%230b5cad'/%3E%3Cpath d='M6 24 13 21 19 15 26 6' fill='none' stroke='%23fff' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/** One HTML file that needs nothing else. Without its script it still shows everything. */
export function renderPage({ title, kicker, question, first, sections, isLive = false }: PageParts): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="${ICON}"><style>${STYLE}</style></head><body>
<header><p class="kicker">${kicker}</p><h1>${escapeHtml(question)}</h1></header>
<main><div id="first">${first}</div>
<div id="sections">${sections.join("\n")}</div></main>
<footer>Made with slbench.${isLive ? "" : " This file needs no network."}</footer>
<script>${SCRIPT}</script></body></html>
`;
}
