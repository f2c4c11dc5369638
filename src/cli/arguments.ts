import { parseArgs } from 'node:util';
import { nearestWord } from '../core/chaosYaml/findings';
import { CLI_COMMANDS, CONNECTION, type CommandName } from './commands';
import { OPTIONS, type OptionName } from './options';

/** All options with their defaults. */
export type CliOptions = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

/** The command line as it was read. */
export interface CommandLine {
  command: CommandName | undefined;
  files: string[];
  options: CliOptions;
}

/** Reads a command line; throws TypeError for what is not known, and for what the command does not take. */
export function readArguments(args: readonly string[]): CommandLine {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    tokens: true,
  });
  const [name, ...files] = positionals;
  const help = values.help || values.version;
  if (name === undefined && !help && args.length > 0) throw new TypeError('Name a command.');
  if (name !== undefined && !isCommand(name)) throw new TypeError(`"${name}" is not a command.${didYouMean(name)}`);
  if (!/^[1-9]\d{0,2}$/.test(values.step)) throw new TypeError('--step takes whole seconds from 1 to 999.');
  const line = { command: name, files, options: values };
  if (help || name === undefined) return line;
  const taken = new Set<string>([...CLI_COMMANDS[name].options, ...(name === 'check' ? [] : CONNECTION)]);
  const other = tokens.find((token) => token.kind === 'option' && !taken.has(token.name));
  if (other?.kind === 'option') throw new TypeError(`${name} takes no ${other.rawName}.`);
  const wantsFiles = CLI_COMMANDS[name].takes.startsWith('FILE');
  if (wantsFiles && files.length === 0) throw new TypeError(`${name} needs at least one file.`);
  if (!wantsFiles && files.length > 0) throw new TypeError(`${name} takes no "${files[0]}".`);
  if (name === 'stop' && !values.all) throw new TypeError('stop needs --all.');
  return line;
}

/** The options that were given, as arguments: to be said again to another command on the same cluster. */
export function argumentsOf(options: CliOptions, names: readonly OptionName[]): string[] {
  return names.flatMap((name) => {
    const value = options[name];
    const usual = (OPTIONS[name] as { default?: unknown }).default;
    return typeof value === 'string' && value !== '' && value !== usual ? [`--${name}`, value] : [];
  });
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(CLI_COMMANDS, name);

function didYouMean(name: string): string {
  const meant = nearestWord(name, Object.keys(CLI_COMMANDS));
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}
