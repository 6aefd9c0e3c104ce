// Records the screen of a browser, for tests of the first frames of a page.

import { spawn } from "node:child_process";
import { program } from "./browser.mjs";
import { eventually } from "./live.mjs";

const [WIDTH, HEIGHT] = [32, 24];
const FRAME = WIDTH * HEIGHT * 3;

/** Begins to record a display with 60 frames in a second. `stop` returns the frames, each a list of [red, green, blue]. */
export async function record(display) {
  const ffmpeg = program("ffmpeg", "install Debian's package `ffmpeg`");
  const input = ["-f", "x11grab", "-draw_mouse", "0", "-framerate", "60", "-i", display];
  const output = ["-vf", `scale=${WIDTH}:${HEIGHT}:flags=neighbor`, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
  const recorder = spawn(ffmpeg, ["-loglevel", "error", ...input, ...output], { stdio: ["pipe", "pipe", "inherit"] });
  const parts = [];
  recorder.stdout.on("data", (part) => parts.push(part));
  const ended = new Promise((resolve) => recorder.once("close", resolve));
  await eventually("a first frame", () => parts.length > 0);
  const stop = async () => {
    recorder.stdin.write("q");
    await ended;
    const bytes = Buffer.concat(parts);
    const frames = [];
    for (let at = 0; at + FRAME <= bytes.length; at += FRAME) {
      const pixels = [];
      for (let pixel = at; pixel < at + FRAME; pixel += 3) pixels.push([...bytes.subarray(pixel, pixel + 3)]);
      frames.push(pixels);
    }
    return frames;
  };
  return { stop };
}
