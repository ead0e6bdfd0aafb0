/**
 * Makes sample.mp4: 37 frames of 1308 × 888, two upright faces that move across a plain wall.
 * Run from the repository's root: node --conditions=@slbench/source tools/examples/clip/make-clip.ts
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFfmpeg } from "../../src/frames/find-ffmpeg.ts";

const here = import.meta.dirname;
// sharp is a dependency of the packages, not of this folder.
const sharp = createRequire(join(here, "../../../packages/handler/package.json"))(
  "sharp",
) as typeof import("sharp");
const ffmpeg = await findFfmpeg();

const WIDTH = 1308;
const HEIGHT = 888;
const FRAMES = 37;

/** Where a portrait is: centre and width in pixels at time 0..1. */
interface Actor {
  readonly file: string;
  readonly crop: { left: number; top: number; width: number; height: number };
  readonly at: (time: number) => { x: number; y: number; width: number };
}

const actors: readonly Actor[] = [
  {
    file: "eileen-collins.jpg",
    crop: { left: 60, top: 0, width: 330, height: 400 },
    at: (time) => ({ x: 260 + 330 * time, y: 470 - 90 * Math.sin(Math.PI * time), width: 360 + 90 * time }),
  },
  {
    file: "grace-hopper.jpg",
    crop: { left: 70, top: 10, width: 370, height: 450 },
    at: (time) => ({
      x: 1060 - 130 * time,
      y: 420 + 70 * Math.sin(2 * Math.PI * time),
      width: 400 - 80 * time,
    }),
  },
];

/** A portrait with a soft oval edge. */
async function portrait(
  actor: Actor,
  width: number,
): Promise<{ input: Buffer; width: number; height: number }> {
  const height = Math.round((width * actor.crop.height) / actor.crop.width);
  const oval = Buffer.from(
    `<svg width="${width}" height="${height}"><defs><radialGradient id="g"><stop offset="0.86" stop-color="#fff"/>` +
      `<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>` +
      `<ellipse cx="50%" cy="50%" rx="50%" ry="50%" fill="url(#g)"/></svg>`,
  );
  const input = await sharp(join(here, "pictures", actor.file))
    .extract(actor.crop)
    .resize(width, height)
    .ensureAlpha()
    .composite([{ input: oval, blend: "dest-in" }])
    .png()
    .toBuffer();
  return { input, width, height };
}

const wall = Buffer.from(
  `<svg width="${WIDTH}" height="${HEIGHT}"><defs><linearGradient id="w" x2="0.3" y2="1"><stop stop-color="#8fa3ad"/>` +
    `<stop offset="1" stop-color="#4d5b63"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#w)"/>` +
    `<rect x="70" y="60" width="300" height="210" fill="#d9d2c0"/><rect x="90" y="80" width="260" height="170" fill="#6f8f72"/>` +
    `<rect y="800" width="100%" height="88" fill="#3b332c"/></svg>`,
);

const folder = await mkdtemp(join(tmpdir(), "clip-"));
try {
  for (let frame = 0; frame < FRAMES; frame++) {
    const time = frame / (FRAMES - 1);
    const layers = await Promise.all(
      actors.map(async (actor) => {
        const { x, y, width } = actor.at(time);
        const picture = await portrait(actor, Math.round(width));
        return {
          input: picture.input,
          left: Math.round(x - picture.width / 2),
          top: Math.round(y - picture.height / 2),
        };
      }),
    );
    await sharp(wall)
      .composite(layers)
      .png()
      .toFile(join(folder, `${String(frame).padStart(3, "0")}.png`));
  }
  const done = spawnSync(
    ffmpeg,
    ["-y", "-loglevel", "error", "-framerate", "12.5", "-i", join(folder, "%03d.png")].concat(
      [
        "-c:v",
        "libx264",
        "-preset",
        "veryslow",
        "-crf",
        "16",
        "-pix_fmt",
        "yuv420p",
        "-movflags",
        "+faststart",
      ],
      ["-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"],
      [join(here, "sample.mp4")],
    ),
    { stdio: "inherit" },
  );
  if (done.status !== 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
