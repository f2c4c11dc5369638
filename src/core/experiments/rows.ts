import type { Experiment, ExperimentTarget } from './experiment';
import { derivePhase, timeLeft } from './phase';
import { experimentsIn, isExperiment, type GroupItem, type GroupMember } from './groupItem';

/** A row of the list: an experiment, one of its targets, or a group. Contains only data. */
export type ExperimentRow = MemberRow | { type: 'target'; experiment: Experiment; target: ExperimentTarget };

/** A row of a scenario, a workflow or a schedule, or of a part of it that is not an experiment. */
interface GroupRow {
  type: 'group';
  group: GroupItem;
}

/** A row of an experiment. */
export interface ExperimentOfRow {
  type: 'experiment';
  experiment: Experiment;
}

type MemberRow = ExperimentOfRow | GroupRow;

interface Entry {
  row: MemberRow;
  look: string;
  /** The keys of its members. */
  shape: string;
  parent: string | undefined;
}

/**
 * The rows of the list of experiments. A row is one object as long as its experiment is there, so that what changes can
 * be told row by row, however many there are.
 */
export class ExperimentRows {
  #rows = new Map<string, Entry>();
  #roots: MemberRow[] = [];
  #shape = '';

  /** The rows of the first level, in the order of the list. */
  get roots(): ExperimentRow[] {
    return [...this.#roots];
  }

  /** The rows of all experiments, those in groups too. */
  get experiments(): ExperimentOfRow[] {
    return [...this.#rows.values()].flatMap(({ row }) => (row.type === 'experiment' ? [row] : []));
  }

  /** The row of an experiment's or a group's key. */
  find(key: string): ExperimentRow | undefined {
    return this.#rows.get(key)?.row;
  }

  /** The parent of a row; undefined for the first level. */
  parent(row: ExperimentRow): ExperimentRow | undefined {
    if (row.type === 'target') return this.find(row.experiment.key);
    const above = this.#rows.get(keyOf(row))?.parent;
    return above === undefined ? undefined : this.find(above);
  }

  /** The rows below a row. */
  children(row: ExperimentRow): ExperimentRow[] {
    if (row.type === 'target') return [];
    if (row.type === 'group') return row.group.members.flatMap(({ key }) => this.find(key) ?? []);
    const { experiment } = row;
    return experiment.targets.map((target) => ({ type: 'target', experiment, target }));
  }

  clear(): void {
    this.#rows.clear();
    this.#roots = [];
    this.#shape = '';
  }

  /**
   * Takes a new list, and the groups that hold some of it. Answers with the rows that look or hold different now, or
   * `all` when rows of the first level have come or gone.
   */
  update(
    experiments: readonly Experiment[],
    nowMs: number,
    groups: readonly GroupItem[] = [],
  ): 'all' | ExperimentRow[] {
    const before = this.#rows;
    this.#rows = new Map();
    const changed = new Set<ExperimentRow>();
    const take = (member: GroupMember, parent?: string): MemberRow => {
      const known = before.get(member.key);
      const entry = known ?? { row: rowOf(member), look: '', shape: '', parent };
      entry.parent = parent;
      if (isExperiment(member)) (entry.row as ExperimentOfRow).experiment = member;
      else {
        (entry.row as GroupRow).group = member;
        const shape = member.members.map(({ key }) => key).join();
        if (known && shape !== entry.shape) changed.add(entry.row);
        entry.shape = shape;
        for (const inner of member.members) take(inner, member.key);
      }
      this.#rows.set(member.key, entry);
      return entry.row;
    };
    const grouped = new Set(groups.flatMap(experimentsIn).map(({ key }) => key));
    const roots: GroupMember[] = [...groups, ...experiments.filter(({ key }) => !grouped.has(key))];
    // Newest first, like experiments; the sort is stable.
    if (groups.length > 0) roots.sort((a, b) => b.createdAt - a.createdAt);
    this.#roots = roots.map((root) => take(root));
    const shape = roots.map(({ key }) => key).join();
    const reshaped = shape !== this.#shape;
    this.#shape = shape;
    for (const row of this.tick(nowMs)) changed.add(row);
    return reshaped ? 'all' : [...changed];
  }

  /** The rows that look different at this time. */
  tick(nowMs: number): ExperimentRow[] {
    const changed: ExperimentRow[] = [];
    for (const entry of this.#rows.values()) {
      const look = entry.row.type === 'group' ? groupLook(entry.row.group, nowMs) : lookOf(entry.row.experiment, nowMs);
      if (look === entry.look) continue;
      entry.look = look;
      changed.push(entry.row);
    }
    return changed;
  }
}

const rowOf = (member: GroupMember): MemberRow =>
  isExperiment(member) ? { type: 'experiment', experiment: member } : { type: 'group', group: member };
const keyOf = (row: MemberRow): string => (row.type === 'group' ? row.group.key : row.experiment.key);

/** The time left in the steps in which it is shown: ten seconds, and minutes for longer times. */
export function coarseTimeLeft(ms: number): number {
  const seconds = Math.ceil(ms / 10_000) * 10;
  return seconds < 600 ? seconds : Math.floor(seconds / 60) * 60;
}

/** Everything that a row shows, as one text: equal texts look the same. */
function lookOf(experiment: Experiment, nowMs: number): string {
  const { phase, reason } = derivePhase(experiment, nowMs);
  const left = timeLeft(experiment, nowMs);
  const targets = experiment.targets
    .map((target) => `${target.id}${target.phase}${target.lastFailure ?? ''}${target.lost ?? ''}`)
    .join();
  return `${phase}|${String(reason)}|${left === undefined ? '' : coarseTimeLeft(left)}|${targets}`;
}

function groupLook({ state, reason, at, lastAt, progress, name }: GroupItem, nowMs: number): string {
  const soon = at === undefined ? '' : coarseTimeLeft(Math.max(0, at - nowMs));
  return `${name}|${state}|${String(reason)}|${soon}|${lastAt ?? ''}|${progress?.done ?? ''}/${progress?.total ?? ''}`;
}
