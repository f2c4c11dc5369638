import { CLI_COMMANDS, type CliCommand, type CommandName } from './commands';
import { commandAt } from './arguments';
import { OPTIONS, type Option, type OptionName } from './options';

const EVERYWHERE: readonly OptionName[] = ['help', 'version'];

/** The command that shows the help for a command line. */
export function helpCommand(args: readonly string[]): string {
  const command = args[commandAt(args)];
  return ['distdiag', ...(command === undefined ? [] : [command]), '--help'].join(' ');
}

/** What the program can be asked: all commands, or one with its options. */
export function helpOf(command: CommandName | undefined): string {
  if (command === undefined)
    return `Usage: distdiag COMMAND [OPTIONS]

${table(Object.entries(CLI_COMMANDS).map(([name, { takes, summary }]) => [`${name} ${takes}`.trim(), summary]))}

distdiag help COMMAND shows the options of a command, as distdiag COMMAND --help does, and
distdiag --version the version.
`;
  const { takes, summary, options, toStdout = {}, notes }: CliCommand = CLI_COMMANDS[command];
  return `Usage: distdiag ${command} [OPTIONS]${takes === '' ? '' : ` ${takes}`}

${summary[0]?.toUpperCase()}${summary.slice(1)}.

${table([...options, ...(command === 'check' ? [] : (['verbose'] as const)), ...EVERYWHERE].map((name) => optionRow(name, toStdout[name])))}

${notes}
`;
}

/** An option and what it does; `toStdout` says the latter where its value may be left out. */
function optionRow(name: OptionName, toStdout: string | undefined): readonly [string, string] {
  const { value, short, help }: Option = OPTIONS[name];
  const given = value === undefined ? '' : toStdout === undefined ? ` ${value}` : `[=${value}]`;
  return [`${short === undefined ? '' : `-${short}, `}--${name}${given}`, toStdout ?? help];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
