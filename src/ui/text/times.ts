import * as vscode from 'vscode';
import { timeWriter, type TimeWriter } from '../../core/time/dayTime';

let writer: TimeWriter | undefined;

/** The time format of all views, the same as in the panel, in the editor's language. */
export const times = (): TimeWriter => (writer ??= timeWriter(vscode.env.language));
