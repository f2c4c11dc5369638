import { faultTitle, defaultParameters, type AnomalyType } from '../faults/catalogue';
import type { Scenario, ScenarioStep } from './scenario';

/**
 * The families of compound anomalies of "Distributed Database Diagnosis Method for Compound Anomalies" (Journal of
 * Software, 2025): A, one node and one type; B, two nodes with the same type; C, one node with two types; W, several
 * nodes with different types.
 */
export const FAMILIES = ['A', 'B', 'C', 'W'] as const;

/** A family's letter. */
export type Family = (typeof FAMILIES)[number];

/** What a family takes. */
export interface FamilyDefinition {
  family: Family;
  title: string;
  description: string;
  /** How many pods and how many types it takes; W takes from two on, one type for each pod. */
  pods: { least: number; most: number };
  types: { least: number; most: number };
}

/** The paper's families, in its order. */
export const FAMILY_DEFINITIONS: readonly FamilyDefinition[] = [
  {
    family: 'A',
    title: 'A: one node, one type',
    description: 'A single anomaly on one node.',
    pods: { least: 1, most: 1 },
    types: { least: 1, most: 1 },
  },
  {
    family: 'B',
    title: 'B: two nodes, same type',
    description: 'The same anomaly on two nodes at the same time.',
    pods: { least: 2, most: 2 },
    types: { least: 1, most: 1 },
  },
  {
    family: 'C',
    title: 'C: one node, two types',
    description: 'Two anomalies of different types on one node at the same time.',
    pods: { least: 1, most: 1 },
    types: { least: 2, most: 2 },
  },
  {
    family: 'W',
    title: 'W: several nodes, different types',
    description: 'Several nodes at the same time, each with a type of its own.',
    pods: { least: 2, most: 10 },
    types: { least: 2, most: 10 },
  },
];

/** A family's entry. */
function familyDefinition(family: Family): FamilyDefinition {
  return FAMILY_DEFINITIONS.find((one) => one.family === family) as FamilyDefinition;
}

/**
 * The scenario of a family on these pods with these types, at the default strengths, all at once. In W the n-th type
 * goes to the n-th pod. Throws RangeError where there are too few or too many of either.
 */
export function familyScenario(
  family: Family,
  pods: readonly string[],
  types: readonly AnomalyType[],
  durationMs: number,
): Scenario {
  const { pods: wanted, types: wantedTypes, title, description } = familyDefinition(family);
  const fits = (count: number, { least, most }: { least: number; most: number }): boolean =>
    count >= least && count <= most;
  const paired = family !== 'W' || pods.length === types.length;
  if (!fits(pods.length, wanted) || !fits(types.length, wantedTypes) || !paired || new Set(types).size < types.length)
    throw new RangeError(`Family ${family} is ${title.slice(3)}.`);
  const step = (type: AnomalyType, on: readonly string[], name: string): ScenarioStep => ({
    name,
    anomaly: type,
    targets: on.map((pod) => ({ pod })),
    parameters: defaultParameters(type),
    offsetMs: 0,
    durationMs,
  });
  const steps =
    family === 'W'
      ? types.map((type, i) => step(type, [pods[i] as string], `${i + 1}-${type}`))
      : types.map((type) => step(type, pods, type));
  const named = types.map((type) => faultTitle(type)).join(' + ');
  return { name: `${family}: ${named}`.slice(0, 63), description, onFailure: 'stop', steps };
}
