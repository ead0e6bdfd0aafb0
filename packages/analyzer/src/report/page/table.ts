/// <reference lib="dom" />

/** Sorts a table by a click on a column's head; larger tables can be filtered and copied as CSV too. */
export function connectTable(region: HTMLElement): void {
  const table = region.querySelector("table");
  if (table === null) return;
  for (const [column, head] of [...table.querySelectorAll("th")].entries()) makeSortable(table, head, column);
  if (region.dataset.tools !== undefined) region.before(toolsOf(table));
}

function makeSortable(table: HTMLTableElement, head: HTMLTableCellElement, column: number): void {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const isDown = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    sortRows(table, column, isDown ? -1 : 1);
  });
}

/** Numbers before texts, by the first number of a cell; cells without a value come last in both directions. */
function sortRows(table: HTMLTableElement, column: number, direction: 1 | -1): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const keyed = [...body.rows].map((row) => ({ row, text: row.cells[column]?.textContent?.trim() ?? "" }));
  keyed.sort((a, b) => {
    if (a.text === "" || b.text === "") return Number(a.text === "") - Number(b.text === "");
    return direction * compareValues(a.text, b.text);
  });
  body.append(...keyed.map(({ row }) => row));
}

export function compareValues(a: string, b: string): number {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== undefined && other !== undefined && one !== other) return one - other;
  if ((one === undefined) !== (other === undefined)) return one === undefined ? 1 : -1;
  return a.localeCompare(b);
}

/** `0.5 s`, `99.1%`, `+12%`, `1,234`, `−3` (with a true minus sign); undefined if a text does not begin with a number. */
function numberOf(text: string): number | undefined {
  const [digits] = /^[+\-−]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", "").replace("−", "-"));
}

function toolsOf(table: HTMLTableElement): HTMLElement {
  const tools = document.createElement("div");
  tools.className = "tools";
  const filter = document.createElement("input");
  filter.type = "search";
  filter.placeholder = "Filter rows";
  filter.setAttribute("aria-label", "Filter rows");
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy as CSV";
  filter.addEventListener("input", () => {
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = [...row.cells].map(({ textContent }) => textContent?.toLowerCase() ?? "").join(" ");
      row.hidden = !words.every((word) => text.includes(word));
    }
    status.textContent = `${rows.filter(({ hidden }) => !hidden).length} of ${rows.length} rows`;
  });
  copy.addEventListener("click", async () => {
    const isCopied = await copyText(toCsv(table));
    status.textContent = isCopied ? "Copied" : "The browser does not allow copying";
  });
  tools.append(filter, copy, status);
  return tools;
}

/** The visible rows in their order, as RFC 4180 has it. */
export function toCsv(table: HTMLTableElement): string {
  const lines = [...table.rows]
    .filter(({ hidden }) => !hidden)
    .map((row) => [...row.cells].map(({ textContent }) => csvField(textContent?.trim() ?? "")).join(","));
  return `${lines.join("\n")}\n`;
}

/** Text that a spreadsheet would run as a formula, but not a signed number, with or without a percent sign or unit. */
const FORMULA = /^[=@]|^[+-](?!$|[\d.,]+(e[+-]?\d+)?\s?(%|[a-z]+)?$)/i;

/** A label such as `=HYPERLINK(…)` comes from a log that others may have written; an apostrophe keeps it a text. */
function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A page that was opened as a file may not have the clipboard, so the older way follows. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
  }
}
