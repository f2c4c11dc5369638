import { describe, expect, it } from 'vitest';
import { pickStep } from '../../../src/ui/commands/inject/multiStep';
import { window } from '../editor/vscode';

interface Row {
  label: string;
  description?: string;
}
type Listener = (value: never) => void;

const editor = { pick: undefined as never as FakePick };
class FakePick {
  items: readonly Row[] = [];
  selectedItems: readonly Row[] = [];
  canSelectMany = false;
  readonly heard = new Map<string, Listener>();
  readonly onDidTriggerButton = (listener: Listener): void => void this.heard.set('button', listener);
  readonly onDidAccept = (listener: Listener): void => void this.heard.set('accept', listener);
  readonly onDidHide = (listener: Listener): void => void this.heard.set('hide', listener);
  readonly onDidChangeSelection = (listener: Listener): void => void this.heard.set('selection', listener);
  readonly onDidChangeValue = (listener: Listener): void => void this.heard.set('value', listener);
  show(): void {
    editor.pick = this;
  }
  dispose(): void {
    this.heard.clear();
  }
  tell(what: string, value?: unknown): void {
    this.heard.get(what)?.(value as never);
  }
}
window.createQuickPick = () => new FakePick() as never;

const look = { title: 'Inject', step: 2, totalSteps: 5, placeholder: 'Select target pods' };
const rows: Row[] = ['zone1-e82', 'zone1-j42', 'zone2-a79'].map((label) => ({ label, description: label.slice(0, 5) }));
const labels = (): string[] => editor.pick.items.map(({ label }) => label);

describe('the pods of a guided injection', () => {
  it('are found by a part of their name in one piece, and by their zone', () => {
    void pickStep(look, rows, { many: true, exact: true });
    editor.pick.tell('value', 'zone2');
    expect(labels()).toEqual(['zone2-a79']); // not zone1-e82, which has the same letters
    editor.pick.tell('value', 'E82');
    expect(labels()).toEqual(['zone1-e82']);
    editor.pick.tell('value', '');
    expect(labels()).toHaveLength(3);
  });

  it('stay ticked while others are looked for', async () => {
    const done = pickStep(look, rows, { many: true, exact: true });
    const [first] = rows as [Row];
    editor.pick.selectedItems = [first];
    editor.pick.tell('selection', [first]);
    editor.pick.tell('value', 'zone2');
    expect(labels()).toEqual(['zone1-e82', 'zone2-a79']); // what is ticked is to be seen
    expect(editor.pick.selectedItems.map(({ label }) => label)).toEqual(['zone1-e82']);
    editor.pick.tell('accept');
    expect(await done).toMatchObject({ type: 'next', value: [{ label: 'zone1-e82' }] });
  });
});
