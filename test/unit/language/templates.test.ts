import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../src/adapters/language/schema';
import { INJECTABLE_KINDS } from '../../../src/core/experiments/kinds';
import { check, context, language } from './support';

describe('templates', () => {
  const all = language.templates(context);

  it('are there for every kind that a person writes', () => {
    const kinds = new Set(all.map(({ kind }) => kind));
    for (const kind of [...INJECTABLE_KINDS, 'Schedule', 'Workflow']) expect(kinds, kind).toContain(kind);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  for (const { id, text } of all)
    it(`${id} is free of findings`, () => {
      expect(check(text).map(({ message, code }) => `${code}: ${message}`)).toEqual([]);
      expect(text).toMatch(/^# .+/);
      expect(language.check(text, context).objects[0]?.manifest?.metadata.name).toBe(id);
    });

  it('select as the settings do, whatever those are', () => {
    for (const labelSelector of ['app=ob,zone!=z1', 'zone in (a, b),!old', 'x==y'])
      for (const { text, id } of language.templates({ ...context, labelSelector, namespace: '123' }))
        expect(check(text), id).toEqual([]);
  });
});

it('the schema knows every kind', () => {
  for (const kind of INJECTABLE_KINDS) expect(KINDS).toContain(kind);
});
