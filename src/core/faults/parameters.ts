import { msg, type Text } from '../base/text';
import type { FaultParameter } from './catalogue';
import { formatDuration, parseDuration } from '../time/duration';
import { formatBytes, parseSize } from '../base/quantity';
import { formatRate, parseRate } from '../base/rate';

/** Why a value is no good for a parameter, in one sentence; undefined when it is fine. */
export function checkParameter(parameter: FaultParameter, value: string | number | undefined): Text | undefined {
  const text = String(value ?? '').trim();
  if (parameter.kind === 'text') return undefined;
  if (text === '') return msg`${parameter.title} is missing.`;
  switch (parameter.kind) {
    case 'integer': {
      if (!/^-?\d+$/.test(text)) return msg`${parameter.title} must be a whole number.`;
      return checkLimits(parameter, Number(text), String);
    }
    case 'number': {
      if (!/^\d+(\.\d+)?$/.test(text)) return msg`${parameter.title} must be a number such as 10 or 0.5.`;
      return checkLimits(parameter, Number(text), String);
    }
    case 'size': {
      const bytes = parseSize(text);
      if (bytes === undefined) return msg`${parameter.title} must be a size such as 256MB or 1GiB.`;
      return checkLimits(parameter, bytes, formatBytes);
    }
    case 'duration': {
      const ms = parseDuration(text);
      if (ms === undefined) return msg`${parameter.title} must be a time such as 100ms or 2s.`;
      return checkLimits(parameter, ms, formatDuration);
    }
    case 'offset': {
      const ms = parseOffset(text);
      if (ms === undefined || ms === 0) return msg`${parameter.title} must be a time such as 30s, or -10m.`;
      return checkLimits(parameter, ms, (limit) => `${limit < 0 ? '-' : ''}${formatDuration(Math.abs(limit))}`);
    }
    case 'rate': {
      const rate = parseRate(text);
      if (rate === undefined) return msg`${parameter.title} must be a rate such as 1mbit or 128kbps.`;
      return checkLimits(parameter, rate, formatRate);
    }
    case 'path':
      if (!text.startsWith('/') || text === '/') return msg`${parameter.title} must be an absolute path below "/".`;
      return undefined;
    case 'choice':
      if (parameter.choices?.includes(text)) return undefined;
      return msg`${parameter.title} must be one of ${(parameter.choices ?? []).join(', ')}.`;
  }
}

/** Milliseconds of a duration that may have a sign. */
export function parseOffset(text: string): number | undefined {
  const ms = parseDuration(text.replace(/^[+-]/, ''));
  return ms === undefined ? undefined : text.startsWith('-') ? -ms : ms;
}

function checkLimits(parameter: FaultParameter, value: number, write: (value: number) => string): Text | undefined {
  const unit = parameter.unit === '%' ? '%' : '';
  if (parameter.min !== undefined && value < parameter.min)
    return msg`${parameter.title} must be at least ${write(parameter.min)}${unit}.`;
  if (parameter.max !== undefined && value > parameter.max)
    return msg`${parameter.title} must be at most ${write(parameter.max)}${unit}.`;
  return undefined;
}
