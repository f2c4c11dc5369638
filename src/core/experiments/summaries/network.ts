import { isRecord } from '../../base/unknown';
import { delayed, join, list, part, suffix, textField, type Spec } from './spec';

const DIRECTIONS: Readonly<Record<string, string>> = { to: 'egress', from: 'ingress', both: 'both directions' };

/** What a NetworkChaos does: `delay 100ms ± 10ms on egress`. All its blocks act together, whatever the action is called. */
export function networkSummary(spec: Spec): string {
  const action = textField(spec, 'action');
  const delay = part(spec, 'delay');
  const percent = (block: string): string =>
    isRecord(spec[block]) ? `${block} ${textField(part(spec, block), block)}%` : '';
  const effects = join(
    ', ',
    isRecord(spec['delay']) ? `delay ${delayed(delay)}` : '',
    isRecord(delay['reorder']) ? `reorder ${textField(part(delay, 'reorder'), 'reorder')}%` : '',
    percent('loss'),
    percent('duplicate'),
    percent('corrupt'),
    isRecord(spec['rate']) ? `rate ${textField(part(spec, 'rate'), 'rate')}` : '',
    isRecord(spec['bandwidth']) ? `bandwidth ${textField(part(spec, 'bandwidth'), 'rate')}` : '',
  );
  const what = effects !== '' && action !== 'partition' ? effects : action;
  if (what === '') return '';
  const direction = textField(spec, 'direction') || 'to';
  return `${what} on ${DIRECTIONS[direction] ?? direction}${peer(spec)}`;
}

/** The other end, where only packets to or from it are hit. */
function peer(spec: Spec): string {
  const pods = part(part(part(spec, 'target'), 'selector'), 'pods');
  const names = list(Object.values(pods).flat());
  const ends = join(', ', names || (isRecord(spec['target']) ? 'selected pods' : ''), list(spec['externalTargets']));
  const sign = textField(spec, 'direction') === 'from' ? '← ' : textField(spec, 'direction') === 'both' ? '⇄ ' : '→ ';
  return suffix(sign, ends);
}
