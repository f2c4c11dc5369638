/** Rows as a file by RFC 4180. A cell that begins like a formula would be one in a spreadsheet: it is quoted as text there. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

const NUMBER = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
