import { describe, expect, it } from 'vitest';
import { argumentsOf, readArguments } from '../../../src/cli/commandLine/arguments';
import { CLI_COMMANDS, type CliCommand, type CommandName } from '../../../src/cli/commandLine/commands';
import { prometheusWay } from '../../../src/cli/credentials';
import { helpCommand, helpOf } from '../../../src/cli/commandLine/help';
import { errorLine, inOptions, startedAs } from '../../../src/cli/words';
import { AppError } from '../../../src/core/base/errors';

const options = (...args: string[]) => readArguments(['diagnose', ...args]).options;

describe('a command line', () => {
  it.each<[string[], string]>([
    [['rn', 'a.yaml'], '"rn" is not a command. Did you mean run?'],
    [['run'], 'run needs at least one file.'],
    [['diagnose', 'a.yaml'], 'diagnose takes no "a.yaml".'],
    [['check', 'a.yaml', '--junit', 'x'], 'check takes no --junit.'],
    [['run', 'a.yaml', '--allow-inject'], 'run takes no --allow-inject.'],
    [['check', 'a.yaml', '--jsn'], 'Unknown option --jsn. Did you mean --json?'],
    [['run', 'a.yaml', '--dryrun'], 'Unknown option --dryrun. Did you mean --dry-run?'],
    [['check', 'a.yaml', '--dry-run'], 'check takes no --dry-run.'],
    [['stop', '--all', '--json'], 'stop takes no --json.'],
    [['run', 'a.yaml', '--jsn'], 'Unknown option --jsn. Did you mean --json?'],
    [['check', 'a.yaml', '--nothing-like-it'], 'Unknown option --nothing-like-it.'],
    [['run', 'a.yaml', '--json'], '--json needs a value.'],
    [['run', 'a.yaml', '--json='], '--json needs a value.'],
    [['run', 'a.yaml', '--context', ''], '--context needs a value.'],
    [['run', 'a.yaml', '--protect-context='], '--protect-context needs a value.'],
    [
      ['run', 'a.yaml', '--protect-context', 'live,prod'],
      '--protect-context takes one name or pattern. Give it once for each.',
    ],
    [['mcp', '--allow-inject'], 'mcp --allow-inject needs --context: the current context of a kubeconfig may change.'],
    [['run', 'a.yaml', '--json', '--html', 'p.html'], '--json needs a value.'],
    [['check', 'a.yaml', '--json='], '--json needs a value.'],
    [['run', 'a.yaml', '--context', '--force'], '--context needs a value.'],
    [['stop'], 'stop needs --all.'],
    [['run', 'a.yaml', '--step', '0'], '--step takes whole seconds from 1 to 999.'],
    [['--kubeconfig', 'x'], 'Name a command.'],
    [['hlp'], '"hlp" is not a command. Did you mean help?'],
    [['help', 'rn'], '"rn" is not a command. Did you mean run?'],
    [['help', 'run', 'check'], 'help takes no "check".'],
  ])('%j is refused in words that say what to do', (args, why) => {
    expect(() => readArguments(args)).toThrow(new TypeError(why));
  });

  it('takes JSON without a file as JSON on standard output, where no file of it could be meant', () => {
    const read = (...args: string[]) => {
      const { files, options: given } = readArguments(args);
      return [given.json, ...files];
    };
    expect(read('check', 'a.yaml', '--json')).toEqual(['-', 'a.yaml']);
    expect(read('--json', 'check', 'a.yaml')).toEqual(['-', 'a.yaml']);
    // Of two files nobody could tell which is to be written.
    expect(read('check', '--json', 'a.yaml', 'b.yaml')).toEqual(['-', 'a.yaml', 'b.yaml']);
    expect(read('check', '--json', '-', 'a.yaml', '--label', 'x')).toEqual(['-', 'a.yaml']);
    expect(read('check', 'a.yaml', '--json=out.json')).toEqual(['out.json', 'a.yaml']);
    expect(read('check', '--json', '--', '--json')).toEqual(['-', '--json']);
    for (const name of ['experiments', 'diagnose']) {
      expect(read(name, '--json')).toEqual(['-']);
      expect(read('--json', name)).toEqual(['-']);
      expect(read(name, '--json', '--context', 'check')).toEqual(['-']);
      expect(read('--context', 'check', name, '--json', 'out.json')).toEqual(['out.json']);
    }
    expect(read('run', '--json', 'out.json', 'a.yaml')).toEqual(['out.json', 'a.yaml']);
  });

  it.each<[string[], string]>([
    [['run', '--json', 'a.yaml', 'b.yaml'], '--json would overwrite the YAML file a.yaml: name another file.'],
    [['run', 'a.yaml', '--junit', 'b.YML'], '--junit would overwrite the YAML file b.YML: name another file.'],
    [['check', 'chaos.json', '--json=./chaos.json'], '--json would overwrite ./chaos.json: name another file.'],
    [['run', 'a.yaml', '--kubeconfig', 'k', '--junit', 'k'], '--junit would overwrite k: name another file.'],
    [['run', 'a.yaml', '--json', 'r', '--html', './r'], '--html would overwrite ./r: name another file.'],
    [['check', 'a.yaml', '--json=b.yaml'], '--json would overwrite the YAML file b.yaml: name another file.'],
    [['run', 'a.yaml', '--html', '-'], '--html needs a file: standard output has the progress of the tests.'],
    [['diagnose', '--watch', '--json'], '--json needs a file with --watch: standard output has the changes.'],
    [['run', 'a.yaml', '--dry-run', '--force'], '--dry-run injects nothing: leave out --force.'],
    ...['junit', 'json', 'html'].map((name): [string[], string] => [
      ['run', 'a.yaml', '--dry-run', `--${name}`, 'x'],
      `--dry-run injects nothing, so there are no results to write: leave out --${name}.`,
    ]),
  ])('%j is refused before anything is read or written', (args, why) => {
    expect(() => readArguments(args)).toThrow(new TypeError(why));
  });

  it('takes what says where the cluster is at every command that needs one', () => {
    const where = ['--kubeconfig', 'k', '--prometheus', 'http://p', '--step', '5', '--protect-context', 'prod*'];
    for (const name of ['diagnose', 'experiments', 'mcp']) expect(readArguments([...where, name]).command).toBe(name);
    expect(() => readArguments(['check', 'a.yaml', ...where])).toThrow('check takes no --kubeconfig.');
  });

  it('knows no option for a secret', () => {
    for (const name of ['token', 'password', 'username', 'prometheus-token', 'prometheus-password'])
      expect(() => options(`--${name}`, 'x')).toThrow(/Unknown option/);
  });

  it('says the same cluster again to another command', () => {
    const { options: given } = readArguments([
      'run',
      'a',
      '--context',
      'staging',
      '--namespace',
      'oceanbase',
      '--label',
      'a=b',
    ]);
    expect(argumentsOf(given, ['kubeconfig', 'context', 'namespace', 'label'])).toEqual([
      '--context',
      'staging',
      '--label',
      'a=b',
    ]);
  });
});

describe('the help', () => {
  it('is shown by "help" as by --help', () => {
    const asked = (...args: string[]) => {
      const { command, options: given } = readArguments(args);
      return [command, given.help];
    };
    expect(asked('help')).toEqual([undefined, true]);
    expect(asked('help', 'help')).toEqual([undefined, true]);
    expect(asked('help', 'run')).toEqual(['run', true]);
    expect(asked('help', 'check', '--help')).toEqual(['check', true]);
    expect(asked('check', 'help')).toEqual(['check', false]);
  });

  it('names every command, and of each its options and exit codes', () => {
    const all = helpOf(undefined);
    for (const name of Object.keys(CLI_COMMANDS) as CommandName[]) {
      expect(all).toContain(`\n  ${name}`);
      const help = helpOf(name);
      const { toStdout = {} }: CliCommand = CLI_COMMANDS[name];
      for (const option of CLI_COMMANDS[name].options)
        expect(help).toContain(Object.hasOwn(toStdout, option) ? `--${option}[=FILE] ` : `--${option} `);
      if (name !== 'mcp') expect(help).toContain('Exit codes: 0');
      expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThan(130);
    }
  });
});

it('the help of the command that was meant is named', () => {
  expect(helpCommand(['check', '--jsn'])).toBe('distdiag check --help');
  expect(helpCommand(['rn'])).toBe('distdiag --help');
  expect(helpCommand(['--namespace', 'run', 'check', '--jsn'])).toBe('distdiag check --help');
});

describe('credentials for Prometheus', () => {
  const url = ['--prometheus', 'https://prom.example'];

  it('come from the environment, for the server that is named', () => {
    const secrets = { DISTDIAG_PROMETHEUS_TOKEN: 's3cret' };
    expect(prometheusWay(options(...url), secrets)).toMatchObject({ auth: { token: 's3cret' }, warnings: [] });
    const found = prometheusWay(options(), secrets);
    expect(JSON.stringify(found)).not.toContain('s3cret');
    expect(found.warnings.join()).toContain('--prometheus URL');
  });

  it('are a name with a password, or neither', () => {
    const both = { DISTDIAG_PROMETHEUS_USERNAME: 'me', DISTDIAG_PROMETHEUS_PASSWORD: ' p ' };
    expect(prometheusWay(options(...url), both).auth).toMatchObject({ username: 'me', password: ' p ' });
    expect(() => prometheusWay(options(...url), { DISTDIAG_PROMETHEUS_PASSWORD: 'p' })).toThrow('set both');
  });

  it('are warned of where anybody on the way can read them, without being printed', () => {
    const { warnings } = prometheusWay(options('--prometheus', 'http://prom.example'), {
      DISTDIAG_PROMETHEUS_TOKEN: 's3cret',
    });
    expect(warnings.join()).toContain('plain http');
    expect(warnings.join()).not.toContain('s3cret');
  });
});

it('errors name options, where the editor would name settings and commands', () => {
  expect(
    errorLine(
      new AppError('notFound', 'No pods.', {
        hint: 'Check distdiag.target.namespace and distdiag.target.labelSelector.',
      }),
    ),
  ).toBe('No pods. Check --namespace and --label.');
  expect(
    inOptions('Set a token or a password: DistDiag: Set Prometheus Token, DistDiag: Set Prometheus Password.'),
  ).toBe(
    'Set a token or a password: DISTDIAG_PROMETHEUS_TOKEN, or DISTDIAG_PROMETHEUS_USERNAME and DISTDIAG_PROMETHEUS_PASSWORD.',
  );
  expect(inOptions('Choose another with DistDiag: Choose Prometheus.')).toBe('Choose another with --prometheus URL.');
  expect(inOptions('The context "a" is protected by the setting distdiag.protectedContexts.')).toBe(
    'The context "a" is protected by --protect-context.',
  );
  expect(inOptions('The namespace "a" is protected by the setting distdiag.protectedNamespaces.')).toBe(
    'The namespace "a" is protected (kube-system, kube-public, chaos-mesh and --protect-namespace).',
  );
  expect(inOptions('Run DistDiag: Show Missing Permissions for the role to request.')).toBe(
    'Run “DistDiag: Show Missing Permissions” in VS Code for the role to request.',
  );
});

it('the program is named as it was started', () => {
  expect(startedAs('/usr/local/bin/distdiag', '/work')).toBe('distdiag');
  expect(startedAs('/work/dist/cli/distdiag.js', '/work')).toBe('node dist/cli/distdiag.js');
  expect(startedAs('/my tools/distdiag.js', '/work')).toBe("node '/my tools/distdiag.js'");
});
