import { extname } from "node:path";
import { SlbenchError, type ToolErrorCode } from "./errors.ts";
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

/**
 * The picture as a PDF page of the same size, with lines and text kept. Text is in Helvetica, which every PDF reader
 * has; characters outside its encoding become question marks.
 * @returns the same bytes for the same picture
 */
export async function renderPdf(svg: string): Promise<Buffer> {
  const [{ default: PDFDocument }, { default: svgToPdf }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
  ]);
  const [, width, height] = /^<svg width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (width === undefined || height === undefined) throw new TypeError("the SVG has no size");
  const size: [number, number] = [Number(width) * POINTS, Number(height) * POINTS];
  // Fixed dates: the same result gives the same file.
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
