import * as vscode from 'vscode';

/** The result of a step: continue with a value, go back, or cancel. */
export type StepResult<T> = { type: 'next'; value: T } | { type: 'back' } | { type: 'cancel' };

/** The appearance of a step. */
export interface StepOptions {
  title: string;
  step: number;
  totalSteps: number;
  placeholder: string;
  buttons?: readonly vscode.QuickInputButton[];
}

/** One step with a list. `check` may refuse a choice with a reason. */
export function pickStep<T extends vscode.QuickPickItem>(
  look: StepOptions,
  items: readonly T[],
  options: { many?: boolean; selected?: readonly T[]; active?: T; exact?: boolean } = {},
): Promise<StepResult<T[]>> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = look.title;
  pick.step = look.step;
  pick.totalSteps = look.totalSteps;
  pick.placeholder = look.placeholder;
  pick.canSelectMany = options.many ?? false;
  pick.items = items;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  if (options.selected) pick.selectedItems = options.selected;
  if (options.exact) filterExactly(pick, items);
  if (options.active) pick.activeItems = [options.active];
  pick.buttons = look.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const finish = (result: StepResult<T[]>): void => {
      resolve(result);
      pick.dispose();
    };
    pick.onDidTriggerButton(() => finish({ type: 'back' }));
    pick.onDidAccept(() => {
      if (pick.selectedItems.length > 0) finish({ type: 'next', value: [...pick.selectedItems] });
      else if (pick.canSelectMany) {
        pick.value = '';
        pick.placeholder = vscode.l10n.t('Select at least one (Space), then press Enter');
      }
    });
    pick.onDidHide(() => finish({ type: 'cancel' }));
    pick.show();
  });
}

/**
 * Keeps the rows that contain the typed text as a whole. The editor's own filter matches scattered letters: for `zone2` it
 * shows `zone1-e82` first. Checked rows stay checked while they are filtered out.
 */
function filterExactly<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T>, items: readonly T[]): void {
  const ticked = new Set<T>(pick.selectedItems);
  pick.onDidChangeSelection((selected) => {
    for (const item of pick.items) if (!selected.includes(item)) ticked.delete(item);
    for (const item of selected) ticked.add(item);
  });
  pick.onDidChangeValue((value) => {
    const kept = new Set(ticked);
    pick.items = items
      .filter((item) => kept.has(item) || fits(item, value))
      .map((item) => Object.assign(item, { alwaysShow: true }));
    pick.selectedItems = pick.items.filter((item) => kept.has(item));
  });
}

/** True if a row's label or description contains the text, ignoring case. */
function fits({ label, description = '' }: vscode.QuickPickItem, value: string): boolean {
  return `${label} ${description}`.toLowerCase().includes(value.trim().toLowerCase());
}

/** One step with a text. */
export function inputStep(
  look: StepOptions,
  value: string,
  validate: (text: string) => string | undefined,
): Promise<StepResult<string>> {
  const input = vscode.window.createInputBox();
  input.title = look.title;
  input.step = look.step;
  input.totalSteps = look.totalSteps;
  input.prompt = look.placeholder;
  input.value = value;
  input.ignoreFocusOut = true;
  input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    const finish = (result: StepResult<string>): void => {
      resolve(result);
      input.dispose();
    };
    input.onDidTriggerButton(() => finish({ type: 'back' }));
    input.onDidChangeValue((text) => (input.validationMessage = validate(text) ?? ''));
    input.onDidAccept(() => {
      const problem = validate(input.value);
      if (problem) input.validationMessage = problem;
      else finish({ type: 'next', value: input.value });
    });
    input.onDidHide(() => finish({ type: 'cancel' }));
    input.show();
  });
}
