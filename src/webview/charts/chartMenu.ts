import type { ChartViewMessage, OwnChart } from '../../shared/chartMessages';
import type { ChartCard } from './card';
import { RANK_CHART } from './chartContent';
import { chartPng } from '../toolbar/exports';
import type { MenuItem } from '../elements/menu';
import { t } from '../texts';

/** What a chart's menu leads to. */
export interface ChartMenuActions {
  post: (message: ChartViewMessage) => void;
  /** The chart, where it is one of the user's own. */
  own: OwnChart | undefined;
  edit: (chart: OwnChart) => void;
}

/** What can be done with a chart; nothing where it is gone. */
export function chartMenu(card: ChartCard | undefined, { post, own, edit }: ChartMenuActions): MenuItem[] {
  if (!card) return [];
  const { id } = card.content;
  return [
    ...(own ? [{ label: t('Edit chart…'), run: () => edit(own) }] : []),
    ...(id === RANK_CHART ? [] : [{ label: t('Copy query'), run: () => post({ type: 'copyQuery', chart: id }) }]),
    {
      label: t('Save as PNG'),
      run: () => void chartPng(card).then((bytes) => post({ type: 'exportImage', name: id, bytes })),
    },
    { label: t('Save as CSV'), run: () => post({ type: 'exportData', format: 'csv', chart: id }) },
    { label: t('Save as JSON'), run: () => post({ type: 'exportData', format: 'json', chart: id }) },
    ...(own ? [{ label: t('Remove chart'), run: () => post({ type: 'removeChart', chart: id }) }] : []),
  ];
}
