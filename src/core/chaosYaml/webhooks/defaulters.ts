import { isRecord } from '../../base/unknown';
import type { Json, Visited } from './walk';

/** Fills in what is missing of a value, where it is. The namespace is the object's own. */
type Defaulter = (visited: Visited, namespace: string | undefined) => void;

const empty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** The tag `default` of an empty text. */
const fromTag: Defaulter = ({ holder, value, type, field }) => {
  if (!holder || field?.json === undefined || !empty(value)) return;
  if (type.startsWith('*') && value !== '') return;
  if (field.default !== undefined) holder[field.json] = field.default;
};

const onRecord =
  (set: (record: Json, namespace: string | undefined) => void): Defaulter =>
  ({ value, holder, field, type }, namespace) => {
    if (isRecord(value)) return set(value as Json, namespace);
    // A struct that is missing is there all the same, and is written when something of it is.
    if (type.startsWith('*') || !holder || field?.json === undefined || !empty(value)) return;
    const record: Json = {};
    set(record, namespace);
    holder[field.json] = record;
  };

const withScheme = (address: unknown): unknown =>
  typeof address === 'string' && !address.startsWith('http') ? `http://${address}` : address;

/** Chaos Mesh's `Default` methods by their Go type. What they make up (names, ids) is the same each time here. */
export const defaulters: Readonly<Record<string, Defaulter>> = {
  Duration: fromTag,
  FloatStr: fromTag,
  PodSelector: onRecord((record, namespace) => {
    const selector = isRecord(record['selector']) ? (record['selector'] as Json) : {};
    const { namespaces } = selector;
    if (namespace === undefined || (Array.isArray(namespaces) ? namespaces.length > 0 : !empty(namespaces))) return;
    if (record['selector'] !== undefined && record['selector'] !== null && !isRecord(record['selector'])) return;
    record['selector'] = { ...selector, namespaces: [namespace] };
  }),
  NetworkChaosSpec: onRecord((record) => {
    const { device } = record;
    if (typeof device === 'string' && device.includes('@')) record['device'] = device.slice(0, device.indexOf('@'));
  }),
  Direction: ({ holder, value }) => {
    if (holder && empty(value)) holder['direction'] = 'to';
  },
  ClockIds: ({ holder, value }) => {
    if (holder && (empty(value) || (Array.isArray(value) && value.length === 0)))
      holder['clockIds'] = ['CLOCK_REALTIME'];
  },
  JVMChaosSpec: onRecord((record) => {
    const text = (key: string): string => (typeof record[key] === 'string' ? record[key] : '');
    if (empty(record['name'])) record['name'] = `${text('class')}-${text('method')}-${text('action')}-0`;
    if (empty(record['port']) || record['port'] === 0) record['port'] = 9277;
  }),
  StatusCheckSpec: onRecord((record) => {
    if (empty(record['mode'])) record['mode'] = 'Synchronous';
  }),
  PhysicalMachineSpec: onRecord((record) => {
    if (!empty(record['address'])) record['address'] = withScheme(record['address']);
  }),
  PhysicalMachineChaosSpec: onRecord((record) => {
    if (empty(record['uid'])) record['uid'] = '00000000-0000-4000-8000-000000000000';
    if (Array.isArray(record['address'])) record['address'] = record['address'].map(withScheme);
  }),
};
