import type { PanelDrawing } from '../shared/truthMessages';
import { h } from './dom';

/** Pixels of a picture per CSS pixel. */
const RATIO = 2;

/** SVG drawings as PNG; none where one of them could not be drawn. */
export async function rasterise(drawings: readonly PanelDrawing[]): Promise<Uint8Array[]> {
  try {
    const pictures: Uint8Array[] = [];
    for (const drawing of drawings) pictures.push(await picture(drawing));
    return pictures;
  } catch {
    return []; // the host then keeps the drawings as they are
  }
}

async function picture({ svg, width, height }: PanelDrawing): Promise<Uint8Array> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = h('canvas', { width: width * RATIO, height: height * RATIO });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('no picture');
  return new Uint8Array(await blob.arrayBuffer());
}
