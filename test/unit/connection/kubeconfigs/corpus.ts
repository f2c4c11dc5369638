/** Kubeconfigs near the edge of what kubectl takes; `SERVER` stands for the API server's address. */
interface Part {
  user?: string;
  cluster?: string;
  context?: string;
  /** Lines at the top level. */
  more?: string;
}

const V1 = 'apiVersion: client.authentication.k8s.io/v1';
const PROGRAM = `exec: {${V1}, command: ./get-token, interactiveMode: Never}`;
const OTHERS = (part: 'user' | 'cluster' | 'context', content: string): string =>
  `- name: other\n  ${part}: {${content}}`;

/** A kubeconfig in YAML whose lists end with the entries given, each below its list. */
function written({ user = 'token: t', cluster = '', context = '', more = '' }: Part, others: Part = {}): string {
  const fields = (text: string): string => text.replace(/^(?=.)/gm, '    ');
  return `apiVersion: v1
kind: Config
current-context: test
${more}
clusters:
- name: test
  cluster:
    server: SERVER
    insecure-skip-tls-verify: true
${fields(cluster)}
${others.cluster ?? ''}
users:
- name: test
  user:
${fields(user)}
${others.user ?? ''}
contexts:
- name: test
  context:
    cluster: test
    user: test
${fields(context)}
${others.context ?? ''}
`;
}

const users: Record<string, string> = {
  'a key twice': 'token: first\ntoken: last',
  'a key twice, of which the first is no text': 'token: 5\ntoken: last',
  'a map twice': 'as-user-extra: {a: [b]}\nas: jane\nas-user-extra: {c: [d]}\ntoken: t',
  'empty groups of nobody': 'token: t\nas-groups: []',
  'empty extra fields of nobody': 'token: t\nas-user-extra: {}',
  'null groups of nobody': 'token: t\nas-groups:\nas-uid:\nas-user-extra:',
  'groups of nobody': 'token: t\nas-groups: [a]',
  'extra fields of nobody': 'token: t\nas-user-extra: {a: [b]}',
  'a uid of nobody': 'token: t\nas-uid: "7"',
  'an empty name with groups': 'token: t\nas: ""\nas-groups: [a]',
  'groups that are no list': 'token: t\nas: a\nas-groups: b',
  'groups that are numbers': 'token: t\nas: a\nas-groups: [1]',
  'extra fields that are no lists': 'token: t\nas: a\nas-user-extra: {a: b}',
  'an extra field without a value': 'token: t\nas: a\nas-user-extra: {a: [], b: [null, c]}',
  'an extra field with signs': 'token: t\nas: a\nas-user-extra: {"Ex.com/a b(%é)": [c]}',
  'a name that is Chinese': 'token: t\nas: 张三\nas-uid: 号\nas-groups: [数据库, é]\nas-user-extra: {城: [北京]}',
  'a name that is Latin-1': 'token: t\nas: é',
  'a name of emojis': 'token: t\nas: "🙂"',
  'a name with spaces around it': 'token: t\nas: " a b "\nas-groups: [" c "]',
  'a name with a tab': 'token: t\nas: "a\\tb"',
  'a name with a line break': 'token: t\nas: "a\\nImpersonate-Group: b"',
  'a name that ends with a line break': 'token: t\nas: |\n  a',
  'a group with NUL': 'token: t\nas: a\nas-groups: ["b\\0"]',
  'a uid with DEL': 'token: t\nas: a\nas-uid: "b\\x7f"',
  'an extra field with a bell': 'token: t\nas: a\nas-user-extra: {b: ["c\\a"]}',
  'a token with a line break': 'token: "a\\nb"',
  'a token that ends with a line break': 'token: |\n  a',
  'a token with spaces around it': 'token: " a "',
  'a token that is Chinese': 'token: 令牌',
  'a token that is a number': 'token: 12345',
  'a token that is null': 'token:',
  'a token file': 'tokenFile: token',
  'a token file that is empty': 'tokenFile: empty',
  'a token file without a byte': 'tokenFile: nothing',
  'a token file with spaces': 'tokenFile: spaces',
  'a token file with two lines': 'tokenFile: lines',
  'a token file that is missing': 'tokenFile: gone',
  'a token file and a program': `tokenFile: token\n${PROGRAM}`,
  'a token and a program': `token: t\n${PROGRAM}`,
  'a password and a program': `username: me\npassword: p\n${PROGRAM}`,
  'a program': PROGRAM,
  'a program of v1beta1 without a mode':
    'exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./get-beta}',
  'a program of v1 without a mode': `exec: {${V1}, command: ./get-token}`,
  'a program of v1alpha1': 'exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: ./get-token}',
  'a program of another mode': `exec: {${V1}, command: ./get-token, interactiveMode: Sometimes}`,
  'a program without a version': 'exec: {command: ./get-token, interactiveMode: Never}',
  'a program that answers in another version':
    'exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./get-token, interactiveMode: Never}',
  'a program without a command': `exec: {${V1}, interactiveMode: Never}`,
  'an empty program': 'exec: {}',
  'a program that is null': 'token: t\nexec:',
  'a program with numbers': `exec: {${V1}, command: ./get-token, interactiveMode: Never, args: [1]}`,
  'a program with a variable that is a number': `exec: {${V1}, command: ./get-token, interactiveMode: Never, env: [{name: A, value: 1}]}`,
  'a program with a variable without a name': `exec: {${V1}, command: ./get-token, interactiveMode: Never, env: [{value: a}]}`,
  'a program with a variable without a value': `exec: {${V1}, command: ./get-token, interactiveMode: Never, env: [{name: A}], args: null}`,
  'a program and a provider': `${PROGRAM}\nauth-provider: {name: oidc, config: {}}`,
  'a provider that nobody has': 'token: t\nauth-provider: {name: nobody}',
  'a provider with a number': 'token: t\nauth-provider: {name: oidc, config: {a: 1}}',
  'a name and a password': 'username: me\npassword: p:w',
  'a name without a password': 'username: me',
  'a password without a name': 'password: p',
  'a name that is not Latin-1': 'username: 我\npassword: 密',
  'a token and a password': 'token: t\nusername: me\npassword: p',
  'a token file and a password': 'tokenFile: token\nusername: me\npassword: p',
  'a certificate': 'client-certificate: a.crt\nclient-key: a.key',
  'a certificate and a token': 'client-certificate: a.crt\nclient-key: a.key\ntoken: t',
  'a certificate without a key': 'client-certificate: a.crt\ntoken: t',
  'a key without a certificate': 'client-key: a.key\ntoken: t',
  'a key that is missing, without a certificate': 'client-key: gone\ntoken: t',
  'a certificate as file and data': 'client-certificate: a.crt\nclient-key: a.key\nclient-certificate-data: YQ==',
  'a key as file and data': 'client-certificate: a.crt\nclient-key: a.key\nclient-key-data: YQ==',
  'a certificate that is no base64': 'token: t\nclient-certificate-data: "?"',
  'a certificate in base64 of addresses': 'token: t\nclient-key-data: "_-8="',
  'base64 without its end': 'token: t\nclient-key-data: YQ',
  'base64 in lines': 'token: t\nclient-key-data: |\n  YW\n  E=',
  'a field that nobody knows': 'token: t\nTOKEN: u\ntoken-file: gone\nmore: [1]',
  nobody: '{}',
};

const clusters: Record<string, string> = {
  'no address': 'server: ""',
  'a null address': 'server:',
  'an address that is a number': 'server: 5',
  'an address with slashes': 'server: SERVER//',
  'an address with a path': 'server: SERVER/a/b/',
  'an address with a question': 'server: SERVER/a?b=c#d',
  'an address with spaces': 'server: " SERVER"',
  'an address without a scheme': 'server: HOST',
  'an authority that is not checked': 'certificate-authority: ca.crt',
  'an authority': 'insecure-skip-tls-verify: false\ncertificate-authority: ca.crt',
  'no authority': 'insecure-skip-tls-verify: false',
  'an authority that is missing': 'insecure-skip-tls-verify: false\ncertificate-authority: gone',
  'an authority as file and data':
    'insecure-skip-tls-verify: false\ncertificate-authority: ca.crt\ncertificate-authority-data: YQ==',
  'an authority that is no base64': 'certificate-authority-data: "?"',
  'an authority that is no certificate': 'insecure-skip-tls-verify: false\ncertificate-authority-data: YQ==',
  'a check that is a text': 'insecure-skip-tls-verify: "true"',
  'a check that is yes': 'insecure-skip-tls-verify: yes',
  'a proxy that is none': 'proxy-url: ""',
  'a proxy of another kind': 'proxy-url: ftp://127.0.0.1:1',
  'a proxy without a scheme': 'proxy-url: 127.0.0.1:1',
  'extensions that are no list': 'extensions: {a: b}',
  'extensions of one name': 'extensions: [{name: a, extension: {}}, {name: a, extension: {}}]',
  'an extension that is a text': 'extensions: [{name: a, extension: b}]',
  'a compression that is a text': 'disable-compression: "true"',
};

const contexts: Record<string, string> = {
  'another user': 'user: gone',
  'no user': 'user: ""',
  'another cluster': 'cluster: gone',
  'no cluster': 'cluster: ""',
  'a user that is a number': 'user: 5',
  'a namespace that is none': 'namespace: No_Name',
  'a namespace that is a number': 'namespace: 5',
};

const tops: Record<string, string> = {
  'another version': 'apiVersion: v2',
  'another kind': 'kind: Pod',
  'no version and no kind': 'apiVersion:\nkind:',
  'another current context': 'current-context: gone',
  'a current context that is a number': 'current-context: 5',
  'preferences that are none': 'preferences: {colors: "yes"}',
  'fields that nobody knows': 'more: [1]',
  'a list twice': 'users: [{name: test, user: {token: first}}]',
  'a list that is a text': 'extensions: a',
};

const others: Record<string, Part> = {
  'a user with groups of nobody': { user: OTHERS('user', 'as-groups: [a]') },
  'a user with too many credentials': { user: OTHERS('user', 'token: a, username: b, password: c') },
  'a user with a wrong type': { user: OTHERS('user', 'token: 5') },
  'a user that is null': { user: '- name: other\n  user:' },
  'a user without a name': { user: '- user: {token: a}' },
  'two users without a name': { user: '- user: {token: a}\n- user: {token: b}' },
  'a user whose name is a number': { user: '- name: 5\n  user: {token: a}' },
  'a user that is a text': { user: '- other' },
  'a user that is nothing': { user: '- ' },
  'two users of one name': { user: '- name: test\n  user: {token: other}' },
  'a cluster without an address': { cluster: OTHERS('cluster', 'insecure-skip-tls-verify: true') },
  'a cluster that is null': { cluster: '- name: other\n  cluster:' },
  'a cluster that is a list': { cluster: '- name: other\n  cluster: []' },
  'two clusters of one name': { cluster: '- name: test\n  cluster: {server: "https://127.0.0.1:1"}' },
  'a context without a cluster': { context: OTHERS('context', 'user: test') },
  'a context that is null': { context: '- name: other\n  context:' },
  'two contexts of one name': { context: '- name: test\n  context: {cluster: other, user: other}' },
};

const wholes: Record<string, string> = {
  'a comment alone': '# nothing\n',
  'null alone': 'null\n',
  'a list': '[]\n',
  'a text': 'text\n',
  'a document behind an empty one': `---\n---\n${written({})}`,
  'a document before another': `${written({})}---\nkind: Pod\n`,
  'JSON with a key twice':
    '{"users":[{"name":"test","user":{"token":"a","token":"b"}}],"clusters":[{"name":"test","cluster":{"server":"SERVER","insecure-skip-tls-verify":true}}],"contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}],"current-context":"test"}',
  'an alias': written({ user: 'token: &t a\nas: *t' }),
  'a merge that is overwritten': written({ user: '<<: {token: a, as: b}\ntoken: c' }),
  'a merge that overwrites': written({ user: 'token: c\n<<: {token: a, as: b}' }),
};

const inside = (part: keyof Part, content: Record<string, string>): [string, string][] =>
  Object.entries(content).map(([name, text]) => [`${part}: ${name}`, written({ [part]: text })]);

/** The kubeconfigs by what is said of them. */
export const kubeconfigs: readonly (readonly [name: string, text: string])[] = [
  ...inside('user', users),
  ...inside('cluster', clusters),
  ...inside('context', contexts),
  ...inside('more', tops),
  ...Object.entries(wholes).map(([name, text]): [string, string] => [`whole: ${name}`, text]),
  ...Object.entries(others).map(([name, part]): [string, string] => [`beside: ${name}`, written({}, part)]),
];
