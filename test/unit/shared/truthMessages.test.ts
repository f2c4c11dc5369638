import { describe, expect, it } from 'vitest';
import { parseHostMessage, parseViewMessage } from '../../../src/shared/protocol';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);

describe('what the page asks of truth and past', () => {
  it.each([
    [{ type: 'diagnoseAt', atMs: 1_000 }],
    [{ type: 'diagnoseLive' }],
    [{ type: 'saveReport', key: 'StressChaos/ns/name/uid' }],
    [{ type: 'drawn', id: 3, pictures: [PNG] }],
    [{ type: 'drawn', id: 3, pictures: [] }],
  ])('%j is taken', (message) => {
    expect(parseViewMessage({ ...message, more: 'is dropped' })).toEqual(message);
  });

  it.each([
    [{ type: 'diagnoseAt' }],
    [{ type: 'diagnoseAt', atMs: '1000' }],
    [{ type: 'diagnoseAt', atMs: NaN }],
    [{ type: 'diagnoseAt', atMs: -5 }],
    [{ type: 'diagnoseAt', atMs: 9e15 }],
    [{ type: 'saveReport', key: '' }],
    [{ type: 'saveReport', key: 'x'.repeat(1001) }],
    [{ type: 'drawn', id: -1, pictures: [] }],
    [{ type: 'drawn', id: 1, pictures: [Uint8Array.of(1, 2, 3)] }],
    [{ type: 'drawn', id: 1, pictures: ['<svg/>'] }],
    [{ type: 'drawn', id: 1, pictures: Array.from({ length: 41 }, () => PNG) }],
  ])('%j is refused', (message) => {
    expect(parseViewMessage(message)).toBeUndefined();
  });
});

describe('what the host tells of truth and past', () => {
  it.each([
    [{ type: 'truth', board: { verdicts: [] } }],
    [{ type: 'past', atMs: 5, state: 'loading' }],
    [{ type: 'past', atMs: 5, state: 'done', diagnosis: { pairs: [] }, known: { state: 'normal' }, unknown: [] }],
    [{ type: 'past', atMs: 5, state: 'failed', message: 'gone' }],
    [{ type: 'draw', id: 1, drawings: [] }],
  ])('%j is taken', (message) => {
    expect(parseHostMessage(message)).toEqual(message);
  });

  it.each([
    [{ type: 'truth' }],
    [{ type: 'truth', board: null }],
    [{ type: 'past', state: 'loading' }],
    [{ type: 'past', atMs: 5, state: 'done' }],
    [{ type: 'past', atMs: 5, state: 'done', diagnosis: { pairs: [] }, unknown: [] }],
    [{ type: 'past', atMs: 5, state: 'failed' }],
    [{ type: 'draw', drawings: [] }],
  ])('%j is passed over', (message) => {
    expect(parseHostMessage(message)).toBeUndefined();
  });
});
