import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import {
  PICTURE_FORMATS,
  paperPixels,
  parseWidth,
  pictureFile,
  renderPdf,
  sizedSvg,
  writePicture,
} from "./picture.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-picture-"));
afterAll(() => rmSync(work, { recursive: true }));
const svg = `<svg width="400" height="200" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="400" height="200" fill="#ffffff"></rect><path d="M10 10L100 50" stroke="#0072b2" fill="none"></path><text x="20" y="100" font-size="12">users × think ≥ 1</text></svg>`;

/** The drawing operators of a PDF: its compressed streams, unpacked. */
function drawing(pdf: Buffer): string {
  const streams = pdf.toString("latin1").matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g);
  return [...streams]
    .map(([, packed]) => {
      try {
        return inflateSync(Buffer.from(packed as string, "latin1")).toString("latin1");
      } catch {
        return "";
      }
    })
    .join("\n");
}

describe("renderPdf()", () => {
  it("keeps size, lines and text", async () => {
    const pdf = await renderPdf(svg);
    expect(pdf.toString("latin1")).toContain("/MediaBox [0 0 300 150]");
    const drawn = drawing(pdf);
    expect(drawn).toMatch(/10 10 m\s+100 50 l/);
    // The text is of glyphs; what they stand for is in the font's map to Unicode.
    expect(drawn).toMatch(/<[0-9a-f]{4,}>/);
    const units = [..."users × think ? 1"].map((one) =>
      (one.codePointAt(0) ?? 0).toString(16).padStart(4, "0"),
    );
    for (const unit of units) expect(drawn).toContain(`<${unit}>`);
    // What the fonts lack is a question mark.
    expect(drawn).not.toContain("<2265>");
  });

  it("embeds every font", async () => {
    const bold = svg.replace("<text", '<text font-weight="bold" y="9">a</text><text');
    const pdf = (await renderPdf(bold)).toString("latin1");
    expect(pdf.match(/\/FontFile[23]? /g)).toHaveLength(2);
    expect(pdf.match(/\/BaseFont \/[A-Z]{6}\+SourceSans3-(Regular|Bold)/g)?.length).toBeGreaterThanOrEqual(2);
    expect(pdf).not.toContain("Helvetica");
  });

  it("gives the same bytes for the same picture", async () => {
    expect((await renderPdf(svg)).equals(await renderPdf(svg))).toBe(true);
  });

  it("rejects an SVG without size", async () => {
    await expect(renderPdf("<svg></svg>")).rejects.toThrow("the SVG has no size");
  });
});

describe("a picture for a column of a paper", () => {
  it.each([
    ["85mm", 240.94],
    ["3.3in", 237.6],
    ["8.5 cm", 240.94],
    ["240pt", 240],
  ])("reads %s as %d points", (text, points) => {
    expect(parseWidth(text)).toBeCloseTo(points, 1);
  });

  it.each(["85", "85px", "1mm", "9000mm", "", "-85mm"])("rejects %j", (text) => {
    expect(() => parseWidth(text)).toThrow(expect.objectContaining({ code: "USAGE_WIDTH", exitCode: 2 }));
  });

  it("has that width in a PDF and an SVG, and words of 7 points", async () => {
    const sized = sizedSvg(svg, 240);
    expect(sized).toMatch(/^<svg width="240.00pt" height="120.00pt" .*viewBox="0 0 400 200"/);
    expect((await renderPdf(sized)).toString("latin1")).toContain("/MediaBox [0 0 240 120]");
    expect((12 * 240) / paperPixels(240)).toBeCloseTo(7);
  });
});

describe("writePicture()", () => {
  it.each([
    ["svg", "<svg"],
    ["png", "\u0089PNG"],
    ["pdf", "%PDF-"],
  ] as const)("writes .%s", async (format, begin) => {
    expect(PICTURE_FORMATS).toContain(format);
    const file = join(work, `plot.${format}`);
    await writePicture(svg, file);
    expect(readFileSync(file, "latin1").slice(0, begin.length)).toBe(begin);
  });

  it("rejects other file name endings", async () => {
    await expect(writePicture(svg, join(work, "plot.gif"))).rejects.toMatchObject({
      code: "USAGE_PLOT",
      exitCode: 2,
    });
  });
});

describe("pictureFile()", () => {
  it.each([
    ["pdf", "model.pdf"],
    ["PNG", "model.png"],
    ["figures/load.svg", "figures/load.svg"],
    ["load.PDF", "load.PDF"],
  ])("resolves %s to %s", (wanted, file) => {
    expect(pictureFile(wanted, "model")).toBe(file);
  });

  it.each(["gif", "model.gif", "", "pdf.", "model"])("rejects %j", (wanted) => {
    expect(() => pictureFile(wanted, "model")).toThrow(
      expect.objectContaining({ code: "USAGE_PLOT", exitCode: 2 }),
    );
  });
});
