import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { delaysOf, delayTable } from '../../test/bed/delay';
import { readSamples } from '../../test/bed/samples';

/** `npm run delay`: how soon the shipped model names what was injected in recordings of real databases, at scrapes of 5 and 15 s. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string', default: 'models/anomaly-detector' } },
  });
  if (positionals.length === 0) throw new Error('needed: one or more folders with a samples.jsonl.gz, of npm run bed');
  await chooseBackend(path.join(__dirname, '..'));
  const { detect } = await DetectorModel.load(await readModelFiles(values.model));
  const recordings = positionals.map((folder) => readSamples(path.join(folder, 'samples.jsonl.gz')));
  const table = [5, 15].map((seconds) => [
    `scrapes of ${seconds} s`,
    delayTable(recordings.flatMap((recording) => delaysOf(recording, seconds * 1000, detect))),
  ]);
  console.log(JSON.stringify(Object.fromEntries(table), undefined, 1));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
