import { createRequire } from "node:module";
import { extname } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { writeNamed } from "./output-file.ts";

/** File formats of a picture. */
export const PICTURE_FORMATS = ["png", "svg", "pdf"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/**
 * Writes a picture as an .svg, .png or .pdf file, depending on the name.
 * @param density dots per inch of a PNG
 * @throws {SlbenchError} USAGE_PLOT for another ending
 */
export async function writePicture(svg: string, file: string, density = 144): Promise<void> {
  await writeNamed(file, await renderPicture(svg, file, density));
}

/**
 * The content of a picture file of this name.
 * @throws {SlbenchError} USAGE_PLOT for another ending than .svg, .png or .pdf
 */
export async function renderPicture(
  svg: string,
  file: string,
  density: number,
): Promise<string | Uint8Array> {
  switch (extname(file).toLowerCase()) {
    case ".svg":
      return svg;
    case ".png": {
      const { default: sharp } = await import("sharp");
      return sharp(Buffer.from(svg), { density }).png().toBuffer();
    }
    case ".pdf":
      return renderPdf(svg);
    default:
      throw new SlbenchError<ToolErrorCode>(
        "USAGE_PLOT",
        `--plots ${file.slice(0, 80)} does not end in .svg, .png or .pdf`,
        {
          hint: "name a .svg, .png or .pdf file",
          exitCode: 2,
        },
      );
  }
}

/**
 * The file that `--plots` names; a format alone stands for the drawing's default name in the current folder.
 * @throws {SlbenchError} USAGE_PLOT if it is neither a format nor a file name that ends in one
 */
export function pictureFile(wanted: string, name: string): string {
  const format = PICTURE_FORMATS.find((one) => one === wanted.toLowerCase());
  if (format !== undefined) return `${name}.${format}`;
  if (PICTURE_FORMATS.some((one) => extname(wanted).toLowerCase() === `.${one}`)) return wanted;
  throw new SlbenchError<ToolErrorCode>(
    "USAGE_PLOT",
    `--plots ${wanted.slice(0, 80)} is neither a format nor a file name that ends in one`,
    {
      hint: "give png, svg, pdf, or a file name that ends in .png, .svg or .pdf",
      exitCode: 2,
    },
  );
}

/** Points per pixel of an SVG without unit: CSS has 96 pixels to an inch, PDF 72 points. */
const POINTS = 0.75;

/** Points per pixel of a picture for a column of a paper: words of 12 pixels become 7 points. */
const PAPER_POINTS = 7 / 12;
const POINTS_PER_UNIT: Readonly<Record<string, number>> = { mm: 72 / 25.4, cm: 72 / 2.54, in: 72, pt: 1 };
/** Of a picture, points: narrower ones have no room for their words, wider ones no page. */
const [MIN_POINTS, MAX_POINTS] = [100, 2000];

/**
 * A width such as `85mm`, `3.3in` or `240pt`, in points.
 * @throws {SlbenchError} USAGE_WIDTH
 */
export function parseWidth(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?) ?(mm|cm|in|pt)$/.exec(text.trim()) ?? [];
  const points = Number(digits) * (POINTS_PER_UNIT[unit] ?? Number.NaN);
  if (points >= MIN_POINTS && points <= MAX_POINTS) return points;
  throw new SlbenchError<ToolErrorCode>("USAGE_WIDTH", `--width ${text.slice(0, 80)} is no width`, {
    hint: "give a number from 100pt to 2000pt with mm, cm, in or pt: --width 85mm",
    exitCode: 2,
  });
}

/** Pixels to lay a picture out in that becomes so many points wide. */
export const paperPixels = (widthPoints: number): number => widthPoints / PAPER_POINTS;

/** The picture with its size in points instead of pixels. */
export function sizedSvg(svg: string, widthPoints: number): string {
  const { width, height } = sizeOf(svg);
  const size = `width="${widthPoints.toFixed(2)}pt" height="${((widthPoints * height) / width).toFixed(2)}pt"`;
  return svg.replace(SIZE, `<svg ${size}`);
}

const SIZE = /^<svg width="([\d.]+)(pt)?" height="([\d.]+)(?:pt)?"/;

function sizeOf(svg: string): { readonly width: number; readonly height: number; readonly points: number } {
  const [, width, unit, height] = SIZE.exec(svg) ?? [];
  if (width === undefined || height === undefined) throw new TypeError("the SVG has no size");
  return { width: Number(width), height: Number(height), points: unit === undefined ? POINTS : 1 };
}

/** Open fonts that the PDF embeds: publishers reject files without. */
const FONTS = {
  regular: "@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff",
  bold: "@fontsource/source-sans-3/files/source-sans-3-latin-700-normal.woff",
} as const;

/**
 * The picture as a PDF page of the same size, with lines and text kept. Its fonts are embedded; characters that they
 * lack become question marks.
 * @returns the same bytes for the same picture
 */
export async function renderPdf(svg: string): Promise<Buffer> {
  const [{ default: PDFDocument }, { default: svgToPdf }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
  ]);
  const { width, height, points } = sizeOf(svg);
  const size: [number, number] = [width * points, height * points];
  // Fixed dates: the same result gives the same file.
  const info = { CreationDate: new Date(0), ModDate: new Date(0) };
  const { resolve } = createRequire(import.meta.url);
  // The first font is opened with the document: otherwise it would begin with Helvetica, which is not embedded.
  const font = resolve(FONTS.regular);
  const pdf = new PDFDocument({ size, margin: 0, info, font });
  for (const [name, file] of Object.entries(FONTS)) pdf.registerFont(name, resolve(file));
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((done) => pdf.on("end", done));
  svgToPdf(pdf, svg.replaceAll(NOT_LATIN, "?"), 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_family, bold) => (bold ? "bold" : "regular"),
  });
  pdf.end();
  await ended;
  return Buffer.concat(parts);
}

/** Not in the fonts' subset for Latin scripts. */
const NOT_LATIN =
  /[^\n -~\u00A0-\u00FF\u0131\u0152\u0153\u2000-\u206F\u20AC\u2122\u2191\u2193\u2212\u2215]/gu;
