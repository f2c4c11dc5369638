import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostMessage, parseViewMessage, PROTOCOL_VERSION } from '../../../src/shared/protocol';

/** Bytes that begin as a PNG does. */
function png(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

describe('messages from the view', () => {
  it('are taken when they are well formed', () => {
    expect(parseViewMessage({ type: 'ready', extra: 1 })).toEqual({ type: 'ready' });
    expect(parseViewMessage({ type: 'setRange', windowMs: 300_000 })).toEqual({ type: 'setRange', windowMs: 300_000 });
    expect(parseViewMessage({ type: 'setLive', live: false })).toEqual({ type: 'setLive', live: false });
    expect(parseViewMessage({ type: 'setStretch', fromMs: 0, toMs: 60_000, x: 1 })).toEqual({
      type: 'setStretch',
      fromMs: 0,
      toMs: 60_000,
    });
    expect(parseViewMessage({ type: 'saveChart', query: ' up\n' })).toEqual({
      type: 'saveChart',
      chart: undefined,
      query: 'up',
      title: '',
      unit: undefined,
    });
    expect(
      parseViewMessage({ type: 'saveChart', chart: 'own:1', query: 'up', title: ' Up ', unit: 'ratio' }),
    ).toMatchObject({ chart: 'own:1', title: 'Up', unit: 'ratio' });
    expect(parseViewMessage({ type: 'saveChart', query: 'up', unit: 'furlongs' })).toMatchObject({ unit: undefined });
    expect(parseViewMessage({ type: 'saveChart', query: 'up', title: 'x'.repeat(81) })).toBeUndefined();
    expect(parseViewMessage({ type: 'exportImage', name: 'own:1', bytes: png(100) })).toMatchObject({ name: 'own:1' });
    expect(parseViewMessage({ type: 'exportImage', name: 'rank', bytes: png(100).buffer })).toMatchObject({
      bytes: png(100),
    });
  });

  it.each([
    null,
    undefined,
    1,
    'ready',
    {},
    { type: 'eval' },
    { type: 'setRange', windowMs: 1 },
    { type: 'setRange', windowMs: '300000' },
    { type: 'setLive', live: 1 },
    { type: 'setStretch', fromMs: 0, toMs: 1000 },
    { type: 'setStretch', fromMs: 0, toMs: 32 * 86_400_000 },
    { type: 'setStretch', fromMs: 0.5, toMs: 600_000 },
    { type: 'setStretch', fromMs: NaN, toMs: Infinity },
    { type: 'setPixels', pixels: 0 },
    { type: 'setPixels', pixels: 1e9 },
    { type: 'copyQuery', chart: '../../etc' },
    { type: 'removeChart' },
    { type: 'metricNames', id: -1, text: 'a' },
    { type: 'metricNames', id: 1, text: 'x'.repeat(201) },
    { type: 'saveChart', query: '   ' },
    { type: 'saveChart', query: 'x'.repeat(4001) },
    { type: 'saveChart', query: 'up\u0000' },
    { type: 'saveChart', query: ['up'] },
    { type: 'exportData', format: 'exe' },
    { type: 'exportData', format: 'csv', chart: 'a b' },
    { type: 'revealExperiment', key: '' },
    { type: 'revealExperiment', key: 'x'.repeat(2000) },
  ])('%j is refused', (input) => {
    expect(parseViewMessage(input)).toBeUndefined();
  });

  it.each<[string, object]>([
    ['is no PNG', { name: 'charts', bytes: new Uint8Array(100) }],
    ['has a name that leads elsewhere', { name: '../charts', bytes: png(100) }],
    ['is too large', { name: 'charts', bytes: png(16 * 1024 * 1024 + 1) }],
    ['is no bytes', { name: 'charts', bytes: [...png(100)] }],
    ['is missing', { name: 'charts' }],
  ])('a picture that %s is refused', (_, parts) => {
    expect(parseViewMessage({ type: 'exportImage', ...parts })).toBeUndefined();
  });

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        parseViewMessage(input);
        parseHostMessage(input);
      }),
    );
  });

  it('give nothing but what the panel understands, however its parts are mixed', () => {
    const types = ['setRange', 'setStretch', 'setPixels', 'copyQuery', 'metricNames', 'saveChart', 'removeChart'];
    const message = fc.record(
      {
        type: fc.constantFrom(...types, 'exportData', 'exportImage'),
        windowMs: fc.anything(),
        fromMs: fc.anything(),
        toMs: fc.anything(),
        pixels: fc.anything(),
        chart: fc.anything(),
        id: fc.anything(),
        text: fc.anything(),
        title: fc.oneof(fc.anything(), fc.string({ unit: 'binary' })),
        unit: fc.anything(),
        query: fc.oneof(fc.anything(), fc.string({ unit: 'binary' })),
        format: fc.oneof(fc.anything(), fc.constantFrom('csv', 'json')),
        name: fc.anything(),
        bytes: fc.anything(),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(message, (input) => {
        const parsed = parseViewMessage(input);
        if (parsed?.type === 'saveChart') {
          expect(parsed.query.length).toBeGreaterThan(0);
          expect(parsed.query).not.toContain('\u0000');
        }
        if (parsed?.type === 'setStretch') expect(parsed.toMs - parsed.fromMs).toBeGreaterThanOrEqual(60_000);
        if (parsed) expect(parseViewMessage(structuredClone(parsed))).toEqual(parsed);
      }),
    );
  });
});

describe('messages from the host', () => {
  it('of another version or outline are refused', () => {
    expect(parseHostMessage({ type: 'init', version: PROTOCOL_VERSION })).toEqual({
      type: 'init',
      version: PROTOCOL_VERSION,
    });
    expect(parseHostMessage({ type: 'init', version: PROTOCOL_VERSION + 1 })).toBeUndefined();
    expect(parseHostMessage({ type: 'snapshot', seq: 1 })).toBeUndefined();
    expect(parseHostMessage({ type: 'now', x: 1 })).toEqual({ type: 'now' });
  });
});
