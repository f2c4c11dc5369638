import { isInjectable } from '../chaosRules/kinds';
import type { Path } from '../chaosRules/findings';
import { parseDuration } from '../duration';
import type { ChaosObject } from '../experiment';
import { isOneShot } from '../experimentKinds';
import type { Moments } from '../selection/harm';
import { CHAOS_API_VERSION } from '../labels';
import { isRecord, recordsOf, textOf } from '../unknown';
import { embeddedKey, SCHEDULE, WORKFLOW } from './embedded';

/** What a workflow or a schedule would start. */
export interface Held {
  /** An object for each experiment, under the name of its template; to be looked at, never to be sent. */
  manifests: readonly ChaosObject[];
  /** Which of them may act at the same time. */
  moments: Moments;
  /** The fields that are missing for an experiment to end by itself. */
  endless: readonly Path[];
  /** Images of the containers that a workflow runs besides. */
  images: readonly string[];
}

type Spec = Readonly<Record<string, unknown>>;
type Sets = readonly (readonly number[])[];

/** More combinations than these are taken as one in which all act. */
const MOST_SETS = 256;
const DEEPEST = 20;
/** After a pause of this length what was killed before is taken to be back, milliseconds. */
const BACK_AFTER_MS = 60_000;

export { isStarter } from './starters';

/** Everything that a workflow or a schedule would start, as far as it can be known before; never throws. */
export function heldBy({ kind, metadata, spec }: ChaosObject): Held {
  const reader = new Reader(metadata);
  const moments =
    kind === WORKFLOW
      ? reader.workflow(spec, ['spec'], 0)
      : kind === SCHEDULE
        ? reader.schedule(spec, ['spec'], 0, metadata.name ?? kind)
        : [];
  const { manifests, endless, images } = reader;
  return { manifests, moments, endless, images };
}

/** The same object with these fields set; those whose place it does not have are passed over. */
export function withFields(object: ChaosObject, paths: readonly Path[], value: string): ChaosObject {
  const copy = structuredClone(object);
  for (const path of paths) {
    let at: unknown = copy;
    for (const key of path.slice(0, -1)) at = isRecord(at) || Array.isArray(at) ? (at as Spec)[key] : undefined;
    if (isRecord(at)) (at as Record<string, unknown>)[String(path.at(-1))] = value;
  }
  return copy;
}

class Reader {
  readonly manifests: ChaosObject[] = [];
  readonly endless: Path[] = [];
  readonly images: string[] = [];
  readonly #metadata: ChaosObject['metadata'];

  constructor(metadata: ChaosObject['metadata']) {
    this.#metadata = metadata;
  }

  schedule(spec: Spec, at: Path, depth: number, name: string): Sets {
    const type = textOf(spec['type']);
    const key = embeddedKey(type);
    const inner = spec[key];
    if (!isRecord(inner) || depth > DEEPEST) return NOTHING;
    if (type === WORKFLOW) return this.workflow(inner, [...at, key], depth + 1);
    if (!isInjectable(type)) return NOTHING;
    if (textOf(inner['duration']) === '' && !isOneShot(type, inner)) this.endless.push([...at, key, 'duration']);
    return this.#add(type, name, inner);
  }

  workflow(spec: Spec, at: Path, depth: number): Sets {
    const templates = Array.isArray(spec['templates']) ? (spec['templates'] as unknown[]) : [];
    const known = new Map<string, Sets>();
    const visit = (name: string, below: number): Sets => {
      const before = known.get(name);
      if (before) return before;
      known.set(name, NOTHING); // one that calls itself adds nothing more
      const place = templates.findIndex((one) => isRecord(one) && textOf(one['name']) === name);
      const template = templates[place];
      if (!isRecord(template) || below > DEEPEST) return NOTHING;
      const sets = this.#template(template, [...at, 'templates', place], below, (child) => visit(child, below + 1));
      known.set(name, sets);
      return sets;
    };
    return visit(textOf(spec['entry']), depth);
  }

  #template(template: Spec, at: Path, depth: number, visit: (child: string) => Sets): Sets {
    const type = textOf(template['templateType']);
    const name = textOf(template['name']);
    const deadline = textOf(template['deadline']);
    const children = Array.isArray(template['children']) ? template['children'].map(textOf) : [];
    switch (type) {
      case 'Serial':
        return this.#serial(children, visit);
      case 'Parallel':
        return together(children.map(visit));
      case 'Suspend':
        return (parseDuration(deadline) ?? 0) >= BACK_AFTER_MS ? PAUSE : NOTHING;
      case 'Task': {
        const task = isRecord(template['task']) ? template['task'] : {};
        const container = isRecord(task['container']) ? task['container'] : {};
        this.images.push(textOf(container['image']) || name);
        return together(recordsOf(template['conditionalBranches']).map(({ target }) => visit(textOf(target))));
      }
    }
    const key = embeddedKey(type);
    const inner = template[key];
    if (!isRecord(inner) || (type !== SCHEDULE && !isInjectable(type))) return NOTHING;
    if (deadline === '') this.endless.push([...at, 'deadline']);
    if (type === SCHEDULE) return this.schedule(inner, [...at, key], depth + 1, name);
    return this.#add(type, name, { ...inner, ...(deadline === '' ? {} : { duration: deadline }) });
  }

  /** One after the other; what was killed is felt for a while after. */
  #serial(children: readonly string[], visit: (child: string) => Sets): Sets {
    const sets: (readonly number[])[] = [];
    let killed: number[] = [];
    for (const child of children) {
      const own = visit(child);
      if (own === PAUSE) killed = [];
      else sets.push(...own.map((set) => [...new Set([...killed, ...set])]));
      killed = [...new Set([...killed, ...own.flat().filter((i) => this.#isOneShot(i))])];
    }
    return sets.length > 0 ? bounded(sets) : NOTHING;
  }

  #isOneShot(place: number): boolean {
    const manifest = this.manifests[place];
    return manifest !== undefined && isOneShot(manifest.kind, manifest.spec);
  }

  #add(kind: string, name: string, spec: Record<string, unknown>): Sets {
    const { namespace } = this.#metadata;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    this.manifests.push({ apiVersion: CHAOS_API_VERSION, kind, metadata, spec });
    return [[this.manifests.length - 1]];
  }
}

const NOTHING: Sets = [[]];
/** As much as nothing, and long enough for what was killed to be back. */
const PAUSE: Sets = [[]];

/** Every choice of one set of each. */
function together(all: readonly Sets[]): Sets {
  return all.reduce<Sets>(
    (sofar, sets) => bounded(sofar.flatMap((one) => sets.map((other) => [...new Set([...one, ...other])]))),
    NOTHING,
  );
}

const bounded = (sets: Sets): Sets => (sets.length <= MOST_SETS ? sets : [[...new Set(sets.flat())]]);
