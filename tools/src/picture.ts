import { extname } from "node:path";
import { ToolError } from "./errors.ts";
import { writeNamed } from "./output-file.ts";

/** Kinds of files that a picture can be written as. */
export const PICTURE_FORMATS = ["png", "svg", "pdf"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/**
 * Writes a picture as an .svg, .png or .pdf file, whichever the name says.
 * @param density dots per inch of a PNG
 * @throws {ToolError} USAGE_PLOT for another ending
 */
export async function writePicture(svg: string, file: string, density = 144): Promise<void> {
  await writeNamed(file, await renderPicture(svg, file, density));
}

/**
 * A picture's bytes as a file of that name holds them.
 * @throws {ToolError} USAGE_PLOT for another ending than .svg, .png or .pdf
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
      throw new ToolError("USAGE_PLOT", `--plots ${file.slice(0, 80)} ends neither in .svg, .png nor .pdf`, {
        hint: "name a .svg, .png or .pdf file",
        exitCode: 2,
      });
  }
}

/**
 * The file that `--plots` asks for: a format alone goes by the drawing's usual name, into the current folder.
 * @throws {ToolError} USAGE_PLOT where it is neither a format nor a file name that ends in one
 */
export function pictureFile(wanted: string, name: string): string {
  const format = PICTURE_FORMATS.find((one) => one === wanted.toLowerCase());
  if (format !== undefined) return `${name}.${format}`;
  if (PICTURE_FORMATS.some((one) => extname(wanted).toLowerCase() === `.${one}`)) return wanted;
  throw new ToolError("USAGE_PLOT", `--plots ${wanted.slice(0, 80)} is no format and ends in none`, {
    hint: "give png, svg, pdf, or a file name that ends in .png, .svg or .pdf",
    exitCode: 2,
  });
}

/** Points per pixel of an SVG without unit: CSS has 96 pixels to an inch, PDF 72 points. */
const POINTS = 0.75;

/**
 * The picture as a page of its own size: lines stay lines, text stays text (Helvetica, which every PDF reader
 * has). What Helvetica's encoding lacks becomes a question mark.
 * @returns the same bytes for the same picture
 */
export async function renderPdf(svg: string): Promise<Buffer> {
  const [{ default: PDFDocument }, { default: svgToPdf }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
  ]);
  const [, width, height] = /^<svg width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (width === undefined || height === undefined) throw new TypeError("the picture does not say its size");
  const size: [number, number] = [Number(width) * POINTS, Number(height) * POINTS];
  // No date: the same result gives the same file.
  const info = { CreationDate: new Date(0), ModDate: new Date(0) };
  const pdf = new PDFDocument({ size, margin: 0, info });
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => pdf.on("end", resolve));
  svgToPdf(pdf, svg.replaceAll(NOT_LATIN, "?"), 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_family, bold) => (bold ? "Helvetica-Bold" : "Helvetica"),
  });
  pdf.end();
  await ended;
  return Buffer.concat(parts);
}

/** Outside Windows-1252, the encoding of a PDF's standard fonts. */
const NOT_LATIN = /[^\n -~\u00A0-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu;
