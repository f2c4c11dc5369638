import { timeAt, type PlotArea } from './plot';

/** What the pointer does on a plot. */
export interface GestureActions {
  area: () => PlotArea;
  range: () => { fromMs: number; toMs: number };
  /** The pointer is over this time; undefined = it has left. */
  hover: (ms: number | undefined, y: number) => void;
  /** A stretch is being marked; undefined = no more. */
  mark: (stretch: { left: number; right: number } | undefined) => void;
  zoom: (fromMs: number, toMs: number) => void;
  /** The shown stretch is being moved; `done` when the pointer is let go. */
  pan: (fromMs: number, toMs: number, done: boolean) => void;
  reset: () => void;
}

/** Less than this is a click, not a drag; CSS pixels. */
const LEAST_DRAG = 5;

/** Dragging marks a stretch to zoom into, with Shift or the middle button it moves the shown one; a double click goes back. */
export function watchPointer(element: HTMLElement, actions: GestureActions): void {
  let drag: { x: number; pan: boolean; fromMs: number; toMs: number; area: PlotArea } | undefined;
  const place = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const shifted = (x: number): [number, number] => {
    const { fromMs, toMs, area, x: began } = drag as NonNullable<typeof drag>;
    const by = ((began - x) / (area.right - area.left)) * (toMs - fromMs);
    return [fromMs + by, toMs + by];
  };
  const end = (): void => {
    drag = undefined;
    actions.mark(undefined);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button > 1) return;
    const { x } = place(event);
    drag = { x, pan: event.shiftKey || event.button === 1, ...actions.range(), area: actions.area() };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const { x, y } = place(event);
    const area = actions.area();
    const { fromMs, toMs } = actions.range();
    if (drag?.pan) return actions.pan(...shifted(x), false);
    const inside = x >= area.left && x <= area.right;
    actions.hover(inside ? timeAt(x, area, fromMs, toMs) : undefined, y);
    if (!drag || Math.abs(x - drag.x) < LEAST_DRAG) return;
    const ends = [drag.x, x].map((at) => Math.min(area.right, Math.max(area.left, at)));
    actions.mark({ left: Math.min(...ends), right: Math.max(...ends) });
  });
  element.addEventListener('pointerup', (event) => {
    if (!drag) return;
    const { x } = place(event);
    const { x: began, area, pan, fromMs, toMs } = drag;
    const [left, right] = [began, x]
      .map((at) => Math.min(area.right, Math.max(area.left, at)))
      .sort((a, b) => a - b) as [number, number];
    if (Math.abs(x - began) < LEAST_DRAG) end();
    else if (pan) {
      const [from, to] = shifted(x);
      end();
      actions.pan(from, to, true);
    } else {
      end();
      actions.zoom(timeAt(left, area, fromMs, toMs), timeAt(right, area, fromMs, toMs));
    }
  });
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => actions.hover(undefined, 0));
  element.addEventListener('dblclick', () => actions.reset());
}
