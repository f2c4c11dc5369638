import { writeFileSync } from 'node:fs';
import UPNG from 'upng-js';

/** A page has some dozens of colours and their blends: more are not seen, and cost bytes. */
const COLOURS = 96;

const pixels = (bytes) => {
  const image = UPNG.decode(bytes);
  return { width: image.width, height: image.height, rgba: UPNG.toRGBA8(image)[0] };
};

/** Writes a screenshot with a palette; returns its size in bytes. */
export function writeStill(file, screenshot) {
  const { width, height, rgba } = pixels(screenshot);
  const bytes = new Uint8Array(UPNG.encode([rgba], width, height, COLOURS));
  writeFileSync(file, bytes);
  return bytes.length;
}

/** Writes `{ screenshot, ms }` one after the other as an animated PNG with one palette; returns its size in bytes. */
export function writeMovie(file, frames) {
  const images = frames.map(({ screenshot }) => pixels(screenshot));
  const [{ width, height }] = images;
  if (images.some((image) => image.width !== width || image.height !== height))
    throw new Error('the frames of a moving picture have one size');
  const delays = frames.map(({ ms }) => ms);
  const bytes = new Uint8Array(
    UPNG.encode(
      images.map(({ rgba }) => rgba),
      width,
      height,
      COLOURS,
      delays,
    ),
  );
  writeFileSync(file, bytes);
  return bytes.length;
}
