const FIELDS: readonly [name: string, low: number, high: number, words: readonly string[]][] = [
  ['minute', 0, 59, []],
  ['hour', 0, 23, []],
  ['day of the month', 1, 31, []],
  ['month', 1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  ['day of the week', 0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];

/** What is wrong of a schedule as robfig/cron reads it (five fields, or `@hourly`, or `@every 5m`); undefined where nothing is. */
export function cronError(text: string): string | undefined {
  const trimmed = text.trim().replace(/^(CRON_TZ|TZ)=\S+\s+/, '');
  if (trimmed.startsWith('@')) {
    if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(trimmed)) return undefined;
    if (/^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(trimmed)) return undefined;
    return `"${text}" is no schedule: write "@every 5m", "@hourly" or five fields.`;
  }
  const fields = trimmed.split(/\s+/);
  if (fields.length !== FIELDS.length)
    return `A schedule has five fields (minute, hour, day, month, weekday), this one has ${trimmed === '' ? 0 : fields.length}.`;
  for (const [i, field] of fields.entries()) {
    const [name, low, high, words] = FIELDS[i] as (typeof FIELDS)[number];
    const valid = field.split(',').every((part) => isPart(part, low, high, words));
    if (!valid) return `"${field}" is wrong for the ${name}: ${low} to ${high}.`;
  }
  return undefined;
}

function isPart(part: string, low: number, high: number, words: readonly string[]): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) return false;
  if (range === '*' || range === '?') return true;
  const ends = range
    .split('-')
    .map((one) => (/^\d+$/.test(one) ? Number(one) : words.indexOf(one.toLowerCase()) + (words.length === 12 ? 1 : 0)));
  if (ends.length > 2 || ends.some((one) => !(one >= low && one <= high))) return false;
  const unknown = range.split('-').some((one) => !/^\d+$/.test(one) && !words.includes(one.toLowerCase()));
  return !unknown && (ends.length === 1 || (ends[0] as number) <= (ends[1] as number));
}
