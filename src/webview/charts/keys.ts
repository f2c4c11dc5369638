import { nearest } from './tooltip';

/** What a key asks of the charts. */
export interface KeyAct {
  /** Another chart, so many further. */
  move?: number;
  /** The crosshair to this time. */
  crosshair?: number;
  /** Another stretch. */
  zoom?: [fromMs: number, toMs: number];
  /** Away with the crosshair, else back to the range before. */
  reset?: true;
}

/** Where the charts are when a key is pressed. */
export interface KeyState {
  timestamps: Float64Array;
  fromMs: number;
  toMs: number;
  hoverMs: number | undefined;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Steps of the crosshair for a page key. */
const PAGE = 10;

/** Arrows move the crosshair and between charts, with Shift the stretch; plus and minus zoom, Escape goes back. */
export function chartKey({ key, shiftKey, ctrlKey, altKey, metaKey }: Key, state: KeyState): KeyAct | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const { timestamps, fromMs, toMs, hoverMs } = state;
  const length = toMs - fromMs;
  const last = timestamps.length - 1;
  const to = (place: number): KeyAct | undefined =>
    last < 0 ? undefined : { crosshair: timestamps[Math.min(last, Math.max(0, place))] as number };
  const now = hoverMs === undefined ? last + 1 : nearest(timestamps, hoverMs);
  const around = (factor: number): KeyAct => {
    const centre = hoverMs ?? (fromMs + toMs) / 2;
    return { zoom: [centre - (centre - fromMs) * factor, centre + (toMs - centre) * factor] };
  };
  switch (key) {
    case 'ArrowLeft':
      return shiftKey ? { zoom: [fromMs - length / 4, toMs - length / 4] } : to(now - 1);
    case 'ArrowRight':
      return shiftKey ? { zoom: [fromMs + length / 4, toMs + length / 4] } : to(Math.min(last, now + 1));
    case 'PageUp':
      return to(now - PAGE);
    case 'PageDown':
      return to(now + PAGE);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    case 'ArrowDown':
      return { move: 1 };
    case 'ArrowUp':
      return { move: -1 };
    case '+':
    case '=':
      return around(0.5);
    case '-':
      return around(2);
    case '0':
    case 'Escape':
      return { reset: true };
    default:
      return undefined;
  }
}
