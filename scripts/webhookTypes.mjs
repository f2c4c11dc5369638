// npm run webhook-types: writes src/core/chaosYaml/webhooks/types.json from Chaos Mesh's own API module, the one that
// test/real/webhooks compiles: the types that the webhooks look into, with the tags by which they check and fill them in.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './host/node24.mjs';
import { buildWebhooks, whyNoGo } from './real/build.mjs';

const TYPES_FILE = path.join(root, 'src/core/chaosYaml/webhooks/types.json');

/** Fields that no webhook looks at or fills in, and that nothing of the kind is in. */
const plain = ({ type, kept, webhook, default: fallback }) =>
  !kept && !webhook && !fallback && /^(any|\*?(string|bool|int|int64|float\d*))$/.test(type);

/** The file's text, from what the program `test/real/webhooks` prints of the module's types. */
function typesText({ kinds, types: all }) {
  const types = Object.fromEntries(
    Object.entries(all).map(([name, { fields, ...rest }]) => [
      name,
      { ...rest, ...(fields ? { fields: fields.filter((field) => !plain(field)) } : {}) },
    ]),
  );
  const lines = (object, line) =>
    Object.keys(object)
      .sort()
      .map((name) => `    ${JSON.stringify(name)}: ${line(object[name])}`)
      .join(',\n');
  return `{
  "kinds": {
${lines(kinds, (one) => JSON.stringify(one))}
  },
  "types": {
${lines(types, (one) => JSON.stringify(one))}
  }
}
`;
}

/** Asks the program for the module's types. */
async function webhookTypes() {
  return JSON.parse(execFileSync(await buildWebhooks(), ['types'], { maxBuffer: 1 << 24 }).toString());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = whyNoGo();
  if (reason) {
    console.error(reason);
    process.exit(1);
  }
  const text = typesText(await webhookTypes());
  // `--check`: only says whether the file is what the module says.
  if (process.argv.includes('--check')) process.exit(readFileSync(TYPES_FILE, 'utf8') === text ? 0 : 1);
  writeFileSync(TYPES_FILE, text);
  console.log(TYPES_FILE);
}
