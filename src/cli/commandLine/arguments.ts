import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { nearestWord } from '../../core/chaosYaml/findings';
import { CLI_COMMANDS, CONNECTION, type CliCommand, type CommandName } from './commands';
import { OPTIONS, type Option, type OptionName } from './options';

/** All options with their defaults. */
export type CliOptions = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

/** The command line as it was read. */
export interface CommandLine {
  command: CommandName | undefined;
  files: string[];
  options: CliOptions;
}

/** The file that stands for standard output. */
export const STDOUT = '-';

/** The options that name a file of results. */
export const REPORTS = ['junit', 'json', 'html'] as const;

/** Reads a command line; throws TypeError for what is not known, and for what the command does not take. */
export function readArguments(given: readonly string[]): CommandLine {
  const args = withStdout(given);
  refuseUnknown(args);
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    tokens: true,
  });
  const [name, ...files] = positionals;
  if (name === 'help') return readHelp(files, values);
  const help = values.help || values.version;
  if (name === undefined && !help && args.length > 0) throw new TypeError('Name a command.');
  if (name !== undefined && !isCommand(name)) throw noCommand(name);
  if (!/^[1-9]\d{0,2}$/.test(values.step)) throw new TypeError('--step takes whole seconds from 1 to 999.');
  const line = { command: name, files, options: values };
  if (help || name === undefined) return line;
  const taken = new Set<string>(optionsOf([name]));
  const other = tokens.find((token) => token.kind === 'option' && !taken.has(token.name));
  if (other?.kind === 'option') throw new TypeError(`${name} takes no ${other.rawName}.`);
  const wantsFiles = CLI_COMMANDS[name].takes.startsWith('FILE');
  if (wantsFiles && files.length === 0) throw new TypeError(`${name} needs at least one file.`);
  if (!wantsFiles && files.length > 0) throw new TypeError(`${name} takes no "${files[0]}".`);
  if (name === 'stop' && !values.all) throw new TypeError('stop needs --all.');
  if (name === 'mcp' && values['allow-inject'] && values.context === '')
    throw new TypeError('mcp --allow-inject needs --context: the current context of a kubeconfig may change.');
  refuseLists(values);
  refuseTogether(name, values);
  refuseOverwriting(files, values);
  return line;
}

/** A list would be taken for one name, and protect nothing. */
function refuseLists(values: CliOptions): void {
  for (const option of ['protect-context', 'protect-namespace'] as const)
    if (values[option].some((name) => name.includes(',')))
      throw new TypeError(`--${option} takes one name or pattern. Give it once for each.`);
}

/** Reads what follows `help`, which asks for the same as `--help` behind it. */
function readHelp([name, more]: readonly string[], options: CliOptions): CommandLine {
  if (more !== undefined) throw new TypeError(`help takes no "${more}".`);
  const help = { ...options, help: true };
  if (name === undefined || name === 'help') return { command: undefined, files: [], options: help };
  if (!isCommand(name)) throw noCommand(name);
  return { command: name, files: [], options: help };
}

const noCommand = (name: string): TypeError =>
  new TypeError(`"${name}" is not a command.${didYouMean(name, [...Object.keys(CLI_COMMANDS), 'help'])}`);

/** The options that were given, as arguments: to be said again to another command on the same cluster. */
export function argumentsOf(options: CliOptions, names: readonly OptionName[]): string[] {
  return names.flatMap((name) => {
    const value = options[name];
    const usual = (OPTIONS[name] as Option).default;
    return typeof value === 'string' && value !== '' && value !== usual ? [`--${name}`, value] : [];
  });
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(CLI_COMMANDS, name);

/** Where the command is in a command line; -1 where there is none. What stands behind an option may be its value. */
export const commandAt = (args: readonly string[]): number =>
  args.findIndex((one, i) => isCommand(one) && !takesNext(args[i - 1] ?? ''));

function takesNext(arg: string): boolean {
  const name = arg.slice(2);
  return arg.startsWith('--') && Object.hasOwn(OPTIONS, name) && needsValue(name as OptionName);
}

/** In every command that takes it. */
const needsValue = (name: OptionName): boolean =>
  OPTIONS[name].type === 'string' &&
  !Object.values(CLI_COMMANDS).some(({ toStdout = {} }: CliCommand) => Object.hasOwn(toStdout, name));

/**
 * Says that an option means standard output where its file is left out. Among files to read, a file of its own has to
 * be joined to it by "=": it could not be told from them.
 */
function withStdout(args: readonly string[]): string[] {
  const at = commandAt(args);
  const name = args[at];
  if (name === undefined || !isCommand(name)) return [...args];
  const { takes, toStdout = {} }: CliCommand = CLI_COMMANDS[name];
  const said: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === '--') return [...said, ...args.slice(i)];
    if (!arg.startsWith('--') || !Object.hasOwn(toStdout, arg.slice(2))) {
      said.push(arg);
      continue;
    }
    const next = args[i + 1];
    const isFile = next === STDOUT || (takes === '' && next !== undefined && i + 1 !== at && !next.startsWith('-'));
    said.push(`${arg}=${isFile ? next : STDOUT}`);
    if (isFile) i += 1;
  }
  return said;
}

/** Before Node's parser does, whose text speaks to programmers. */
function refuseUnknown(args: readonly string[]): void {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (Object.hasOwn(OPTIONS, token.name)) {
      if (OPTIONS[token.name as OptionName].type !== 'string') continue;
      const { value, inlineValue } = token;
      // An empty value comes from a variable that is not set: it would protect nothing, or choose another context.
      if (value !== undefined && value.trim() !== '' && (inlineValue || !value.startsWith('--'))) continue;
      const command = args[commandAt(args)];
      throw new TypeError(
        command === undefined || optionsOf(args).includes(token.name)
          ? `${token.rawName} needs a value.`
          : `${command} takes no ${token.rawName}.`,
      );
    } else if (token.rawName !== '-h')
      throw new TypeError(
        `Unknown option ${token.rawName}.${didYouMean(
          token.rawName,
          optionsOf(args).map((one) => `--${one}`),
        )}`,
      );
  }
}

/** What makes no sense together. */
function refuseTogether(command: CommandName, options: CliOptions): void {
  for (const name of REPORTS) {
    const file = options[name];
    if (file === undefined) continue;
    if (options['dry-run'])
      throw new TypeError(`--dry-run injects nothing, so there are no results to write: leave out --${name}.`);
    // It would be lost: a test that was meant to be run or checked.
    if (/\.ya?ml$/i.test(file))
      throw new TypeError(`--${name} would overwrite the YAML file ${file}: name another file.`);
    if (file !== STDOUT) continue;
    if (command === 'run')
      throw new TypeError(`--${name} needs a file: standard output has the progress of the tests.`);
    if (options.watch) throw new TypeError(`--${name} needs a file with --watch: standard output has the changes.`);
  }
  if (options['dry-run'] && options.force) throw new TypeError('--dry-run injects nothing: leave out --force.');
}

/** A result must not take the place of what is read, nor of another result. */
function refuseOverwriting(files: readonly string[], options: CliOptions): void {
  const taken = new Set([...files, options.kubeconfig].filter((file) => file !== '').map(placeOf));
  for (const name of REPORTS) {
    const file = options[name];
    if (file === undefined || file === STDOUT) continue;
    if (taken.has(placeOf(file))) throw new TypeError(`--${name} would overwrite ${file}: name another file.`);
    taken.add(placeOf(file));
  }
}

/** Where a file is, whichever links lead to it. */
function placeOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

/** What the command takes; everything where none is named. */
const optionsOf = (args: readonly string[]): string[] => {
  const name = args[commandAt(args)];
  if (name === undefined || !isCommand(name)) return Object.keys(OPTIONS);
  return [...CLI_COMMANDS[name].options, ...(name === 'check' ? [] : CONNECTION), 'help', 'version'];
};

function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearestWord(name, known);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}
