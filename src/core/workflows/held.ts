import { isInjectable } from '../chaosYaml/kinds';
import type { Path } from '../chaosYaml/findings';
import { parseCron } from '../time/cron';
import { parseDuration } from '../time/duration';
import type { ChaosObject } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { CHAOS_API_VERSION } from '../experiments/labels';
import type { Besides } from '../impact/impact';
import { oneLine } from '../base/sanitize';
import { fieldsOf, combinedRest, type Rest } from '../impact/rest';
import type { Moments } from '../impact/scope';
import { isRecord, recordsOf, textOf } from '../base/unknown';
import { embeddedKey, SCHEDULE, WORKFLOW } from './embedded';

/** What a workflow or a schedule would start. */
export interface Held extends Besides {
  /** An object for each experiment, under the name of its template; to be looked at, never to be sent. */
  manifests: readonly ChaosObject[];
  /** Which of them may act at the same time. */
  moments: Moments;
  /** The fields that are missing for an experiment to end by itself. */
  endless: readonly Path[];
}

type Spec = Readonly<Record<string, unknown>>;
type Sets = readonly (readonly number[])[];

/** More combinations than these are taken as one in which all act. */
const MOST_SETS = 256;
const DEEPEST = 20;
/** The most steps that are shown; a note says that the rest is left out. */
const MOST_STEPS = 200;
/** More runs of a schedule at once than a database has pods make no difference. */
const MOST_RUNS = 10;
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
  const { manifests, images } = reader;
  // A step that is called twice has one place in the text.
  const endless = [...new Map(reader.endless.map((path) => [path.join('/'), path])).values()];
  return { manifests, moments, endless, images, rest: reader.rest };
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
  /** Everything other than experiments, by template name. */
  readonly #besides: { name: string; rest: Rest }[] = [];
  readonly #metadata: ChaosObject['metadata'];
  #visits = 0;
  /** True where something was not followed to its end. */
  #lost = false;

  constructor(metadata: ChaosObject['metadata']) {
    this.#metadata = metadata;
  }

  get rest(): Rest {
    const { lines, cut } = combinedRest(this.#besides);
    return { lines, cut: cut || this.#lost };
  }

  schedule(spec: Spec, at: Path, depth: number, name: string): Sets {
    const type = textOf(spec['type']);
    const key = embeddedKey(type);
    const { [key]: inner, type: _type, schedule, ...others } = spec;
    this.#tell(name, depth === 0 ? others : { schedule, ...others });
    if (!isRecord(inner) || this.#isTooDeep(depth)) return NOTHING;
    if (type !== WORKFLOW && !isInjectable(type)) return NOTHING;
    const endless = type !== WORKFLOW && textOf(inner['duration']) === '' && !isOneShot(type, inner);
    if (endless) this.endless.push([...at, key, 'duration']);
    const sets = type === WORKFLOW ? this.workflow(inner, [...at, key], depth + 1) : this.#add(type, name, inner);
    const runs = runsAtOnce(spec, type, inner);
    return sets.map((set) => Array<readonly number[]>(runs).fill(set).flat());
  }

  workflow(spec: Spec, at: Path, depth: number): Sets {
    const { templates: given, entry, ...others } = spec;
    this.#tell('workflow', others);
    const templates = Array.isArray(given) ? (given as unknown[]) : [];
    // Every call is a separate step: a template that is called twice chooses its pods twice.
    const visit = (name: string, above: readonly string[]): Sets => {
      // One that calls itself adds nothing more.
      if (above.includes(name) || this.#isTooDeep(depth + above.length)) return NOTHING;
      // Of those with one name Chaos Mesh takes the last.
      const place = templates.findLastIndex((one) => isRecord(one) && textOf(one['name']) === name);
      const template = templates[place];
      if (!isRecord(template)) return NOTHING;
      const below = [...above, name];
      return this.#template(template, [...at, 'templates', place], depth + below.length, (child) =>
        visit(child, below),
      );
    };
    return visit(textOf(entry), []);
  }

  #template(template: Spec, at: Path, depth: number, visit: (child: string) => Sets): Sets {
    const type = textOf(template['templateType']);
    const key = embeddedKey(type);
    const starts = type === SCHEDULE || isInjectable(type);
    const { name: given, templateType: _type, deadline: end, children: list, ...others } = template;
    const inner = others[key];
    const name = textOf(given);
    const deadline = textOf(end);
    const children = Array.isArray(list) ? list.map(textOf) : [];
    this.#tell(name, { ...others, [starts ? key : 'waits']: type === 'Suspend' ? deadline : undefined });
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
        this.images.push(oneLine(textOf(container['image']) || name).slice(0, 100));
        return together(recordsOf(template['conditionalBranches']).map(({ target }) => visit(textOf(target))));
      }
    }
    if (!isRecord(inner) || !starts) return NOTHING;
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
      else sets.push(...own.map((set) => [...killed, ...set]));
      killed = [...new Set([...killed, ...own.flat().filter((i) => this.#isOneShot(i))])];
    }
    return sets.length > 0 ? bounded(sets) : NOTHING;
  }

  #isOneShot(place: number): boolean {
    const manifest = this.manifests[place];
    return manifest !== undefined && isOneShot(manifest.kind, manifest.spec);
  }

  #isTooDeep(depth: number): boolean {
    this.#visits += 1;
    const tooDeep = depth > DEEPEST || this.#visits > MOST_STEPS;
    if (tooDeep) this.#lost = true;
    return tooDeep;
  }

  #tell(name: string, value: Spec): void {
    const rest = fieldsOf(value);
    if (rest.lines.length > 0 && !this.#besides.some((one) => one.name === name && sameLines(one.rest, rest)))
      this.#besides.push({ name, rest });
  }

  #add(kind: string, name: string, spec: Record<string, unknown>): Sets {
    const { namespace } = this.#metadata;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    this.manifests.push({ apiVersion: CHAOS_API_VERSION, kind, metadata, spec });
    return [[this.manifests.length - 1]];
  }
}

const sameLines = (one: Rest, other: Rest): boolean => one.lines.join('\n') === other.lines.join('\n');

/** How many runs of a schedule may be felt at once: of what is killed a while, of what lasts where they may overlap. */
function runsAtOnce(schedule: Spec, kind: string, inner: Spec): number {
  const once = isOneShot(kind, inner);
  if (!once && schedule['concurrencyPolicy'] !== 'Allow') return 1;
  const feltMs = once ? BACK_AFTER_MS : (parseDuration(textOf(inner['duration'])) ?? Infinity);
  const cron = parseCron(textOf(schedule['schedule']));
  let [at, shortest] = [cron?.next(0), Infinity];
  for (let i = 0; i < MOST_RUNS * 3 && at !== undefined; i += 1) {
    const next = cron?.next(at);
    if (next !== undefined) shortest = Math.min(shortest, next - at);
    at = next;
  }
  const runs = Math.ceil(feltMs / shortest);
  return cron && Number.isFinite(runs) ? Math.min(MOST_RUNS, Math.max(1, runs)) : MOST_RUNS;
}

const NOTHING: Sets = [[]];
/** As much as nothing, and long enough for what was killed to be back. */
const PAUSE: Sets = [[]];

/** Every choice of one set of each. */
function together(all: readonly Sets[]): Sets {
  return all.reduce<Sets>(
    (sofar, sets) => bounded(sofar.flatMap((one) => sets.map((other) => [...one, ...other]))),
    NOTHING,
  );
}

function bounded(sets: Sets): Sets {
  if (sets.length <= MOST_SETS) return sets;
  /** What acts several times at once does so here too. */
  const most = new Map<number, number>();
  for (const set of sets) for (const [i, times] of timesIn(set)) most.set(i, Math.max(times, most.get(i) ?? 0));
  return [[...most].flatMap(([i, times]) => Array<number>(times).fill(i))];
}

function timesIn(set: readonly number[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const i of set) times.set(i, (times.get(i) ?? 0) + 1);
  return times;
}
