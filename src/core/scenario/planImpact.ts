import { distinct, type Text } from '../base/text';
import { WHOLE, type ScenarioPlan } from './planScenario';
import type { Impact } from '../impact/impact';
import { hitText, impactTexts, warningTexts } from '../impact/impactText';

/** What a plan would do, in words. */
export interface PlanImpact {
  /** The pods of each step. */
  hits: readonly Text[];
  /** The share of the database and the memory, where the steps do not tell them. */
  more: readonly Text[];
  warnings: readonly Text[];
}

/** What a plan would do to a cluster, of which `impact` is known. */
export function planImpact(plan: Pick<ScenarioPlan, 'steps' | 'warnings'>, impact: Impact): PlanImpact {
  const hits = plan.steps.map(({ injection: { targets } }, i): Text => {
    const hit = impact.parts[i]?.hits;
    const said = hit ? hitText(hit) : '';
    // Where the cluster's pods could not be listed, those of the plan are hit all the same.
    return said === '' ? targets.map(({ pod }) => pod).join(', ') : said;
  });
  const told = new Set(hits.map(String));
  return {
    hits,
    more: impactTexts(impact).filter((text) => !told.has(String(text))),
    warnings: distinct([...ownWarnings(plan, impact), ...warningTexts(impact)]),
  };
}

/** What a plan warns of itself. The impact tells better of a majority, with the faults that are running already. */
export const ownWarnings = ({ warnings }: Pick<ScenarioPlan, 'warnings'>, { grave }: Pick<Impact, 'grave'>): Text[] =>
  warnings.filter(({ field }) => field !== WHOLE || grave.length === 0).map(({ message }) => message);
