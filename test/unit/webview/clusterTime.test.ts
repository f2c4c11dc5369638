import { expect, it } from 'vitest';
import { clusterNow, heardTime } from '../../../src/webview/clusterTime';

it('the page’s time is the cluster’s, as it was told last', () => {
  for (const aheadMs of [600_000, -600_000]) {
    heardTime(Date.now() + aheadMs);
    const apart = clusterNow() - Date.now() - aheadMs;
    expect(Math.abs(apart)).toBeLessThan(60_000);
  }
});
