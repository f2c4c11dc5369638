import type { ChartCard } from '../charts/card';
import { h } from '../elements/dom';

/** Size of each chart in the picture of all charts, CSS pixels. */
const WIDTH = 480;
const HEIGHT = 180;
const COLUMNS = 3;
const GAP = 12;
/** With more charts, the picture would be too large for a ticket, and for a canvas. */
const MOST = 60;

const toBytes = (canvas: HTMLCanvasElement): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (!blob) return reject(new Error('the picture could not be made'));
      blob.arrayBuffer().then((buffer) => resolve(new Uint8Array(buffer)), reject);
    }, 'image/png');
  });

/** One chart as a PNG. */
export const chartPng = (card: ChartCard): Promise<Uint8Array> => toBytes(card.picture(2 * WIDTH, 2 * HEIGHT));

/** All charts in one PNG, in the rows shown on the screen. */
export function chartsPng(cards: readonly ChartCard[], background: string): Promise<Uint8Array> {
  const shown = cards.slice(0, MOST);
  const columns = Math.min(COLUMNS, shown.length);
  const rows = Math.ceil(shown.length / columns);
  const canvas = h('canvas');
  const ratio = 2;
  canvas.width = (columns * (WIDTH + GAP) + GAP) * ratio;
  canvas.height = (rows * (HEIGHT + GAP) + GAP) * ratio;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  shown.forEach((card, place) => {
    const [x, y] = [GAP + (place % columns) * (WIDTH + GAP), GAP + Math.floor(place / columns) * (HEIGHT + GAP)];
    context.drawImage(card.picture(WIDTH, HEIGHT), x, y, WIDTH, HEIGHT);
  });
  return toBytes(canvas);
}
