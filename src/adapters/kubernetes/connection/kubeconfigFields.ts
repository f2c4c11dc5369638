import { isRecord } from '../../../core/base/unknown';

/** Takes what stands at a place; throws NotValid. What is missing or null is empty, as Go has it. */
type Read<T> = (value: unknown, at: string) => T;

/** A file that kubectl does not take, with the place of what is wrong in it, and never its value. */
export class NotValid extends Error {
  readonly at: string;

  constructor(at: string) {
    super(at);
    this.at = at;
  }
}

const check =
  <T>(empty: T, isValid: (value: unknown) => value is T): Read<T> =>
  (value, at) => {
    const given = value ?? empty;
    if (!isValid(given)) throw new NotValid(at);
    return given;
  };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const text = check('', (value): value is string => typeof value === 'string');
const flag = check(false, (value): value is boolean => typeof value === 'boolean');
const bytes = check(
  '',
  (value): value is string => typeof value === 'string' && BASE64.test(value.replace(/[\r\n]/g, '')),
);
const items = check<unknown[]>([], Array.isArray);
const record = check<Readonly<Record<string, unknown>>>({}, isRecord);
const anything: Read<unknown> = (value) => value;

const list =
  <T>(one: Read<T>): Read<T[]> =>
  (value, at) =>
    items(value, at).map((item, i) => one(item, `${at}[${i}]`));

const map =
  <T>(one: Read<T>): Read<[string, T][]> =>
  (value, at) =>
    Object.entries(record(value, at)).map(([key, item]) => [key, one(item, `${at}.${key}`)]);

const optional =
  <T>(one: Read<T>): Read<T | undefined> =>
  (value, at) =>
    value === undefined || value === null ? undefined : one(value, at);

type Values<F> = { [K in keyof F]: F[K] extends Read<infer T> ? T : never };

const object =
  <F extends Readonly<Record<string, Read<unknown>>>>(fields: F): Read<Values<F>> =>
  (value, at) => {
    const given = record(value, at);
    const values = Object.entries(fields).map(([key, read]) => [
      key,
      read(Object.hasOwn(given, key) ? given[key] : undefined, at === '' ? key : `${at}.${key}`),
    ]);
    return Object.fromEntries(values) as Values<F>;
  };

/** A list that becomes a map by its names. */
const named =
  <K extends string, T>(part: K, content: Read<T>): Read<({ name: string } & Record<K, T>)[]> =>
  (value, at) => {
    const entries = list(object({ name: text, [part]: content }))(value, at) as ({ name: string } & Record<K, T>)[];
    const twice = entries.findIndex(({ name }, i) => entries.slice(0, i).some((other) => other.name === name));
    if (twice >= 0) throw new NotValid(`${at}[${twice}].name`);
    return entries;
  };

const extensions = named('extension', anything);

const cluster = object({
  server: text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': text,
  'certificate-authority-data': bytes,
  'proxy-url': text,
  'disable-compression': flag,
  extensions,
});

const user = object({
  'client-certificate': text,
  'client-certificate-data': bytes,
  'client-key': text,
  'client-key-data': bytes,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': list(text),
  'as-user-extra': map(list(text)),
  'auth-provider': optional(object({ name: text, config: map(text) })),
  exec: optional(
    object({
      apiVersion: text,
      command: text,
      args: list(text),
      env: list(object({ name: text, value: text })),
      installHint: text,
      provideClusterInfo: flag,
      interactiveMode: text,
    }),
  ),
  extensions,
});

const oneOf =
  (...values: string[]): Read<string> =>
  (value, at) => {
    if (!values.includes(text(value, at))) throw new NotValid(at);
    return text(value, at);
  };

const file = object({
  apiVersion: oneOf('', 'v1'),
  kind: oneOf('', 'Config'),
  preferences: object({ colors: flag, extensions }),
  clusters: named('cluster', cluster),
  users: named('user', user),
  contexts: named('context', object({ cluster: text, user: text, namespace: text, extensions })),
  'current-context': text,
  extensions,
});

/** A cluster's and a user's entry, with every field that kubectl knows. */
export type ClusterFields = ReturnType<typeof cluster>;
export type UserFields = ReturnType<typeof user>;

/** The fields of a kubeconfig by their types in k8s.io/client-go/tools/clientcmd/api/v1; throws NotValid. */
export const kubeconfigFields = (value: unknown): ReturnType<typeof file> => file(value, '');

/** The fields for which kubectl refuses a cluster (k8s.io/client-go/tools/clientcmd/validation.go); [] for one that it takes. */
export function faultsOfCluster(fields: ClusterFields): string[] {
  const { server, 'proxy-url': proxy } = fields;
  const authority = (['certificate-authority', 'certificate-authority-data'] as const).filter((key) => fields[key]);
  return [
    ...(isUrl(server, ['http:', 'https:']) ? [] : ['server']),
    ...(proxy === '' || isUrl(proxy, ['http:', 'https:', 'socks5:']) ? [] : ['proxy-url']),
    ...(authority.length > 1 ? authority : []),
    ...(authority.length > 0 && fields['insecure-skip-tls-verify'] ? ['insecure-skip-tls-verify'] : []),
  ];
}

/** A space before it would pass for none. */
const isUrl = (address: string, schemes: readonly string[]): boolean =>
  !/\s/.test(address) && URL.canParse(address) && schemes.includes(new URL(address).protocol);

/** Providers that the library has. */
const PROVIDERS = ['oidc', 'gcp', 'azure'];

const PROTOCOL = 'client.authentication.k8s.io/';

/** The same for a user. */
export function faultsOfUser(fields: UserFields): string[] {
  const { exec, 'auth-provider': provider } = fields;
  type Given = Exclude<keyof UserFields, 'exec' | 'auth-provider'>;
  const given = (...keys: Given[]): string[] => keys.filter((key) => fields[key].length > 0);
  const both = (keys: string[]): string[] => (keys.length > 1 ? keys : []);
  const tokens = given('token', 'tokenFile').slice(0, 1);
  const certificates = given('client-certificate', 'client-certificate-data');
  const keys = given('client-key', 'client-key-data');
  const modes = ['Never', 'IfAvailable', 'Always', ...(exec?.apiVersion === `${PROTOCOL}v1beta1` ? [''] : [])];
  return [
    ...both([...tokens, ...given('username', 'password').slice(0, 1)]),
    ...both(certificates),
    ...(certificates.length > 0 && keys.length !== 1 ? ['client-key', 'client-key-data'] : []),
    ...(provider && exec ? ['auth-provider', 'exec'] : []),
    ...(provider && !PROVIDERS.includes(provider.name) ? ['auth-provider.name'] : []),
    ...(exec?.command === '' ? ['exec.command'] : []),
    ...(exec && ![`${PROTOCOL}v1`, `${PROTOCOL}v1beta1`].includes(exec.apiVersion) ? ['exec.apiVersion'] : []),
    ...(exec && !modes.includes(exec.interactiveMode) ? ['exec.interactiveMode'] : []),
    ...(exec?.env.some(({ name }) => name === '') ? ['exec.env'] : []),
    ...(fields.as === '' ? given('as-uid', 'as-groups', 'as-user-extra') : []),
  ];
}
