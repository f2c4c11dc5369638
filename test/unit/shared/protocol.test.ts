import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostMessage, parseViewMessage, PROTOCOL_VERSION } from '../../../src/shared/protocol';

describe('messages from the view', () => {
  it('are taken when they are well formed', () => {
    expect(parseViewMessage({ type: 'ready', extra: 1 })).toEqual({ type: 'ready' });
    expect(parseViewMessage({ type: 'setRange', windowMs: 300_000 })).toEqual({ type: 'setRange', windowMs: 300_000 });
    expect(parseViewMessage({ type: 'setLive', live: false })).toEqual({ type: 'setLive', live: false });
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
    { type: 'revealExperiment', key: '' },
    { type: 'revealExperiment', key: 'x'.repeat(2000) },
  ])('%j is refused', (input) => {
    expect(parseViewMessage(input)).toBeUndefined();
  });

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        parseViewMessage(input);
        parseHostMessage(input);
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
  });
});
