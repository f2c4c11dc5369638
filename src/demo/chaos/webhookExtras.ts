import { durationError } from '../../core/chaosRules/goFormats';
import type { WebhookProblem } from '../../core/chaosRules/webhookRules';

type Spec = Readonly<Record<string, unknown>>;
type Refusal = Pick<WebhookProblem, 'field' | 'value' | 'why'>;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** What the webhooks of TimeChaos and HTTPChaos refuse beside selectors and durations, in Chaos Mesh's words. */
export function refusedValues(kind: string, spec: Spec): Refusal[] {
  if (kind === 'TimeChaos') {
    const offset = String(spec['timeOffset'] ?? '');
    const wrong = durationError(offset);
    const why = `parse timeOffset field error:${wrong}`;
    return wrong === undefined ? [] : [{ field: 'Spec.TimeOffset', value: offset, why }];
  }
  return kind === 'HTTPChaos' ? http(spec) : [];
}

function http({ port = 0, method, delay, target }: Spec): Refusal[] {
  const refusals: Refusal[] = [];
  if (Number(port) <= 0)
    refusals.push({ field: 'Spec.Port', value: port, why: `port ${Number(port)} is not supported` });
  if (typeof method === 'string' && target === 'Request' && !METHODS.includes(method))
    refusals.push({ field: 'Spec.Method', value: method, why: `method ${method} is not supported` });
  if (typeof delay === 'string' && durationError(delay) !== undefined)
    refusals.push({ field: 'Spec.PodHttpChaosActions.Delay', value: delay, why: `invalid duration ${delay}` });
  return refusals;
}
