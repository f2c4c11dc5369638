import type { PanelState } from '../../shared/protocol';
import { timeOfDay } from '../format';
import { t } from '../texts';

/** The headline of the diagnosis, and its style. */
export interface Headline {
  text: string;
  look: 'healthy' | 'anomalous' | 'unknown';
}

/** What is known, in one line. Only the present can be green; `over`: a past moment is shown. */
export function headline({ state, since, readyInMs }: PanelState, named: number, over: boolean): Headline {
  switch (state) {
    case 'normal':
      return { text: t('No anomaly detected'), look: over ? 'unknown' : 'healthy' };
    case 'anomalous':
      return { text: named === 1 ? t('1 anomaly found') : t('{0} anomalies found', named), look: 'anomalous' };
    case 'unknown':
      return {
        text: over || since === undefined ? t('Unknown') : t('Unknown – last checked {0}', timeOfDay(since)),
        look: 'unknown',
      };
    case 'collecting': {
      if (over) return { text: t('Not enough data'), look: 'unknown' };
      const seconds = Math.ceil((readyInMs ?? 0) / 5000) * 5;
      const text = seconds > 0 ? t('Collecting data… (about {0} s)', seconds) : t('Collecting data…');
      return { text, look: 'unknown' };
    }
  }
}
