// The report in a real browser: Debian's chromium, driven by playwright-core.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  analyze,
  parseThreshold,
  readLog,
  renderHtml,
  renderLogReport,
  reportFigures,
} from "@slbench/analyzer";
import { renderReport } from "@slbench/client";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (executablePath === undefined) process.stderr.write("skipped: the report in a browser needs chromium\n");

/** A measurement whose round trips grow with the users; from eight on a tenth of the requests times out. */
function measure(users: number, thinkTimeSeconds: number, requests: number) {
  const samples = Array.from({ length: users }, (_, user) => {
    const rows = Array.from({ length: requests }, (_, index) => {
      const late = users >= 8 && index % 10 === 9;
      const handlerSeconds = 0.05 + 0.001 * ((index * 7 + user * 3) % 5);
      const roundTripSeconds = late ? 25 : handlerSeconds * Math.max(1, users / 2) + 0.004;
      return {
        ...{ sequence: index + 1, payload: "1.jpg", startMonotonicSeconds: index, sentBytes: 10 },
        ...{ outcome: late ? ("timeout" as const) : ("ok" as const), roundTripSeconds },
        startEpochMicros:
          1_700_000_000_000_000 +
          Math.round((user * 0.01 + index * (roundTripSeconds + thinkTimeSeconds)) * 1e6),
        ...(!late && {
          handlerSeconds,
          mlSeconds: 0.8 * handlerSeconds,
          faces: 2,
          backend: "native",
          coldStart: index === 0,
        }),
        ...(!late && {
          connectSeconds: 0,
          sendSeconds: 0.001,
          waitSeconds: roundTripSeconds - 0.003,
          receiveSeconds: 0.002,
        }),
      };
    });
    const report = renderReport({
      schema: "slbench.client-report/2",
      client: { version: "0.1.0", build: "x", runtime: "bun" },
      ...{
        url: "http://127.0.0.1/",
        thinkTimeSeconds,
        timeoutSeconds: 25,
        encoding: "base64",
        format: "json",
      },
      ...{
        startedEpochMicros: 1_700_000_000_000_000,
        endedEpochMicros: 1_700_000_900_000_000,
        plannedRequests: requests,
      },
      requests: rows,
    });
    return `<sample t="1" ts="1" s="true" lb="x" rc="0" rm="OK" tn="Users 1-${user + 1}" by="1"><responseData class="java.lang.String">${report}</responseData></sample>`;
  });
  const text = `<?xml version="1.0"?>\n<testResults version="1.2">\n${samples.join("\n")}\n</testResults>\n`;
  return {
    users,
    thinkTimeSeconds,
    repetition: 1,
    source: `${users}-${thinkTimeSeconds}`,
    text,
    plannedClients: users,
  };
}

const work = mkdtempSync(join(tmpdir(), "slbench-page-"));
function writePage(
  name: string,
  users: readonly number[],
  thinks: readonly number[],
  requests: number,
): string {
  const analysis = analyze(users.flatMap((count) => thinks.map((think) => measure(count, think, requests))));
  const file = join(work, name);
  writeFileSync(
    file,
    renderHtml(analysis.summary, {
      title: "paper",
      subject: "face-blur",
      limits: { successRate: 0.99, p95Seconds: 25, source: "" },
      facts: [["Host", "somewhere"]],
      methods: "Measured.",
      commands: ["slbench run examples/paper.yaml"],
      figures: reportFigures(analysis).figures,
    }),
  );
  return file;
}

/** Opens every section, whatever the tests before have left open. */
const openAll = (page: Page) =>
  page.evaluate("for (const section of document.querySelectorAll('details.section')) section.open = true");

/** Serious violations of axe with every section open, and whether the page is wider than its window. */
async function axeFaults(page: Page): Promise<readonly string[]> {
  await openAll(page);
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const faults = await page.evaluate(async () => {
    const axe = (
      globalThis as unknown as {
        axe: {
          run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe;
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
  });
  const overflow = (await page.evaluate(
    "document.documentElement.scrollWidth - window.innerWidth",
  )) as number;
  return [...faults, ...(overflow > 0 ? [`the page is ${overflow} px too wide`] : [])];
}

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.runIf(executablePath !== undefined)("report.html of the paper's experiment", () => {
  let browser: Browser;
  let page: Page;
  let file: string;
  const problems: string[] = [];
  const requests: string[] = [];
  beforeAll(async () => {
    file = writePage("paper.html", [1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 5], 37);
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`file://${file}`);
  });
  afterAll(async () => {
    await browser?.close();
  });

  test("is one small file without further requests or errors", () => {
    expect(statSync(file).size).toBeLessThan(1_000_000);
    expect(requests).toEqual([`file://${file}`]);
    expect(problems).toEqual([]);
  });

  test("opens within a second", async () => {
    const started = performance.now();
    await page.goto(`file://${file}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("lays out nothing that is folded to open", async () => {
    const fresh = await browser.newPage();
    await fresh.addInitScript(`
      const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "scrollWidth");
      globalThis.askedFolded = 0;
      Object.defineProperty(Element.prototype, "scrollWidth", { get() {
        if (this.closest("details.section:not([open])") !== null) globalThis.askedFolded++;
        return get.call(this);
      } });`);
    await fresh.goto(`file://${file}`);
    // Only after a frame are boxes measured that are shown.
    await fresh.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(await fresh.locator(".shown .drawing").first().getAttribute("tabindex")).toBe("-1");
    expect(await fresh.evaluate("askedFolded")).toBe(0);
    await fresh.close();
  });

  test("answers on the first screen: how many users, how sure, and where the time goes", async () => {
    expect(await page.locator("h1").textContent()).toBe("How many users does face-blur serve?");
    const answers = await page.locator(".answers li").allTextContents();
    expect(answers).toEqual(["7 users with think times of 0 s, 1 s and 5 s ✓ Passes 8 users fail"]);
    const numbers = await page.locator(".numbers").boundingBox();
    expect((numbers?.y ?? 0) + (numbers?.height ?? 0)).toBeLessThan(900);
    expect(await page.locator(".numbers dt").allTextContents()).toEqual([
      "served within the limits",
      "95th percentile with 7 users",
      "where the time goes",
    ]);
  });

  test("every figure has visible marks once its section is open", async () => {
    await openAll(page);
    const figures = await page.locator("figure").all();
    // answer; success, round trip, throughput; parts; 3 distributions; requests; 2 of the model; timeline
    expect(figures.length).toBe(12);
    for (const figure of figures) {
      const drawn = await figure
        .locator("svg.chart [data-series]")
        .evaluateAll(
          (layers) =>
            layers.filter(
              (layer) =>
                (layer as unknown as { getBoundingClientRect(): { width: number } }).getBoundingClientRect()
                  .width > 5,
            ).length,
        );
      expect(drawn).toBeGreaterThan(1);
    }
  });

  test("a legend button toggles its series in every panel, also by keyboard", async () => {
    const figure = page.locator("figure", { has: page.locator('svg[aria-label="Request by request"]') });
    const button = figure.locator('.legend button[data-series="1"]');
    // The handler's times of every user, 1 to 9 of them, at three think times. A level line has no height, so that
    // Playwright would call it hidden.
    const areShown = () =>
      page.evaluate<boolean[]>(
        `[...document.querySelectorAll('#requests .chart [data-series="1"]')].map((layer) => getComputedStyle(layer).display !== "none")`,
      );
    expect(await areShown()).toHaveLength(3 * 45);
    expect(new Set(await areShown())).toEqual(new Set([true]));
    await button.click();
    expect(new Set(await areShown())).toEqual(new Set([false]));
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    expect(await figure.locator('svg.chart [data-series="0"][data-hidden]').count()).toBe(0);
    await button.focus();
    await page.keyboard.press("Enter");
    expect(new Set(await areShown())).toEqual(new Set([true]));
  });

  /** A picture by its drawing's title, as a wide screen shows it. */
  const wideFigure = (title: string) =>
    page.locator(".picture:not(.narrow)", { has: page.locator(`svg[aria-label="${title}"]`) });

  /** Puts the pointer near the first point of a line, in a figure that is found by its drawing's title. */
  async function pointAtLine(title: string) {
    const figure = wideFigure(title);
    const line = figure.locator("svg.chart [data-series]:not([data-hidden]) polyline.read").first();
    await line.scrollIntoViewIfNeeded();
    const at = await line.evaluate((element) => {
      const polyline = element as unknown as {
        points: { getItem(index: number): { matrixTransform(by: unknown): { x: number; y: number } } };
        getScreenCTM(): unknown;
      };
      const { x, y } = polyline.points.getItem(0).matrixTransform(polyline.getScreenCTM());
      return { x, y };
    });
    await page.mouse.move(at.x + 2, at.y - 2);
    return figure;
  }

  test.each([
    [
      "Throughput: measured and predicted",
      /^(model|bound), think 0 s: virtual users \d+, successful requests per second [\d.]+$/,
    ],
    [
      "Distribution of round trips, think time 1 s",
      /^\d users?: round trip \(s\) [\d.]+, share of requests \(%\) [\d.]+$/,
    ],
  ])("shows the nearest point of a line in “%s” at the pointer", async (title, words) => {
    const readout = (await pointAtLine(title)).locator(".readout");
    expect(await readout.textContent()).toMatch(words);
    expect(await readout.isVisible()).toBe(true);
    await page.mouse.move(2, 2);
    expect(await readout.isVisible()).toBe(false);
  });

  test("shows a mark's exact value", async () => {
    const figure = wideFigure("Mean round trip over users");
    const mark = figure.locator('svg [data-series="0"] circle').first();
    await mark.scrollIntoViewIfNeeded();
    const box = await mark.boundingBox();
    const readoutAt = async () => {
      await page.mouse.move(2, 2);
      // At the left edge, away from the next think time's mark.
      await page.mouse.move(box?.x ?? 0, (box?.y ?? 0) + (box?.height ?? 0) / 2);
      return (await figure.locator(".readout").isVisible()) ? figure.locator(".readout").textContent() : "";
    };
    expect(await readoutAt()).toMatch(
      /^think time 0 s: 1 user, mean round trip \(s\) 0\.056 \(95% interval 0\.0557\d+ to 0\.056\d+\)$/,
    );
  });

  test("shows a bar's value, but not the end of an interval", async () => {
    const readoutAt = async (title: string, mark: string) => {
      const figure = wideFigure(title);
      await figure.locator(mark).first().scrollIntoViewIfNeeded();
      const box = await figure.locator(mark).first().boundingBox();
      await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) - 1);
      return (await figure.locator(".readout").isVisible()) ? figure.locator(".readout").textContent() : "";
    };
    const ofMl = () => readoutAt("Where the time goes", 'svg [data-series="0"] rect');
    expect(await ofMl()).toMatch(/^ML: 0\.\d+ s \(1 × 0 s\)$/);
    const mlButton = page.locator('#time-parts .legend button[data-series="0"]');
    await mlButton.click();
    expect(await ofMl()).not.toContain("ML: ");
    await mlButton.click();
    // The end of an interval, far from its mark.
    expect(await readoutAt("Success rate over users", 'svg [data-series="0"] .interval')).toBe("");
  });

  test("series and axes follow the colour scheme; print uses the light one", async () => {
    const colors = () =>
      page.evaluate<readonly [string, string]>(
        `["#load .chart [data-series='0']", "#load .chart .axis"].map((one) => getComputedStyle(document.querySelector(one)).stroke)`,
      );
    await page.emulateMedia({ colorScheme: "light" });
    const light = await colors();
    expect(light[0]).toBe("rgb(0, 114, 178)"); // #0072b2, as in a file
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await colors();
    expect(dark[0]).not.toBe(light[0]);
    expect(dark[1]).not.toBe(light[1]);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect((await colors())[0]).toBe(light[0]);
    await page.emulateMedia({ colorScheme: "light", media: "screen" });
  });

  test("a printed page has the legends, and the table of cells fits its width", async () => {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 687, height: 1000 }); // A4 between margins of 14 mm
    expect(await page.locator("figure .legend button").first().isVisible()).toBe(true);
    const table = await page.locator("#cells .scroll table").boundingBox();
    expect((table?.x ?? 0) + (table?.width ?? 0)).toBeLessThanOrEqual(687);
    // Three of the height of A4.
    const figure = await page.locator("#load figure").first().boundingBox();
    expect(figure?.height).toBeLessThan(1017 / 3);
    await page.emulateMedia({ media: "screen" });
  });

  test("on a phone, figures are narrow ones, and one of many panels scrolls, also by keyboard", async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    await openAll(page);
    expect(await page.locator(".picture.wide:visible").count()).toBe(0);
    const widths = await page
      .locator(".picture.narrow svg")
      .evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().width));
    expect(widths.length).toBeGreaterThan(8);
    expect(Math.max(...widths)).toBeLessThanOrEqual(390);
    const drawing = page.locator("#requests .drawing");
    expect((await drawing.locator("svg").boundingBox())?.width).toBeGreaterThan(600);
    await page.waitForFunction("document.querySelector('#requests .drawing').tabIndex === 0");
    expect(await drawing.getAttribute("data-more-right")).toBe("");
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.waitForFunction("document.querySelector('#requests .drawing').tabIndex === -1");
    expect(await drawing.getAttribute("data-more-right")).toBeNull();
    expect(await page.locator(".picture.narrow:visible").count()).toBe(0);
  });

  test("sections are folded until a click, a key, a link or printing opens them", async () => {
    await page.goto("about:blank");
    await page.goto(`file://${file}`);
    const isOpen = (id: string) => page.locator(`details#${id}`).evaluate((one) => one.hasAttribute("open"));
    expect(await page.locator("details.section[open]").count()).toBe(0);
    await page.locator("#cells > summary").click();
    expect(await isOpen("cells")).toBe(true);
    await page.locator("#load > summary").focus();
    await page.keyboard.press("Enter");
    expect(await isOpen("load")).toBe(true);
    await page.evaluate("location.hash = '#model'");
    await page.waitForFunction("document.getElementById('model').open");
    const closed = await page.locator("details.section:not([open])").count();
    expect(closed).toBeGreaterThan(3);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("details.section:not([open])").count()).toBe(0);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator("details.section:not([open])").count()).toBe(closed);
    await page.getByRole("button", { name: "Open all" }).click();
    await page.getByRole("button", { name: "Close all" }).click();
    expect(await page.locator("details.section[open]").count()).toBe(0);
  });

  test("the table of cells is sorted by a click on a head, in both directions", async () => {
    await openAll(page);
    const means = async () =>
      (await page.locator("#cells tbody tr td:nth-child(5)").allTextContents()).map(Number);
    const before = await means();
    const head = page.locator("#cells th", { hasText: "Mean" });
    await head.getByRole("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await means()).toEqual(before.toSorted((a, b) => a - b));
    await head.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await means()).toEqual(before.toSorted((a, b) => b - a));
  });

  test("the table of cells is filtered by words, and what is left is copied as CSV", async () => {
    await openAll(page);
    await page.locator("#cells").getByRole("searchbox").fill("fails 5");
    await page.waitForFunction("document.querySelectorAll('#cells tbody tr:not([hidden])').length < 27");
    const rows = await page.locator("#cells tbody tr:not([hidden])").allTextContents();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain("fails");
    expect(await page.locator("#cells [role=status]").textContent()).toBe(`${rows.length} of 27 rows`);
    await page.evaluate("navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }");
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.waitForFunction("globalThis.copied !== undefined");
    const csv = (await page.evaluate("globalThis.copied")) as string;
    expect(csv.trim().split("\n")).toHaveLength(1 + rows.length);
    expect(csv.split("\n")[0]).toMatch(/^Users,Think time s,Limits,Success,/);
  });

  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 390],
  ] as const)(
    "axe finds no serious violation in %s at a width of %i, and nothing overflows the page",
    async (scheme, width) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await axeFaults(page)).toEqual([]);
    },
  );
});

/** A load test of 20 minutes with a transaction, failures and long names. */
async function writeLogPage(): Promise<string> {
  const head =
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,sentBytes,allThreads,Latency,Connect";
  const rows = Array.from({ length: 12_000 }, (_, index) => {
    const isBad = index % 50 === 49;
    const label = ["GET /", "POST /cart/items/with/a/long/name", "purchase"][index % 3] as string;
    const message =
      label === "purchase"
        ? "Number of samples in transaction : 2, number of failing samples : 0"
        : isBad
          ? "Service Unavailable"
          : "OK";
    return `${1_700_000_000_000 + 100 * index},${80 + ((index * 37) % 400)},${label},${isBad ? 503 : 200},"${message}",Users 1-${index % 9},${!isBad},1000,200,${1 + Math.floor(index / 1500)},70,5`;
  });
  const text = [head, ...rows, ""].join("\n");
  const log = await readLog(new Blob([text]).stream(), "shop.csv", { keepSeries: true });
  const condition = { users: 9, thinkTimeSeconds: 0, repetition: 1, isConditionInferred: true };
  const file = join(work, "log.html");
  const thresholds = ["p95<400ms", "errors<1%"].map(parseThreshold);
  writeFileSync(file, renderLogReport(analyze([{ ...condition, source: "shop.csv", log }]), { thresholds }));
  return file;
}

describe.runIf(executablePath !== undefined)("the page of a plain log", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(`file://${await writeLogPage()}`);
  });
  afterAll(async () => {
    await browser?.close();
  });

  test("answers first, and sorts labels without moving the total", async () => {
    expect(await page.locator(".answers li").textContent()).toBe("2 of 2 thresholds fail ✕ Fails");
    await page.locator("#labels > summary").click();
    const names = () => page.locator("#labels tbody td:first-child").allTextContents();
    expect(await names()).toEqual(["GET /", "POST /cart/items/with/a/long/name"]);
    const head = page.locator("#labels th", { hasText: "Label" }).getByRole("button");
    await head.click();
    await head.click();
    expect(await names()).toEqual(["POST /cart/items/with/a/long/name", "GET /"]);
    expect(await page.locator("#labels tr").last().locator("td").first().textContent()).toBe("Total");
    expect(await page.locator("#transactions tbody td").first().textContent()).toBe("purchase");
  });

  test("a printed table repeats its head on every page, and has its total once", async () => {
    await page.emulateMedia({ media: "print" });
    const displayOf = (selector: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).display`);
    expect(await displayOf("#labels thead")).toBe("table-header-group");
    // Chromium does not draw a button that it repeats.
    expect(await displayOf("#labels th button")).toBe("contents");
    expect(await displayOf("#labels tfoot")).toBe("table-row-group");
    await page.emulateMedia({ media: "screen" });
  });

  test.each([
    ["light", 1200],
    ["dark", 390],
  ] as const)("axe finds no serious violation in %s at a width of %i", async (scheme, width) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFaults(page)).toEqual([]);
  });
});

test("a report of 300 cells stays below 3 MB", () => {
  const users = Array.from({ length: 50 }, (_, index) => index + 1);
  const file = writePage("large.html", users, [0, 0.5, 1, 2, 3, 5], 3);
  expect(statSync(file).size).toBeLessThan(3_000_000);
});
