/**
 * Creates pictures/*.jpg and *.png with 0 to 10 faces each, from two public-domain portraits on several backgrounds.
 * Run from the repository's root: node packages/handler/testdata/make-pictures.ts
 */
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
const out = join(here, "pictures");
const portraits = join(here, "../../../tools/examples/clip/pictures");
const sharp = createRequire(join(here, "../package.json"))("sharp") as typeof import("sharp");

interface Tile {
  readonly who: "eileen" | "grace";
  /** Top left corner and width in pixels; parts outside the picture are cut off. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly flop?: boolean;
  readonly turn?: number;
  readonly light?: number;
}

interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** A colour, or a picture in pictures/, scaled to cover. */
  readonly ground: string;
  readonly tiles: readonly Tile[];
  readonly grey?: boolean;
  readonly soft?: number;
  readonly orientation?: number;
  readonly quality?: number;
}

const sources = {
  eileen: { file: "eileen-collins.jpg", crop: { left: 60, top: 0, width: 330, height: 400 } },
  grace: { file: "grace-hopper.jpg", crop: { left: 70, top: 10, width: 370, height: 450 } },
};

async function tile(spec: Tile, width: number, height: number) {
  const { file, crop } = sources[spec.who];
  let picture = sharp(join(portraits, file)).extract(crop).resize({ width: spec.width }).flop(spec.flop === true);
  if (spec.light !== undefined) picture = picture.modulate({ brightness: spec.light });
  // Rotation and cropping are separate steps: sharp would reorder them within one chain.
  let bytes = await picture.png().toBuffer();
  if (spec.turn !== undefined) bytes = await sharp(bytes).rotate(spec.turn, { background: "#888888" }).png().toBuffer();
  const size = await sharp(bytes).metadata();
  const left = Math.max(0, -spec.x);
  const top = Math.max(0, -spec.y);
  const visible = {
    left,
    top,
    width: Math.min(size.width - left, width - Math.max(0, spec.x)),
    height: Math.min(size.height - top, height - Math.max(0, spec.y)),
  };
  const input = await sharp(bytes).extract(visible).png().toBuffer();
  return { input, left: Math.max(0, spec.x), top: Math.max(0, spec.y) };
}

async function make(spec: Picture): Promise<void> {
  const { width, height, ground, name } = spec;
  const base = /^#/.test(ground)
    ? sharp({ create: { width, height, channels: 3, background: ground } })
    : sharp(join(out, ground)).resize(width, height);
  const composed = await base
    .composite(await Promise.all(spec.tiles.map((one) => tile(one, width, height))))
    .png()
    .toBuffer();
  let picture = sharp(composed);
  if (spec.grey === true) picture = picture.greyscale();
  if (spec.soft !== undefined) picture = picture.blur(spec.soft);
  if (spec.orientation === 6) picture = sharp(await picture.rotate(270).png().toBuffer()).withMetadata({ orientation: spec.orientation });
  const format = name.endsWith(".png") ? picture.png() : picture.jpeg({ quality: spec.quality ?? 78 });
  await format.toFile(join(out, name));
}

/** `count` portraits in rows, alternating between both, with varying sizes and orientations. */
function crowd(count: number, columns: number, cell: number): readonly Tile[] {
  return Array.from({ length: count }, (_, i) => ({
    who: i % 2 === 0 ? "eileen" : "grace",
    x: (i % columns) * cell + 10,
    y: Math.floor(i / columns) * Math.round(cell * 1.35) + 20,
    width: cell - 20 - (i % 3) * 12,
    flop: i % 4 >= 2,
    light: 0.8 + (i % 5) * 0.1,
  }));
}

const coffee = "coffee.jpg";
const pictures: readonly Picture[] = [
  { name: "plain.png", width: 320, height: 240, ground: "#777777", tiles: [] },
  { name: "one-large.jpg", width: 330, height: 400, ground: "#333333", tiles: [{ who: "eileen", x: 0, y: 0, width: 330 }] },
  { name: "one-on-coffee.jpg", width: 700, height: 480, ground: coffee, tiles: [{ who: "grace", x: 380, y: 60, width: 260 }] },
  { name: "one-in-a-frame.jpg", width: 1308, height: 888, ground: "#a0b0a8", tiles: [{ who: "grace", x: 850, y: 300, width: 220, flop: true }] },
  { name: "one-cut-on-the-right.jpg", width: 640, height: 480, ground: "#706860", tiles: [{ who: "eileen", x: 410, y: 60, width: 330 }] },
  { name: "one-cut-at-the-top.jpg", width: 640, height: 480, ground: "#c8c0b0", tiles: [{ who: "grace", x: 150, y: -90, width: 340 }] },
  { name: "one-cut-at-the-bottom.jpg", width: 640, height: 480, ground: "#405060", tiles: [{ who: "eileen", x: 120, y: 250, width: 330 }] },
  { name: "one-leaning.jpg", width: 600, height: 600, ground: "#888888", tiles: [{ who: "eileen", x: 60, y: 40, width: 330, turn: 12 }] },
  { name: "one-dark.jpg", width: 500, height: 600, ground: "#101010", tiles: [{ who: "grace", x: 60, y: 60, width: 360, light: 0.45 }] },
  { name: "one-grey.jpg", width: 500, height: 500, ground: "#999999", tiles: [{ who: "eileen", x: 90, y: 60, width: 320 }], grey: true },
  { name: "one-soft.jpg", width: 480, height: 480, ground: "#667788", tiles: [{ who: "grace", x: 60, y: 10, width: 360 }], soft: 3 },
  { name: "one-in-a-tall-picture.jpg", width: 300, height: 900, ground: "#b08060", tiles: [{ who: "eileen", x: 20, y: 560, width: 250 }] },
  { name: "one-tiny.jpg", width: 120, height: 140, ground: "#d0d0d0", tiles: [{ who: "grace", x: 10, y: 5, width: 100 }] },
  { name: "one-on-its-side.jpg", width: 480, height: 360, ground: "#556655", tiles: [{ who: "eileen", x: 100, y: 0, width: 280 }], orientation: 6 },
  { name: "two-apart.jpg", width: 1308, height: 888, ground: coffee, tiles: [{ who: "eileen", x: 80, y: 200, width: 330 }, { who: "grace", x: 860, y: 120, width: 370 }], quality: 75 },
  { name: "two-close.png", width: 420, height: 260, ground: "#444444", tiles: crowd(2, 2, 205) },
  { name: "three.jpg", width: 700, height: 360, ground: coffee, tiles: crowd(3, 3, 230) },
  { name: "four.jpg", width: 600, height: 760, ground: "#908070", tiles: crowd(4, 2, 280) },
  { name: "five.jpg", width: 900, height: 640, ground: coffee, tiles: crowd(5, 3, 230) },
  { name: "six.jpg", width: 1308, height: 888, ground: "#8090a0", tiles: crowd(6, 4, 300) },
  { name: "seven.jpg", width: 1040, height: 700, ground: "#505860", tiles: crowd(7, 4, 258) },
  { name: "eight.jpg", width: 1100, height: 720, ground: "#303840", tiles: crowd(8, 4, 260) },
  { name: "nine.jpg", width: 760, height: 1000, ground: "#b0a8a0", tiles: crowd(9, 3, 240) },
  { name: "ten.jpg", width: 1308, height: 888, ground: "#708070", tiles: crowd(10, 5, 255), quality: 75 },
];

for (const picture of pictures) await make(picture);
